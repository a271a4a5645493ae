import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildGraph } from '../graph/build-graph';
import type { Graph } from '../graph/graph';
import { mermaid } from '../graph/mermaid';
import { svg } from '../graph/svg';
import { visible } from '../graph/text';
import { ExitCode } from './exit-code';
import { GRAPH_HELP } from './graph-help';
import { misused } from './misused';
import { readObjects } from './read-objects';

/** `meshvm graph`. */
export function graphCommand(args: readonly string[]): ExitCode {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('graph', request);
  const { values, positionals, draw } = request;
  if (values.help) {
    process.stdout.write(GRAPH_HELP);
    return ExitCode.DONE;
  }
  const { objects, problems } = readObjects(positionals, values.recursive ?? false);
  if (problems.length > 0) return failed(problems);
  const { namespace, title, 'root-namespace': rootNamespace } = values;
  const graph = buildGraph(objects, { namespace, title, rootNamespace });
  if (values.output === undefined) process.stdout.write(draw(graph));
  else {
    try {
      writeFileSync(values.output, draw(graph));
    } catch (error) {
      return failed([`${values.output} can't be written: ${messageOf(error)}`]);
    }
  }
  for (const note of graph.notes) process.stderr.write(`meshvm graph: ${visible(note)}\n`);
  return ExitCode.DONE;
}

const FORMATS: ReadonlyMap<string, (graph: Graph) => string> = new Map([
  ['mermaid', mermaid],
  ['svg', svg],
]);

const OPTIONS = {
  format: { type: 'string', short: 'f' },
  output: { type: 'string', short: 'o' },
  recursive: { type: 'boolean', short: 'R' },
  namespace: { type: 'string', short: 'n' },
  'root-namespace': { type: 'string' },
  title: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  const parsed = parse(args);
  if (typeof parsed === 'string') return parsed;
  const { values, positionals } = parsed;
  const format = values.format ?? (/\.svg$/i.test(values.output ?? '') ? 'svg' : 'mermaid');
  const draw = FORMATS.get(format);
  if (!draw) return `--format is ${JSON.stringify(format)}; it may be ${[...FORMATS.keys()].join(' or ')}`;
  if (positionals.length === 0 && !values.help) return 'name files or folders to draw, or - for standard input';
  return { values, positionals, draw };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return messageOf(error);
  }
}

function failed(problems: readonly string[]): ExitCode {
  process.stderr.write(`${problems.join('\n')}\n`);
  return ExitCode.INPUT;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
