import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import { examine } from '../cluster/examine';
import type { Finding } from '../cluster/finding';
import type { Dial, Lookup } from '../cluster/way-to-istiod';
import { visible } from '../graph/text';
import { DOCTOR_HELP } from './doctor-help';
import { ExitCode } from './exit-code';
import { askBy, NoCluster } from './kubectl';
import { misused } from './misused';
import { readObjects } from './read-objects';

/** `meshvm doctor`. */
export async function doctorCommand(args: readonly string[]): Promise<ExitCode> {
  const request = requestOf(args);
  if (typeof request === 'string') return misused('doctor', request);
  const { values, positionals } = request;
  if (values.help) {
    process.stdout.write(DOCTOR_HELP);
    return ExitCode.DONE;
  }
  const { objects, problems } = readObjects(positionals, values.recursive ?? false);
  if (problems.length > 0) return failed(problems);
  try {
    const findings = await examine(objects, { ask: askBy(values), lookup: addressesOf, dial }, values.group);
    if (values.json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
    else process.stdout.write(report(findings, objects.length));
    return findings.some(({ level }) => level === 'wrong') ? ExitCode.INPUT : ExitCode.DONE;
  } catch (error) {
    if (!(error instanceof NoCluster)) throw error;
    return failed([error.message]);
  }
}

const OPTIONS = {
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  group: { type: 'string' },
  recursive: { type: 'boolean', short: 'R' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is asked for, or what is wrong with how it is asked. */
function requestOf(args: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const { values, positionals } = parsed;
    if (values.help) return parsed;
    // The agent on machines has a command of the same name, which takes no files.
    if (positionals.length === 0)
      return 'name the files or folders of synthesized YAML; to see what a machine lacks, run "sudo meshvm doctor" on a machine of the mesh';
    if (values.group !== undefined && !/^[^/]+\/[^/]+$/.test(values.group))
      return `--group is ${JSON.stringify(values.group)}; write it as namespace/name`;
    return parsed;
  } catch (error) {
    return (error as Error).message;
  }
}

const addressesOf: Lookup = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

const dial: Dial = (host, port, servername) =>
  new Promise((resolve, reject) => {
    // Who answers is what is asked here; nothing is sent to them.
    const socket = connect({ host, port, servername, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const names = (socket.getPeerCertificate().subjectaltname ?? '').split(', ');
      socket.destroy();
      resolve(names.filter((each) => each.startsWith('DNS:')).map((each) => each.slice('DNS:'.length)));
    });
  });

const PATIENCE_MS = 5000;

function report(findings: readonly Finding[], objects: number): string {
  const lines = findings.map(({ level, subject, text }) => `${MARKS[level]}  ${visible(subject)}: ${visible(text)}`);
  const wrong = findings.filter(({ level }) => level === 'wrong').length;
  const sum = wrong === 0 ? 'as the files say' : `${wrong} thing${wrong === 1 ? '' : 's'} to mend`;
  return `${[...lines, `${objects} objects looked at: ${sum}`].join('\n')}\n`;
}

const MARKS = { wrong: 'wrong', note: ' note' } as const;

function failed(problems: readonly string[]): ExitCode {
  process.stderr.write(
    `${problems
      .flatMap((problem) => problem.split('\n'))
      .map(visible)
      .join('\n')}\n`,
  );
  return ExitCode.INPUT;
}
