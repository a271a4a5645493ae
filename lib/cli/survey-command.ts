import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { visible } from '../graph/text';
import { fleetProgram } from '../survey/files/fleet-program';
import { surveyProgram } from '../survey/program';
import { readSurveys } from '../survey/read-survey';
import { ExitCode } from './exit-code';
import { misused } from './misused';
import { SURVEY_HELP } from './survey-help';

/** `meshvm survey`. */
export function surveyCommand(args: readonly string[]): ExitCode {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('survey', request);
  const { values, positionals } = request;
  if (values.help) {
    process.stdout.write(SURVEY_HELP);
    return ExitCode.DONE;
  }
  if (values['print-program']) return write(surveyProgram(), values.output, values.force);
  const { answers, problems: unread } = readAnswers(positionals);
  const { surveys, problems } = readSurveys(answers);
  if (unread.length + problems.length > 0) return failed([...unread, ...problems]);
  return write(fleetProgram(surveys), values.output, values.force);
}

const OPTIONS = {
  'print-program': { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  const parsed = parse(args);
  if (typeof parsed === 'string' || parsed.values.help) return parsed;
  const { values, positionals } = parsed;
  if (values['print-program']) {
    return positionals.length > 0 ? '--print-program takes no answers: it prints what makes them' : parsed;
  }
  if (positionals.length === 0) return 'name the answers of machines, or ask for --print-program, which makes them';
  const twice = positionals.find((path, index) => positionals.indexOf(path) !== index);
  return twice === undefined ? parsed : `${JSON.stringify(twice)} is named twice`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return messageOf(error);
  }
}

function readAnswers(paths: readonly string[]) {
  const answers: (readonly [string, string])[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    try {
      answers.push([path, readFileSync(path === '-' ? 0 : path, 'utf8')]);
    } catch (error) {
      problems.push(`${path} can't be read: ${messageOf(error)}; check the path and its permissions`);
    }
  }
  return { answers, problems };
}

function write(text: string, output: string | undefined, force = false): ExitCode {
  if (output === undefined) {
    process.stdout.write(text);
    return ExitCode.DONE;
  }
  try {
    // A program that was made before may have been worked on since.
    writeFileSync(output, text, { flag: force ? 'w' : 'wx' });
    return ExitCode.DONE;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return failed([
      isThere
        ? `${output} is there; choose another name, or --force to replace it`
        : `${output} can't be written: ${messageOf(error)}`,
    ]);
  }
}

function failed(problems: readonly string[]): ExitCode {
  process.stderr.write(`${problems.map(visible).join('\n')}\n`);
  return ExitCode.INPUT;
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}
