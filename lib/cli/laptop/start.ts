import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { envoyFiles } from '../../standalone/envoy/files';
import { hostsBlock } from '../../standalone/envoy/hosts-block';
import { listenPorts } from '../../standalone/envoy/listen-ports';
import type { EnvoySpec } from '../../standalone/envoy/spec';
import { validate } from '../envoy-program';
import { ExitCode } from '../exit-code';
import { writeFiles } from '../write-files';
import { checkCertificates } from './certificates';
import { HostsChange, setHostsBlock } from './hosts';
import { calls, howToAddHosts, howToRemoveHosts, lastLines, say, warn } from './messages';
import type { LaptopPaths } from './paths';
import { isAlive, type ProcessId, processOf, terminate } from './processes';
import { claim, readState, removeState, writeState } from './state';

/** What is started, and how. */
export interface StartRequest {
  readonly spec: EnvoySpec;
  readonly paths: LaptopPaths;
  readonly envoy: string;
  /** The hosts file; undefined where none shall be written. */
  readonly hosts: string | undefined;
  readonly foreground: boolean;
}

/** `meshvm laptop start`. Whatever keeps Envoy from running leaves nothing behind but its files. */
export async function startLaptop(request: StartRequest): Promise<ExitCode> {
  const { spec, paths, envoy } = request;
  const running = readState(paths)?.process;
  if (running !== undefined && isAlive(running)) return alreadyRuns(spec, running);
  const { problems, daysLeft } = checkCertificates(spec, new Date());
  if (problems.length > 0) return failed(problems);
  const refusal = validate(envoy, spec);
  if (refusal !== undefined) return failed([refusal]);
  const other = claim(paths);
  if (other !== undefined) return alreadyRuns(spec, other);
  const written = writeFiles(spec.directory, envoyFiles(spec));
  if (written.problems.length > 0) {
    removeState(paths);
    return failed(written.problems);
  }
  say(`the certificate of ${spec.identity} is good for ${daysLeft} more days`);
  return request.foreground ? inForeground(request) : inBackground(request);
}

async function inBackground(request: StartRequest): Promise<ExitCode> {
  const { spec, paths } = request;
  if (existsSync(paths.log)) renameSync(paths.log, `${paths.log}.old`);
  const log = openSync(paths.log, 'w', 0o600);
  const child = run(request, ['ignore', log, log], true);
  closeSync(log);
  const id = await ready(child, paths);
  if (id === undefined) {
    removeState(paths);
    return failed([`Envoy does not run. Its last lines:\n${lastLines(paths.log)}${portsHint(spec, paths)}`]);
  }
  child.unref();
  const trouble = settle(request, id);
  if (trouble !== undefined) {
    await cleanUp(spec.name, paths, undefined);
    return failed([trouble]);
  }
  say(`Envoy runs (process ${id.pid}). ${calls(spec)}`);
  return ExitCode.DONE;
}

async function inForeground(request: StartRequest): Promise<ExitCode> {
  const { spec, paths } = request;
  const child = run(request, ['ignore', 'inherit', 'inherit'], false);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let asked = false;
  const stop = () => {
    asked = true;
    child.kill('SIGTERM');
  };
  for (const name of SIGNALS) process.on(name, stop);
  try {
    const id = await ready(child, paths);
    const trouble = id && settle(request, id);
    if (trouble !== undefined) return failed([trouble]);
    if (id !== undefined) {
      say(`Envoy runs until you stop it. ${calls(spec)}`);
    }
    await ended;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
    await cleanUp(spec.name, paths, undefined);
  }
  // Who asks Envoy itself to end, such as meshvm laptop stop, gets 0.
  if (asked || child.exitCode === 0) return ExitCode.DONE;
  return failed([`Envoy has ended by itself, status ${child.exitCode ?? child.signalCode}; its last lines are above`]);
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Takes the machine's block out of the hosts file, ends what runs, and forgets the machine.
 *
 * @param hosts Where the block may be that `start` could not write itself; undefined for the one that it has written alone.
 */
export async function cleanUp(name: string, paths: LaptopPaths, hosts: string | undefined): Promise<readonly string[]> {
  const state = readState(paths);
  const problems: string[] = [];
  const path = state?.hosts ?? hosts;
  if (path !== undefined && setHostsBlock(path, name, undefined) === HostsChange.DENIED) {
    problems.push(howToRemoveHosts(name, path));
  }
  if (state !== undefined && state.process.pid !== process.pid) await terminate(state.process);
  removeState(paths);
  return problems;
}

/** Makes the names known. Returns what is in the way. */
function settle({ spec, paths, hosts }: StartRequest, id: ProcessId): string | undefined {
  if (!spec.writesHosts) return undefined;
  if (hosts === undefined) {
    warn('no hosts file is written, as you wished: names of services do not lead to Envoy');
    return undefined;
  }
  try {
    const change = setHostsBlock(hosts, spec.name, hostsBlock(spec));
    if (change === HostsChange.DENIED) warn(howToAddHosts(spec, hosts));
    else if (change === HostsChange.WRITTEN) writeState(paths, { process: id, hosts });
    return undefined;
  } catch (error) {
    return `${hosts}: ${(error as Error).message}\n  fix: correct the file, or name another with --hosts`;
  }
}

function run(
  { spec, paths, envoy }: StartRequest,
  stdio: ('ignore' | 'inherit' | number)[],
  detached: boolean,
): ChildProcess {
  const args = ['--disable-hot-restart', '--log-level', 'warning', '-c', `${spec.directory}/envoy.yaml`];
  const child = spawn(envoy, args, { stdio, detached, cwd: paths.state });
  child.once('error', (error) => warn(`${envoy}: ${error.message}`));
  const id = child.pid === undefined ? undefined : processOf(child.pid);
  if (id !== undefined) writeState(paths, { process: id });
  return child;
}

/** Envoy once it takes calls; undefined when it has ended instead. */
async function ready(child: ChildProcess, paths: LaptopPaths): Promise<ProcessId | undefined> {
  while (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    if (await isLive(paths.adminSocket)) return processOf(child.pid);
    await sleep(50);
  }
  return undefined;
}

/** Whether the Envoy with this socket of its admin interface takes calls. */
export function isLive(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/ready', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

function portsHint(spec: EnvoySpec, paths: LaptopPaths): string {
  const low = listenPorts(spec).filter((port) => port < 1024);
  const denied = existsSync(paths.log) && /Permission denied/.test(readFileSync(paths.log, 'utf8'));
  if (low.length === 0 || !denied) return '';
  return `\n  fix: choose ports from 1024 in the machine file (${low.join(', ')} need more rights), or start it with sudo`;
}

function alreadyRuns(spec: EnvoySpec, { pid }: ProcessId): ExitCode {
  return failed([`${spec.name} runs already (process ${pid})\n  fix: meshvm laptop stop, before you start it anew`]);
}

function failed(problems: readonly string[]): ExitCode {
  warn(problems.join('\n'));
  return ExitCode.INPUT;
}
