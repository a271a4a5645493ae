import { claimantOf } from '../../core/claims';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Scope } from '../../core/scope';
import { checkDnsSubdomain, isDnsLabel, isIstioDnsLabel } from '../../core/values/names';
import type { Environment } from '../../machines/environment';
import { isWildcardDomain } from '../../service-entry/private/service-entry-hosts';
import type { EgressDestination } from '../egress-destination';
import type { EgressScopeProps } from '../egress-scope-props';
import type { Sidecar } from '../manifests/sidecar';
import { checkExistingService } from './traffic-hosts';

const OUTBOUND = rule({
  id: 'egress/outbound',
  origin: 'kubernetes',
  allowed: 'REGISTRY_ONLY or ALLOW_ANY',
  remedy: 'use OutboundTraffic',
  source: 'CRD of Sidecar',
});
const HOST = rule({
  id: 'egress/host',
  origin: 'istio',
  allowed: 'a DNS name with a ".", or one that starts with "*."',
  remedy: 'give the full name, without scheme, port or path; for a Service use EgressDestination.service',
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
  remedy: 'name each namespace; EgressDestination.host needs none',
  source: 'istio accepts capitals, which no namespace has, and reads the others in its own way',
});
const NO_SERVICE = rule({
  id: 'egress/no-service',
  origin: 'meshvm',
  allowed: 'groups and machines with Services',
  remedy: 'name the group whose Services they stand behind, or EgressDestination.service',
  source: 'istio: callers name hosts',
});
const SCOPE_TWICE = rule({
  id: 'egress/scope-twice',
  origin: 'ignored',
  allowed: 'one EgressScope for each group',
  remedy: 'merge the two',
  source: 'istio doGetSidecarScope: of two Sidecars that select a workload the older is used',
});

const MODES = new Set<unknown>(['REGISTRY_ONLY', 'ALLOW_ANY']);

/** What only one Sidecar of a program can have. */
export function scopeClaim({ namespace, labels }: Sidecar): string {
  return `Sidecar ${namespace} ${labels.app} ${labels.version}`;
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveEgressScope(props: EgressScopeProps, environment: Environment | undefined): Sidecar {
  const { group, destinations } = props;
  const { app, version } = group.labels;
  const own = [...group.serviceHosts, ...servicesOver(group.namespace, app, environment)];
  return {
    name: props.name ?? group.groupName,
    namespace: group.namespace,
    labels: { app, version },
    hosts: withoutCovered([
      ...own.map((host) => `./${host}`),
      ...destinations.flatMap((destination) => hostsOf(destination, group.namespace)),
    ]),
    outbound: props.outbound,
  };
}

/** Everything about a scope that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkEgressScope(problems: Problems, scope: Scope, props: EgressScopeProps, plan: Sidecar): void {
  const { outbound } = props;
  checkDnsSubdomain(problems, 'name', plan.name);
  if (!isDeferred(outbound) && !MODES.has(outbound)) problems.add(OUTBOUND, 'outbound', outbound);
  props.destinations.forEach((destination, index) => {
    checkDestination(problems.at(`destinations[${index}]`), destination);
  });
  const owner = Object.values(plan.labels).some(isDeferred) ? undefined : claimantOf(scope, scopeClaim(plan));
  if (owner !== undefined) {
    problems.add(SCOPE_TWICE, 'group', props.group.groupName, { allowed: `groups other than that of ${owner}` });
  }
}

function checkDestination(problems: Problems, { namespaceName, hosts, serviceName, source }: EgressDestination): void {
  // The namespace was judged there.
  if (source !== undefined) {
    if (hosts?.length === 0) problems.add(NO_SERVICE, '', source);
    for (const host of hosts ?? []) checkHost(problems, host);
    return;
  }
  const [host] = hosts ?? [];
  const anyNamespace = namespaceName === '*' && host !== undefined && host !== '*';
  if (namespaceName !== undefined && !isDeferred(namespaceName) && !anyNamespace)
    checkNamespace(problems, namespaceName);
  if (hosts === undefined) checkExistingService(problems, 'name', serviceName);
  else if (anyNamespace || host !== '*') checkHost(problems, host);
}

function checkNamespace(problems: Problems, name: unknown): void {
  if (/^[*.]$|^~/.test(String(name))) problems.add(NAMESPACE_NONE, 'namespace', name);
  else if (typeof name !== 'string' || !isIstioDnsLabel(name)) problems.add(NAMESPACE, 'namespace', name);
  else if (!isDnsLabel(name)) problems.add(NAMESPACE_NONE, 'namespace', name);
}

function checkHost(problems: Problems, host: unknown): void {
  if (isDeferred(host)) return;
  const whole = typeof host === 'string' && host.includes('.') && (!host.startsWith('*') || host.startsWith('*.'));
  if (!whole || !isWildcardDomain(host)) problems.add(HOST, 'host', host);
  else if (host.endsWith('.')) problems.add(HOST_DOT, 'host', host);
}

/** Services of others of the program that select the machines. */
function servicesOver(namespace: string, app: string, environment: Environment | undefined): readonly string[] {
  const declared = environment?.select(namespace, { app }) ?? [];
  const names = declared.flatMap(({ machines }) => machines.services.map(({ name }) => name));
  return names.map((name) => `${name}.${namespace}.svc.cluster.local`);
}

function hostsOf({ namespaceName, hosts, serviceName }: EgressDestination, own: string): readonly string[] {
  const namespace = namespaceName ?? own;
  const names = hosts ?? [`${serviceName}.${namespace}.svc.cluster.local`];
  return names.map((host) => `${namespace === own ? '.' : namespace}/${host}`);
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
