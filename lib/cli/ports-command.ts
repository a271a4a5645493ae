import { parseArgs } from 'node:util';
import { portAws, portNft, portText } from '../cluster/files/port-rules';
import { type PortPlace, portTable } from '../cluster/port-table';
import { visible } from '../graph/text';
import { ExitCode } from './exit-code';
import { misused } from './misused';
import { PORTS_HELP } from './ports-help';
import { readObjects } from './read-objects';

/** `meshvm ports`. */
export function portsCommand(args: readonly string[]): ExitCode {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('ports', request);
  const { values, positionals, print } = request;
  if (values.help) {
    process.stdout.write(PORTS_HELP);
    return ExitCode.DONE;
  }
  const { objects, problems } = readObjects(positionals, values.recursive ?? false);
  if (problems.length > 0) return failed(problems);
  const { group } = values;
  const places = portTable(objects).filter(
    ({ kind, name }) => group === undefined || (kind === 'machines' && name === group),
  );
  if (places.length === 0) {
    return failed([
      `${positionals.join(', ')}: there is ${group === undefined ? 'neither a WorkloadGroup nor a gateway' : `no WorkloadGroup ${group}`} in there`,
    ]);
  }
  process.stdout.write(print(places).split('\n').map(visible).join('\n'));
  return ExitCode.DONE;
}

const FORMATS: ReadonlyMap<string, (places: readonly PortPlace[]) => string> = new Map([
  ['text', portText],
  ['json', (places) => `${JSON.stringify(places, undefined, 2)}\n`],
  ['nft', portNft],
  ['aws', portAws],
]);

const OPTIONS = {
  format: { type: 'string', short: 'f' },
  group: { type: 'string' },
  recursive: { type: 'boolean', short: 'R' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const print = FORMATS.get(values.format ?? 'text');
    if (print === undefined)
      return `--format is ${JSON.stringify(values.format)}; it may be ${[...FORMATS.keys()].join(', ')}`;
    if (positionals.length === 0 && !values.help)
      return 'name the files or folders of synthesized YAML, or - for standard input';
    return { values, positionals, print };
  } catch (error) {
    return (error as Error).message;
  }
}

function failed(problems: readonly string[]): ExitCode {
  process.stderr.write(`${problems.map(visible).join('\n')}\n`);
  return ExitCode.INPUT;
}
