import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Fact, Registry } from '../../core/registry';
import { selectMembers } from '../../machines/declared-members';
import type { Member } from '../../machines/member';
import { hasSidecar } from '../../machines/member';
import type { ServiceEntry, ServiceEntryPortSpec } from '../service-entry';
import type { VmServiceEntryProps } from '../vm-service-entry-props';
import { knownEndpoints } from './known-endpoints';

const OTHER_NAMESPACE = rule({
  id: 'service-entry/other-namespace',
  origin: 'ignored',
  allowed: 'the namespace of the machines',
  remedy: 'leave namespace out; to show the hosts elsewhere use exportTo',
  source: 'istio serviceentry/conversion.go: a workloadSelector selects in its own namespace alone',
});
const SELECTS_NOTHING = rule({
  id: 'service-entry/labels-select-nothing',
  origin: 'ignored',
  allowed: 'labels of machines that the program has declared before in the namespace of the entry',
  remedy: 'correct the labels, or declare the machines first; endpoints.fromLabels is for machines of others',
  source: 'istio: the hosts exist, and proxies answer 503',
});
const SELECTS_OTHERS = rule({
  id: 'service-entry/selects-other-machines',
  origin: 'ignored',
  allowed: 'a machine with a canonicalService and version of its own',
  remedy: 'use endpoints.group or endpoints.matching for all of them, or give the machine another version',
  source: 'istio: labels are all that a selector knows of a machine',
});
const NOT_SERVED = rule({
  id: 'service-entry/port-nobody-serves',
  origin: 'ignored',
  allowed: 'ports that each machine behind the hosts declares',
  remedy: 'name the port as the machines do, or set targetPort to one of theirs',
  source:
    'istio convertWorkloadInstanceToServiceInstance: the machine port of that name, else targetPort, else the number; ' +
    'nothing listens there',
});
const TARGET_PORT_IGNORED = rule({
  id: 'service-entry/target-port-ignored',
  origin: 'ignored',
  allowed: 'no targetPort where the machines have a port of that name',
  remedy: 'leave targetPort out, or rename the port of the entry',
  source: 'istio convertWorkloadInstanceToServiceInstance: the machine port of that name comes first',
});
const MACHINES_OUTSIDE = rule({
  id: 'service-entry/machines-outside-mesh',
  origin: 'ignored',
  allowed: 'MESH_INTERNAL for machines with a sidecar',
  remedy: 'leave location out',
  source:
    'istio buildUpstreamTLSSettings: callers never speak mutual TLS of their own accord to MESH_EXTERNAL, and machines that ' +
    'require it refuse them',
});

/** What an entry over machines of the same program asks of them. */
export function checkSelectedMachines(
  problems: Problems,
  program: Registry,
  props: VmServiceEntryProps,
  entry: ServiceEntry,
): void {
  const { labels = {}, property, selected: machines } = knownEndpoints(props.endpoints);
  const { namespace } = entry;
  // An empty set of labels has been refused already.
  if (machines === undefined || Object.keys(labels).length === 0) return;
  const { member } = machines;
  if (member !== undefined) {
    const declared = selectMembers(program, member.namespace, labels).some(({ path }) => path === member.path);
    // Of machines of others nobody knows what they serve.
    if (!declared) return;
    if (member.namespace !== namespace) {
      const allowed = `${member.namespace}, as the machines`;
      problems.check(OTHER_NAMESPACE, 'namespace', namespace, () => false, { allowed });
      return;
    }
  }
  const selected = selectMembers(program, namespace, labels);
  if (selected.length === 0) problems.add(SELECTS_NOTHING, property, labels);
  const others = selected.filter(({ path }) => path !== member?.path);
  if (machines.alone && others.length > 0) {
    problems.add(SELECTS_OTHERS, property, labels, {
      allowed: `labels that ${others.map(({ path }) => path).join(', ')} does not have`,
    });
  }
  if (entry.location === 'MESH_EXTERNAL' && selected.some(({ value }) => hasSidecar(value))) {
    problems.add(MACHINES_OUTSIDE, 'location', entry.location);
  }
  entry.ports.forEach((port, index) => {
    checkPort(problems.at(`ports[${index}]`), port, selected);
  });
}

/** One problem of a kind is enough for a port, however many machines share it. */
function checkPort(problems: Problems, port: ServiceEntryPortSpec, selected: readonly Fact<Member>[]): void {
  const known = selected.filter(({ value: member }) => !member.ports.some(({ port }) => isDeferred(port)));
  if ([port.name, port.number, port.targetPort].some(isDeferred)) return;
  const unserving = known.find(
    ({ value: member }) => !member.ports.some((own) => own.port === numberBehind(port, member)),
  );
  if (unserving) {
    const { path, value: member } = unserving;
    const served = member.ports.map(({ name, port }) => `${name} (${port})`).join(', ') || 'no port';
    const property = port.targetPort === undefined ? 'port' : 'targetPort';
    problems.add(NOT_SERVED, property, port.targetPort ?? port.number, { allowed: `what ${path} declares: ${served}` });
  }
  const overriding = known.find(
    ({ value: member }) => ![undefined, numberBehind(port, member)].includes(port.targetPort),
  );
  if (overriding) {
    problems.add(TARGET_PORT_IGNORED, 'targetPort', port.targetPort, {
      allowed: `no targetPort: port ${port.name} of ${overriding.path} is ${numberBehind(port, overriding.value)}`,
    });
  }
}

/** The machine's port behind a port of the entry. */
function numberBehind(port: ServiceEntryPortSpec, member: Member): number {
  return member.ports.find(({ name }) => name === port.name)?.port ?? port.targetPort ?? port.number;
}
