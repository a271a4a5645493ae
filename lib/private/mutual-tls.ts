import type { IConstruct } from 'constructs';
import type { PeerAuthentication } from '../manifests/peer-authentication';
import type { MutualTlsProps } from '../mutual-tls';
import { claimantOf } from './claims';
import type { DeclaredMachines, Environment } from './environment';
import { checkDnsLabel, checkDnsSubdomain } from './names';
import { checkPortNumber } from './ports';
import { isDeferred, type Problems, rule } from './problems';
import { hasSidecar } from './sidecars';

const MODE = rule({
  id: 'mutual-tls/mode',
  origin: 'kubernetes',
  allowed: 'STRICT, PERMISSIVE, DISABLE or UNSET',
  remedy: 'use MutualTlsMode',
  source: 'CRD of PeerAuthentication',
});
const MODE_UNSET = rule({
  id: 'mutual-tls/unset',
  origin: 'ignored',
  allowed: 'STRICT, PERMISSIVE or DISABLE; UNSET for a group or machine whose ports have modes of their own',
  remedy: 'choose a mode, or leave the policy or the port out',
  source: 'istio ComposePeerAuthentication: UNSET is what would hold without the policy',
});
const PORT_WITHOUT_SELECTOR = rule({
  id: 'mutual-tls/port-without-selector',
  origin: 'istio',
  allowed: 'ports for a group or machine alone',
  remedy: 'make a policy for each group with such ports',
  source: 'CRD of PeerAuthentication; istio ValidatePeerAuthentication: mesh/namespace cannot have port level mTLS',
});
const PORT_NOT_SERVED = rule({
  id: 'mutual-tls/port-nobody-serves',
  origin: 'ignored',
  allowed: 'ports that the machines declare',
  remedy: "give the application's port on the machine, not that of a Service",
  source: 'istio: port levels go by the port on which the workload listens',
});
const PORT_TWICE = rule({
  id: 'mutual-tls/port-twice',
  origin: 'meshvm',
  allowed: 'each port once',
  remedy: 'remove one of the two',
  source: 'meshvm: portLevelMtls is a map by port, the second would replace the first',
});
const TARGET_TWICE = rule({
  id: 'mutual-tls/target-twice',
  origin: 'ignored',
  allowed: 'one policy for each group, machine, namespace, and the mesh',
  remedy: 'merge the two',
  source: 'istio ComposePeerAuthentication and addPeerAuthentication: of two policies the older wins',
});
const MACHINES_IN_ROOT_NAMESPACE = rule({
  id: 'mutual-tls/machines-in-root-namespace',
  origin: 'ignored',
  allowed: 'groups and machines outside the namespace of the control plane',
  remedy: 'move the machines to a namespace of their own',
  source: 'istio ComposePeerAuthentication: policies with a selector in the root namespace are passed over',
});
const NAMESPACE_IS_ROOT = rule({
  id: 'mutual-tls/namespace-is-root',
  origin: 'ignored',
  allowed: 'namespaces other than that of the control plane',
  remedy: 'use MutualTlsTarget.mesh: a policy there is the whole mesh',
  source: 'istio addPeerAuthentication: a policy without selector in the root namespace is the policy of the mesh',
});
const SELECTS_OTHERS = rule({
  id: 'mutual-tls/selects-other-machines',
  origin: 'ignored',
  allowed: 'a machine with a canonicalService and version of its own',
  remedy: 'use MutualTlsTarget.group for all of them, or give the machine another version',
  source: 'istio: labels are all that a policy knows of a machine',
});
const NO_SIDECAR = rule({
  id: 'mutual-tls/no-sidecar',
  origin: 'ignored',
  allowed: 'machines with a sidecar',
  remedy: 'remove the policy; nobody on that machine would enforce it',
  source: 'istio: the sidecar of the machine that is called enforces a PeerAuthentication',
});

