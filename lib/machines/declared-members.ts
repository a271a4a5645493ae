import { type Problems, rule } from '../core/problems';
import { type Fact, FactKind, type Registry } from '../core/registry';
import { declareClusterDomain } from '../mesh/cluster-domain';
import type { Network } from '../mesh/network';
import type { Member } from './member';
import { unservedPorts } from './resolve-member';

const SAME_LABELS = rule({
  id: 'group/same-labels',
  origin: 'ignored',
  allowed: 'groups of a namespace that differ in canonicalService or version',
  remedy:
    'give each a version of its own, such as v1-dc and v1-ec2 for two sites, and services: [] to the second; or make them one group. Other labels do not tell them apart: policies select by app and version',
  source: 'istio: labels are all that Services and policies know of a machine',
});
const SAME_SELECTOR = rule({
  id: 'group/same-selector',
  origin: 'ignored',
  allowed: 'one group of a canonicalService with Services; the others serve behind them',
  remedy: 'set services: [] on the groups that serve behind the Services of the first, or another canonicalService',
  source: 'istio: both Services would select the machines of both groups',
});
const NOT_SERVED_BEHIND = rule({
  id: 'group/not-served-behind-shared-service',
  origin: 'ignored',
  allowed: 'the ports of the Services that select the machines',
  remedy: 'give the machines the missing port, or another canonicalService',
  source: 'istio: the Service would send a share of its connections to machines that refuse them',
});

/** A group or machine that Services select, by the label that every Service selects it by. */
export const MEMBER = new FactKind<Member>('member', ({ namespace, selector }) => `${namespace} ${selector.app}`);

/** A Service over machines, by what it is called by, with whose it is. */
const SERVICE = new FactKind<{ readonly name: string; readonly owner: Member }>(
  'Service over machines',
  ({ name, owner }) => serviceKey(owner.namespace, name),
);

/** A group, by what tells groups apart. */
const GROUP = new FactKind<Member>('group', (group) => `${MEMBER.keyOf(group)} ${group.labels.version}`);

/** Paths of groups whose machines register by themselves, however many there are. */
const REGISTERING = new FactKind<string>('group whose machines register', (path) => path);

/** Records that machines of a group register by themselves. */
export function declareRegistering(program: Registry, path: string): void {
  program.declare(REGISTERING, path, path);
}

/** Whether machines of a group register by themselves. */
export function isRegistering(program: Registry, path: string): boolean {
  return program.first(REGISTERING, path) !== undefined;
}

/** Paths of groups and machines that other networks reach through a gateway alone. */
const BEHIND_GATEWAY = new FactKind<string>('machines behind a gateway', (path) => path);

/** Records that machines are in a network of their own, which callers reach through a gateway. */
export function declareNetwork(program: Registry, path: string, { behindGateway }: Network): void {
  if (behindGateway !== undefined) program.declare(BEHIND_GATEWAY, path, path);
}

/** Whether callers reach machines through a gateway, which hands on mutual TLS alone. */
export function isBehindGateway(program: Registry, path: string): boolean {
  return program.first(BEHIND_GATEWAY, path) !== undefined;
}

/** Adds a problem when a group would be taken for an earlier one. */
export function checkGroup(problems: Problems, program: Registry, group: Member): void {
  const twin = program.first(GROUP, GROUP.keyOf(group));
  if (twin === undefined) return;
  problems.add(SAME_LABELS, 'version', group.labels.version, {
    allowed: `a version other than that of ${twin.path}, or another canonicalService`,
  });
}

/** Adds problems when Services of one construct would select machines of another that don't serve them. */
export function checkSelection(problems: Problems, program: Registry, member: Member): void {
  const others = program.facts(MEMBER, MEMBER.keyOf(member));
  const owner = others.find((other) => other.value.services.length > 0);
  if (owner !== undefined && member.services.length > 0) {
    const names = member.services.map(({ name }) => name);
    problems.add(SAME_SELECTOR, 'services', names, {
      allowed: `services: [], because those of ${owner.path} select these machines too`,
    });
    return;
  }
  for (const other of others) {
    for (const service of other.value.services) {
      for (const index of unservedPorts(service, member.ports)) {
        problems.add(NOT_SERVED_BEHIND, 'ports', member.ports, {
          allowed: `ports that serve Service ${service.name} of ${other.path}: ${service.ports[index].targetPort} is missing`,
        });
      }
    }
    for (const service of member.services) {
      for (const index of unservedPorts(service, other.value.ports)) {
        problems.add(NOT_SERVED_BEHIND, 'services', service.name, {
          allowed: `ports that ${other.path} serves too: it does not serve ${service.ports[index].targetPort}`,
        });
      }
    }
  }
}

/** Records a group once its properties are known to be good. */
export function declareGroup(program: Registry, path: string, group: Member): void {
  program.declare(GROUP, path, group);
  declareMachine(program, path, group);
}

/** Records a single machine once its properties are known to be good. */
export function declareMachine(program: Registry, path: string, machine: Member): void {
  declareMember(program, path, machine);
  declareClusterDomain(program, path, machine);
}

/** Records what a group or machine is, with its Services. */
export function declareMember(program: Registry, path: string, member: Member): void {
  program.declare(MEMBER, path, member);
  for (const { name } of member.services) program.declare(SERVICE, path, { name, owner: member });
}

/** Groups and machines that a Service of the program selects; none where it has no Service of that name. */
export function membersOfService(program: Registry, namespace: string, name: string): readonly Fact<Member>[] {
  const service = program.first(SERVICE, serviceKey(namespace, name));
  return service === undefined ? [] : selectMembers(program, namespace, service.value.owner.selector);
}

function serviceKey(namespace: string, name: string): string {
  return `${namespace} ${name}`;
}

/** Groups and machines of a namespace that carry all of `labels`; of the whole mesh where no namespace is given. */
export function selectMembers(
  program: Registry,
  namespace: string | undefined,
  labels: Readonly<Record<string, string>>,
): readonly Fact<Member>[] {
  const wanted = Object.entries(labels);
  // By their key, so that a fleet of groups isn't searched for each.
  const key = labels.app === undefined || namespace === undefined ? undefined : `${namespace} ${labels.app}`;
  return program
    .facts(MEMBER, key)
    .filter(({ value }) => namespace === undefined || value.namespace === namespace)
    .filter(({ value }) => wanted.every(([label, wantedValue]) => value.labels[label] === wantedValue));
}
