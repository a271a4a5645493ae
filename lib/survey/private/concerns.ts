import type { MachineSurvey } from '../machine-survey';
import { type EffectId, FINDINGS } from './effects';
import type { ServedPort } from './served-ports';

/** What will matter on the day of joining: a row of docs/applications.md, what is about it, and where. */
export interface Concern {
  readonly effect: EffectId;
  readonly what: string;
  /** Host names of the machines, as they call themselves. */
  readonly machines: readonly string[];
}

/** What the answers of a group's machines give rise to, machines with the same of it together. */
export function concernsOf(machines: readonly MachineSurvey[], ports: readonly ServedPort[]): readonly Concern[] {
  const found = new Map<string, { readonly effect: EffectId; readonly what: string; readonly machines: string[] }>();
  for (const survey of machines) {
    for (const [effect, what] of [...ofPorts(survey, ports), ...ofServers(survey), ...ofMachine(survey)]) {
      const key = `${effect} ${what}`;
      const concern = found.get(key) ?? { effect, what, machines: [] };
      if (!concern.machines.includes(survey.machine.name)) concern.machines.push(survey.machine.name);
      found.set(key, concern);
    }
  }
  return [...found.values()];
}

type Found = readonly [effect: EffectId, what: string];

function ofPorts(
  { listeners, multicast, calls, containers }: MachineSurvey,
  ports: readonly ServedPort[],
): readonly Found[] {
  const udp = listeners.filter(
    ({ protocol, loopbackOnly, port }) => protocol === 'udp' && !loopbackOnly && !OF_EVERY_MACHINE.has(port),
  );
  const itself = calls.filter(({ local }) => local);
  return [
    ...ports
      .filter(({ speaksFirst }) => speaksFirst)
      .map(({ port, programs }): Found => ['speaks-first', `port ${port} (${programs.join(', ') || 'unknown'})`]),
    ...ports
      .filter(({ protocol }) => protocol === 'tcp-ftp')
      .map(({ port }): Found => ['second-connections', `port ${port}`]),
    ...udp.map(({ port, program }): Found => ['udp', `UDP port ${port} (${program ?? 'unknown'})`]),
    ...multicast.map((group): Found => ['udp', `multicast group ${group}`]),
    ...[...new Set(itself.map(({ port }) => port))].map((port): Found => ['calls-itself', `port ${port}`]),
    ...containers.publishedPorts.map((port): Found => ['containers', `port ${port} leads into a container`]),
  ];
}

/** DHCP, time, names. */
const OF_EVERY_MACHINE = new Set([53, 67, 68, 123, 323, 546, 5353, 5355]);

function ofServers({ configuration, programs }: MachineSurvey): readonly Found[] {
  const settings = configuration.map(({ server, file, line, finding }): Found => {
    const { effect, says } = FINDINGS[finding];
    return [effect, file === null ? `${server} ${says}` : `${file} line ${line}: ${server} ${says}`];
  });
  const checkers = programs.filter((program) => CHECKS_BY_CONNECT.test(program));
  return [...settings, ...checkers.map((program): Found => ['connect-succeeds', `${program} runs here`])];
}

/** Programs that may take a connection for health, or for the sign that a peer lives. */
const CHECKS_BY_CONNECT = /^(keepalived|haproxy|corosync|pacemakerd|patroni|garbd|consul)$/;

function ofMachine(survey: MachineSurvey): readonly Found[] {
  const { firewalls, sidecar, clock, disks, machine, kernelModules } = survey;
  const found: Found[] = [];
  for (const [name, isActive] of Object.entries(firewalls))
    if (isActive) found.push(['host-firewall', `${name} is active`]);
  for (const { port, program } of sidecar.ports)
    found.push(['already-there', `port ${port} is that of ${program ?? 'somebody'}`]);
  if (sidecar.userId !== null) found.push(['already-there', `user istio-proxy exists (${sidecar.userId})`]);
  if (clock.synchronized === false) found.push(['clock', 'the kernel holds it for unsynchronized']);
  for (const { path, freeMegabytes } of disks) {
    if (freeMegabytes < NEEDED_MEGABYTES) found.push(['machine', `${path} has ${freeMegabytes} MB left`]);
  }
  if (!machine.systemd) found.push(['machine', 'systemd does not run']);
  const missing = ['nf_tables', 'ip_tables'].every((name) => kernelModules[name] === 'missing');
  if (missing) found.push(['machine', 'the kernel has neither nf_tables nor ip_tables']);
  return found;
}

/** Envoy and pilot-agent take 250 MB, and an upgrade has both versions for a while. */
const NEEDED_MEGABYTES = 1024;
