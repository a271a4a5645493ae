import { claim, claimantOf } from '../../core/claims';
import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Place } from '../../core/place';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkDnsSubdomain, isDnsLabel, isIstioDnsLabel, isWildcardDomain } from '../../core/values/names';
import { selectMembers } from '../../machines/declared-members';
import { serviceHostsOf } from '../../machines/member';
import { checkDomainWhenComplete, clusterDomainOf } from '../../mesh/cluster-domain';
import { serviceHost } from '../../mesh/service-host';
import type { EgressDestination } from '../egress-destination';
import type { EgressScopeProps } from '../egress-scope-props';
import { type Sidecar, sidecar } from '../manifests/sidecar';
import { checkExistingService } from '../traffic-hosts';
import { checkVisibility } from './egress-visibility';

const HOST = rule({
  id: 'egress/host',
  origin: 'istio',
  allowed: 'a DNS name with a ".", or one that starts with "*."',
  remedy: 'give the full name, without scheme, port or path; for a Service use service',
  source: 'istio ValidateNamespaceSlashWildcardHostname: short names are not allowed, nor partial wildcards',
});
const HOST_DOT = rule({
  id: 'egress/host-ends-with-dot',
  origin: 'ignored',
  allowed: 'a name without "." at its end',
  remedy: 'remove the "."',
  source: 'istio: hosts are compared as they are written',
});
const NAMESPACE = rule({
  id: 'egress/namespace',
  origin: 'istio',
  allowed: 'the name of a namespace',
  remedy: 'name the namespace of the hosts',
  source: 'istio ValidateNamespaceSlashWildcardHostname: invalid namespace value in sidecar',
});
const NAMESPACE_NONE = rule({
  id: 'egress/no-namespace-of-that-name',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-": names that a namespace can have; not "*", "." and "~"',
  remedy: 'name each namespace; a host needs none',
  source: 'istio accepts capitals, which no namespace has, and reads the others in its own way',
});
const NO_SERVICE = rule({
  id: 'egress/no-service',
  origin: 'meshvm',
  allowed: 'groups and machines with Services',
  remedy: 'name the group whose Services they stand behind, or the service',
  source: 'istio: callers name hosts',
});
const SCOPE_TWICE = rule({
  id: 'egress/scope-twice',
  origin: 'ignored',
  allowed: 'one EgressScope for each group',
  remedy: 'merge the two',
  source: 'istio doGetSidecarScope: of two Sidecars that select a workload the older is used',
});

/** What only one Sidecar of a program can have. */
export function scopeClaim({ namespace, labels }: Sidecar): string {
  return `Sidecar ${namespace} ${labels.app} ${labels.version}`;
}

/** All that an EgressScope consists of. */
export interface PlannedScope {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly name: string;
  readonly namespace: string;
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planEgressScope(spec: EgressScopeProps, place: Place): PlannedScope {
  const { path, program, problems } = place;
  const plan = resolveEgressScope(spec, program);
  checkEgressScope(problems, program, spec, plan);
  problems.throwIfAny(path);
  claim(program, path, scopeClaim(plan));
  place.whenComplete((late) => checkVisibility(late, program, spec));
  spec.destinations.forEach(({ service }, index) => {
    if (service !== undefined) checkDomainWhenComplete(place, `destinations[${index}].service`);
  });
  return { objects: { Resource: sidecar(plan) }, name: plan.name, namespace: plan.namespace };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveEgressScope(props: EgressScopeProps, program: Registry | undefined): Sidecar {
  const { group, destinations } = props;
  const { app, version } = group.labels;
  const own = [...group.serviceHosts, ...servicesOver(group.namespace, app, program)];
  return {
    name: props.name ?? group.groupName,
    namespace: group.namespace,
    labels: { app, version },
    hosts: withoutCovered([
      ...own.map((host) => `./${host}`),
      ...destinations.flatMap((destination) => hostsOf(destination, group.namespace, clusterDomainOf(program))),
    ]),
    outbound: props.outbound,
  };
}

/** Everything about a scope that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkEgressScope(problems: Problems, program: Registry, props: EgressScopeProps, plan: Sidecar): void {
  checkDnsSubdomain(problems, 'name', plan.name);
  props.destinations.forEach((destination, index) => {
    checkDestination(problems.at(`destinations[${index}]`), destination);
  });
  const owner = Object.values(plan.labels).some(isDeferred) ? undefined : claimantOf(program, scopeClaim(plan));
  if (owner !== undefined) {
    problems.add(SCOPE_TWICE, 'group', props.group.groupName, { allowed: `groups other than that of ${owner}` });
  }
}

function checkDestination(problems: Problems, destination: EgressDestination): void {
  const { group, machine, serviceEntry, service, host, namespace } = destination;
  // What is of the program was judged there.
  for (const [kind, owner] of Object.entries({ group, machine })) {
    if (owner?.serviceHosts.length === 0) problems.add(NO_SERVICE, kind, owner.node?.path ?? owner.namespace);
    for (const name of owner?.serviceHosts ?? []) checkHost(problems, kind, name);
  }
  for (const name of serviceEntry?.hosts ?? []) checkHost(problems, 'serviceEntry', name);
  if (host !== undefined) checkHost(problems, 'host', host);
  if (service !== undefined) checkExistingService(problems, 'service.name', service.name);
  for (const [property, name] of Object.entries({ namespace, 'service.namespace': service?.namespace })) {
    problems.known(name, (known) => void checkNamespace(problems, property, known));
  }
}

function checkNamespace(problems: Problems, property: string, name: string): void {
  if (/^[*.]$|^~/.test(name)) problems.add(NAMESPACE_NONE, property, name);
  else if (!isIstioDnsLabel(name)) problems.add(NAMESPACE, property, name);
  else if (!isDnsLabel(name)) problems.add(NAMESPACE_NONE, property, name);
}

function checkHost(problems: Problems, property: string, host: string): void {
  problems.known(host, () => {
    const whole = host.includes('.') && (!host.startsWith('*') || host.startsWith('*.'));
    if (host === '*') problems.add(NAMESPACE_NONE, property, host);
    else if (!whole || !isWildcardDomain(host)) problems.add(HOST, property, host);
    else if (host.endsWith('.')) problems.add(HOST_DOT, property, host);
  });
}

/** Services of others of the program that select the machines. */
function servicesOver(namespace: string, app: string, program: Registry | undefined): readonly string[] {
  const declared = program === undefined ? [] : selectMembers(program, namespace, { app });
  return declared.flatMap(({ value }) => serviceHostsOf(value));
}

function hostsOf(destination: EgressDestination, own: string, clusterDomain: string): readonly string[] {
  const { group, machine, serviceEntry, service, host, namespace } = destination;
  if (host !== undefined) return [`*/${host}`];
  const owner = group ?? machine;
  const place = owner?.namespace ?? serviceEntry?.namespace ?? service?.namespace ?? namespace ?? own;
  const names =
    owner?.serviceHosts ?? serviceEntry?.hosts ?? (service ? [serviceHost(service.name, place, clusterDomain)] : ['*']);
  return names.map((name) => `${place === own ? '.' : place}/${name}`);
}

/** Each host once, and none that its whole namespace holds already: istiod warns of both. */
function withoutCovered(hosts: readonly string[]): readonly string[] {
  const all = new Set(hosts);
  return [...all].filter((host) => {
    const namespace = host.slice(0, host.indexOf('/'));
    const everything = `${namespace}/*`;
    return namespace === '*' || host === everything || !all.has(everything);
  });
}
