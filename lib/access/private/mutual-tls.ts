import { claim, claimantOf } from '../../core/claims';
import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkDnsSubdomain } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import { Warnings } from '../../core/warnings';
import { type PeerAuthentication, peerAuthentication } from '../manifests/peer-authentication';
import type { MutualTlsProps } from '../mutual-tls-props';
import {
  checkServedPort,
  checkTarget,
  describeTarget,
  resolveTarget,
  selectedMachines,
  targetName,
} from '../policy-scope';
import { checkNetworks, checkServerTls, declareServerTls } from '../tls-agreement';
import { warnOfMutualTls } from './mutual-tls-warnings';

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

/** All that a MutualTls consists of. */
export interface PlannedMutualTls extends PeerAuthentication {
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
}

/** From the spec to the object. @throws ValidationError with everything that is wrong. */
export function planMutualTls(spec: MutualTlsProps, place: Place): PlannedMutualTls {
  const { path, program, namespace, problems } = place;
  const policy = resolveMutualTls(spec, namespace);
  checkMutualTls(problems, policy);
  checkMutualTlsTarget(problems, program, spec, policy);
  const tls = { ...policy, ofMesh: spec.target.mesh ?? false };
  checkServerTls(problems, program, tls);
  const warnings = Warnings.of(place, spec);
  problems.throwIfAny(path);
  claim(program, path, targetClaim(policy));
  declareServerTls(program, path, tls);
  place.whenComplete((late) => {
    checkNetworks(late, program, path, tls);
    warnOfMutualTls(warnings, program, policy, tls.ofMesh);
  });
  return { ...policy, objects: { Resource: peerAuthentication(policy) } };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveMutualTls(props: MutualTlsProps, chartNamespace: string): PeerAuthentication {
  const { mesh, target } = props;
  return {
    ...resolveTarget(target, mesh, chartNamespace),
    name: props.name ?? targetName(target) ?? 'default',
    mode: props.mode ?? 'STRICT',
    ports: props.ports ?? [],
  };
}

/** What only one policy of a program can have. */
function targetClaim({ namespace, matchLabels }: PeerAuthentication): string {
  return `PeerAuthentication ${namespace} ${matchLabels?.app ?? ''} ${matchLabels?.version ?? ''}`;
}

/** Everything about a policy by itself that Kubernetes or Istio would refuse, or take and then ignore. */
function checkMutualTls(problems: Problems, policy: PeerAuthentication): void {
  const { mode, ports, matchLabels } = policy;
  checkDnsSubdomain(problems, 'name', policy.name);
  if (mode === 'UNSET' && ports.length === 0) problems.add(MODE_UNSET, 'mode', mode);
  if (matchLabels === undefined && ports.length > 0) problems.add(PORT_WITHOUT_SELECTOR, 'ports', ports);
  const seen = new Set<unknown>();
  ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    checkPortNumber(at, 'port', port.port);
    if (port.mode === 'UNSET') at.add(MODE_UNSET, 'mode', port.mode);
    if (seen.has(port.port)) at.add(PORT_TWICE, 'port', port.port);
    seen.add(port.port);
  });
}

/** What only the program as a whole can tell: whom the policy selects, and whether another one does too. */
function checkMutualTlsTarget(
  problems: Problems,
  program: Registry,
  props: MutualTlsProps,
  policy: PeerAuthentication,
): void {
  const deferred = Object.values(policy.matchLabels ?? {}).some(isDeferred);
  const owner = deferred ? undefined : claimantOf(program, targetClaim(policy));
  if (owner !== undefined) {
    problems.add(TARGET_TWICE, 'target', describeTarget(policy), { allowed: `targets other than that of ${owner}` });
  }
  checkTarget(problems, program, props.mesh, props.target, policy);
  if (policy.matchLabels === undefined) return;
  const selected = selectedMachines(program, policy);
  policy.ports.forEach(({ port }, index) => void checkServedPort(problems, `ports[${index}].port`, port, selected));
}
