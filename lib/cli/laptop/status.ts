import { existsSync, readFileSync } from 'node:fs';
import { hostsBlock } from '../../standalone/envoy/hosts-block';
import { withHostsBlock } from '../../standalone/envoy/hosts-file';
import type { EnvoySpec } from '../../standalone/envoy/spec';
import { ExitCode } from '../exit-code';
import { checkCertificates } from './certificates';
import { calls, lastLines, say, warn } from './messages';
import type { LaptopPaths } from './paths';
import { isAlive } from './processes';
import { isLive } from './start';
import { readState } from './state';

/** `meshvm laptop status`: 0 where services can be called by their names, as far as can be seen from here. */
export async function laptopStatus(spec: EnvoySpec, paths: LaptopPaths, hosts: string | undefined): Promise<ExitCode> {
  const state = readState(paths);
  if (state === undefined) {
    warn(`${spec.name} does not run`);
    return ExitCode.INPUT;
  }
  if (!isAlive(state.process)) {
    warn(`Envoy has ended by itself. Its last lines:\n${lastLines(paths.log)}\n  fix: meshvm laptop stop, then start`);
    return ExitCode.INPUT;
  }
  const problems: string[] = [];
  if (!(await isLive(paths.adminSocket))) problems.push('Envoy runs, and takes no calls');
  const certificate = checkCertificates(spec, new Date());
  problems.push(...certificate.problems, ...hostsProblems(spec, hosts));
  say(`${spec.name} runs (process ${state.process.pid}) as ${spec.identity}. ${calls(spec)}`);
  if (certificate.daysLeft !== undefined) say(`its certificate is good for ${certificate.daysLeft} more days`);
  if (problems.length === 0) return ExitCode.DONE;
  warn(problems.join('\n'));
  return ExitCode.INPUT;
}

function hostsProblems(spec: EnvoySpec, hosts: string | undefined): readonly string[] {
  if (!spec.writesHosts || hosts === undefined) return [];
  const content = existsSync(hosts) ? readFileSync(hosts, 'utf8') : '';
  try {
    if (withHostsBlock(content, spec.name, hostsBlock(spec)) === content) return [];
    return [`${hosts} lacks the lines of ${spec.name}\n  fix: sudo tee -a ${hosts} < ${spec.directory}/hosts`];
  } catch (error) {
    return [`${hosts}: ${(error as Error).message}`];
  }
}
