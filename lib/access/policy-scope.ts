import { isDeferred, type Problems, rule } from '../core/problems';
import type { Fact, Registry } from '../core/registry';
import { checkDnsLabel } from '../core/values/names';
import { selectMembers } from '../machines/declared-members';
import type { Member } from '../machines/member';
import { hasSidecar } from '../machines/member';
import type { Mesh } from '../mesh/mesh';
import type { WorkloadTarget } from './workload-target';

const PORT_NOT_SERVED = rule({
  id: 'target/port-nobody-serves',
  origin: 'ignored',
  allowed: 'ports that the machines declare',
  remedy: "give the application's port on the machine, not that of a Service",
  source: 'istio: policies go by the port on which the workload listens',
});
const MACHINES_IN_ROOT_NAMESPACE = rule({
  id: 'target/machines-in-root-namespace',
  origin: 'ignored',
  allowed: 'groups and machines outside the namespace of the control plane',
  remedy: 'move the machines to a namespace of their own',
  source:
    'istio: a policy with a selector in the root namespace selects workloads of every namespace; ComposePeerAuthentication passes it over',
});
const NAMESPACE_IS_ROOT = rule({
  id: 'target/namespace-is-root',
  origin: 'ignored',
  allowed: 'namespaces other than that of the control plane',
  remedy: 'use target.mesh: a policy there is the whole mesh',
  source: 'istio: a policy without selector in the root namespace is the policy of the mesh',
});
const SELECTS_OTHERS = rule({
  id: 'target/selects-other-machines',
  origin: 'ignored',
  allowed: 'a machine with a canonicalService and version of its own',
  remedy: 'use target.group for all of them, or give the machine another version',
  source: 'istio: labels are all that a policy knows of a machine',
});
const NO_SIDECAR = rule({
  id: 'target/no-sidecar',
  origin: 'ignored',
  allowed: 'machines with a sidecar',
  remedy: 'remove the policy; nobody on that machine would enforce it',
  source: 'istio: the sidecar of the machine that is called enforces a policy',
});

/** Where a policy stands, and which workloads of the namespace it selects. */
export interface PolicyScope {
  readonly namespace: string;
  /** Labels of the workloads, or undefined for the whole namespace; for the mesh, in its root namespace. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
}

/** Where a policy for a target stands. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveTarget(target: WorkloadTarget, mesh: Mesh, chartNamespace: string): PolicyScope {
  const machines = target.group ?? target.machine;
  const namespace = target.mesh ? mesh.controlPlaneNamespace : (machines?.namespace ?? target.namespace);
  return { namespace: namespace ?? chartNamespace, matchLabels: machines && selectorOf(machines.labels) };
}

/** Name of the group or machine that a target is; undefined for all workloads of a namespace or the mesh. */
export function targetName({ group, machine }: WorkloadTarget): string | undefined {
  return group?.groupName ?? machine?.machineName;
}

function selectorOf({ app, version }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { app, version };
}

/** What the target must be for Istio to apply a policy to it, and to nothing else. */
export function checkTarget(
  problems: Problems,
  program: Registry,
  mesh: Mesh,
  target: WorkloadTarget,
  scope: PolicyScope,
): void {
  checkDnsLabel(problems, target.namespace === undefined ? 'target' : 'target.namespace', scope.namespace);
  if (scope.namespace === mesh.controlPlaneNamespace && !target.mesh) {
    problems.add(scope.matchLabels ? MACHINES_IN_ROOT_NAMESPACE : NAMESPACE_IS_ROOT, 'target', describeTarget(scope));
  }
  const selected = selectedMachines(program, scope);
  const others = selected.filter(({ path }) => path !== (target.group ?? target.machine)?.node.path);
  if (target.machine !== undefined && others.length > 0) {
    problems.add(SELECTS_OTHERS, 'target', describeTarget(scope), {
      allowed: `labels that ${others.map(({ path }) => path).join(', ')} does not have`,
    });
  }
  if (selected.length > 0 && !selected.some(({ value }) => hasSidecar(value))) {
    problems.add(NO_SIDECAR, 'target', describeTarget(scope));
  }
}

/** Groups and machines of the program that labels of a policy select; none for a whole namespace. */
export function selectedMachines(program: Registry, { namespace, matchLabels }: PolicyScope): readonly Fact<Member>[] {
  return matchLabels === undefined ? [] : selectMembers(program, namespace, matchLabels);
}

/** Adds a problem for a port that none of the selected machines declares. */
export function checkServedPort(
  problems: Problems,
  property: string,
  port: unknown,
  selected: readonly Fact<Member>[],
): void {
  const served = new Set<unknown>(selected.flatMap(({ value }) => value.ports).map((declared) => declared.port));
  const allowed = served.size === 0 ? 'no port: the machines declare none' : `one of ${[...served].join(', ')}`;
  const isServed = () => served.has(port) || [...served].some(isDeferred);
  problems.check(PORT_NOT_SERVED, property, port, isServed, { allowed });
}

/** The target in words, for the message. */
export function describeTarget({ namespace, matchLabels }: PolicyScope): string {
  return matchLabels === undefined ? namespace : `${namespace}, ${JSON.stringify(matchLabels)}`;
}