const MODES = new Set<unknown>(['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET']);

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveMutualTls(props: MutualTlsProps, chartNamespace: string): PeerAuthentication {
  const { mesh, target } = props;
  return {
    name: props.name ?? target.defaultName,
    namespace: target.meshWide ? mesh.controlPlaneNamespace : (target.namespaceName ?? chartNamespace),
    matchLabels: target.labels,
    mode: props.mode ?? 'STRICT',
    ports: props.ports ?? [],
  };
}

/** What only one policy of a program can have. */
export function targetClaim({ namespace, matchLabels }: PeerAuthentication): string {
  return `PeerAuthentication ${namespace} ${matchLabels?.app ?? ''} ${matchLabels?.version ?? ''}`;
}

/** Everything about a policy by itself that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkMutualTls(problems: Problems, policy: PeerAuthentication): void {
  const { mode, ports, matchLabels } = policy;
  checkDnsSubdomain(problems, 'name', policy.name);
  checkDnsLabel(problems, 'target', policy.namespace);
  checkMode(problems, 'mode', mode);
  if (mode === 'UNSET' && ports.length === 0) problems.add(MODE_UNSET, 'mode', mode);
  if (matchLabels === undefined && ports.length > 0) problems.add(PORT_WITHOUT_SELECTOR, 'ports', ports);
  const seen = new Set<unknown>();
  ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    checkPortNumber(at, 'port', port.port);
    checkMode(at, 'mode', port.mode);
    if (port.mode === 'UNSET') at.add(MODE_UNSET, 'mode', port.mode);
    if (seen.has(port.port)) at.add(PORT_TWICE, 'port', port.port);
    seen.add(port.port);
  });
}

/** What the policy's target must be for Istio to apply the policy to it, and to nothing else. */
export function checkTarget(
  problems: Problems,
  scope: IConstruct,
  environment: Environment,
  props: MutualTlsProps,
  policy: PeerAuthentication,
): void {
  const { mesh, target } = props;
  const deferred = Object.values(policy.matchLabels ?? {}).some(isDeferred);
  const owner = deferred ? undefined : claimantOf(scope, targetClaim(policy));
  if (owner !== undefined) {
    problems.add(TARGET_TWICE, 'target', describe(policy), { allowed: `targets other than that of ${owner}` });
  }
  if (policy.namespace === mesh.controlPlaneNamespace && !target.meshWide) {
    const violated = policy.matchLabels ? MACHINES_IN_ROOT_NAMESPACE : NAMESPACE_IS_ROOT;
    problems.add(violated, 'target', describe(policy));
  }
  if (policy.matchLabels === undefined) return;
  const selected = environment.select(policy.namespace, policy.matchLabels);
  const others = selected.filter(({ path }) => path !== target.source);
  if (target.alone && others.length > 0) {
    problems.add(SELECTS_OTHERS, 'target', describe(policy), {
      allowed: `labels that ${others.map(({ path }) => path).join(', ')} does not have`,
    });
  }
  if (selected.length > 0 && !selected.some(({ machines }) => hasSidecar(machines))) {
    problems.add(NO_SIDECAR, 'target', describe(policy));
  }
  checkServed(problems, policy, selected);
}

function checkMode(problems: Problems, property: string, mode: unknown): void {
  if (!isDeferred(mode) && !MODES.has(mode)) problems.add(MODE, property, mode);
}

function checkServed(problems: Problems, policy: PeerAuthentication, selected: readonly DeclaredMachines[]): void {
  const declared = selected.flatMap(({ machines }) => machines.ports);
  if (declared.some(({ port }) => isDeferred(port))) return;
  const served = new Set(declared.map(({ port }) => port));
  policy.ports.forEach(({ port }, index) => {
    if (served.has(port) || isDeferred(port)) return;
    const allowed = served.size === 0 ? 'no port: the machines declare none' : `one of ${[...served].join(', ')}`;
    problems.add(PORT_NOT_SERVED, `ports[${index}].port`, port, { allowed });
  });
}

/** The target in words, for the message. */
function describe({ namespace, matchLabels }: PeerAuthentication): string {
  return matchLabels === undefined ? namespace : `${namespace}, ${JSON.stringify(matchLabels)}`;
}
