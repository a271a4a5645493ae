import { claim, claimantOf } from '../core/claims';
import type { KubernetesObject } from '../core/kubernetes-object';
import { byKind } from '../core/object-ids';
import { isDeferred, type Problems, rule } from '../core/problems';
import type { Registry } from '../core/registry';
import { canonicalHost } from '../core/values/names';
import { isPortNumber } from '../core/values/ports';
import type { DestinationRule, SubsetSpec } from './manifests/destination-rule';
import { destinationRule } from './manifests/destination-rule';
import { checkSettings, saysNothing } from './private/traffic-settings';
import type { TrafficHost, TrafficPort } from './traffic-hosts';
import type { HostTraffic, TrafficSettings } from './traffic-settings';

const PORT_EMPTY = rule({
  id: 'traffic/port-empty',
  origin: 'meshvm',
  allowed: 'settings of the port',
  remedy: 'say what shall hold for the port, or remove the entry',
  source: 'istio validatePortTrafficPolicies: port traffic policy must have at least one field',
});
const PORT_TWICE = rule({
  id: 'traffic/port-twice',
  origin: 'ignored',
  allowed: 'each port once',
  remedy: 'merge the two',
  source: 'istio GetPortLevelTrafficPolicy: the first entry of a port is used',
});
const PORT_UNKNOWN = rule({
  id: 'traffic/port-unknown',
  origin: 'ignored',
  allowed: 'a port of the Service',
  remedy: 'give the port that callers name, not that of the machines',
  source: 'istio: port levels go by the port of the Service; one that it does not have is never used',
});
const TLS_TWICE = rule({
  id: 'traffic/tls-of-tls-port',
  origin: 'ignored',
  allowed: 'simple and mutual for ports of HTTP, gRPC or TCP, whose callers speak plain text',
  remedy:
    'leave tls out for the port: its callers speak TLS themselves; or name the port after what they speak ("http")',
  source: 'istio.io ops/common-problems/network-issues: double TLS, TLS origination for a TLS request',
});
const PORT_NUMBER = rule({
  id: 'traffic/port-number',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give a port of the Service',
  source: 'istio: the webhook looks only whether a port is there',
});
const HOST_TWICE = rule({
  id: 'traffic/host-twice',
  origin: 'ignored',
  allowed: 'one TrafficPolicy, CanaryRelease or Migration for each host and namespace',
  remedy: 'merge the two: CanaryRelease and Migration take the settings of a policy as `traffic`',
  source:
    'istio mergeDestinationRule: of two DestinationRules of a host the older gives the settings, and subsets of both are mixed',
});

/** Makes the hosts the construct's own: Istio takes one DestinationRule of each. */
export function claimHosts(
  program: Registry,
  path: string,
  { hosts, namespace }: Pick<TrafficPlan, 'hosts' | 'namespace'>,
): void {
  for (const { host } of hosts) claim(program, path, ruleClaim(namespace, host));
}

/** What only one DestinationRule of a program can have. */
const ruleClaim = (namespace: string, host: string) => `DestinationRule ${namespace} ${canonicalHost(host)}`;

/** A policy with the hosts that it is about. */
export interface TrafficPlan {
  readonly namespace: string;
  readonly hosts: readonly TrafficHost[];
  readonly rules: readonly DestinationRule[];
}

/** The objects, by the ids of their constructs. */
export function ruleObjects({ rules }: Pick<TrafficPlan, 'rules'>): Readonly<Record<string, KubernetesObject>> {
  return byKind(rules.map(destinationRule));
}

/** The DestinationRules of hosts. */
export function resolveRules(
  hosts: readonly TrafficHost[],
  namespace: string,
  traffic: HostTraffic,
  subsets: readonly SubsetSpec[],
): readonly DestinationRule[] {
  const settings = settingsOf(traffic);
  const ports = (traffic.ports ?? []).map((port) => ({ port: port.port, settings: over(settings, port) }));
  return hosts.map(({ host, name }) => ({ name, namespace, host, settings, ports, subsets }));
}

/** That no other construct of the program has a DestinationRule for one of the hosts. */
export function checkHostClaims(
  problems: Problems,
  program: Registry,
  { namespace, hosts }: Pick<TrafficPlan, 'namespace' | 'hosts'>,
): void {
  for (const { host } of hosts) {
    const owner = isDeferred(host) ? undefined : claimantOf(program, ruleClaim(namespace, host));
    if (owner === undefined) continue;
    problems.add(HOST_TWICE, 'target', host, { allowed: `hosts other than those of ${owner}` });
  }
}

/** What callers of the hosts shall do, on each port. */
export function checkTraffic(problems: Problems, traffic: HostTraffic, hosts: readonly TrafficHost[]): void {
  const known = hosts.every(({ ports }) => ports !== undefined);
  const all = known ? hosts.flatMap(({ ports = [] }) => ports) : undefined;
  const settings = settingsOf(traffic);
  checkSettings(problems, settings, settings, all);
  const withOwnTls = traffic.ports?.filter(({ tls }) => tls !== undefined).map(({ port }) => port) ?? [];
  checkTlsPorts(
    problems,
    settings,
    all?.filter(({ port }) => !withOwnTls.includes(port)),
  );
  const seen = new Set<unknown>();
  traffic.ports?.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    const own = all?.filter((candidate) => candidate.port === port.port);
    at.known(port.port, (number) => {
      if (!isPortNumber(number)) at.add(PORT_NUMBER, 'port', number);
      else if (own?.length === 0) {
        at.add(PORT_UNKNOWN, 'port', number, {
          allowed: `one of ${[...new Set(all?.map((candidate) => candidate.port))].join(', ')}`,
        });
      }
      if (seen.has(number)) at.add(PORT_TWICE, 'port', number);
      seen.add(number);
    });
    if (saysNothing(port)) at.add(PORT_EMPTY, '', {});
    checkTlsPorts(at, port, own);
    checkSettings(at, settingsOf(port), over(settings, port), own?.length === 0 ? undefined : own);
  });
}

/** That nobody makes TLS of what is TLS already. */
function checkTlsPorts(problems: Problems, { tls }: TrafficSettings, ports: readonly TrafficPort[] = []): void {
  const port = ports.find(({ routing }) => routing === 'tls')?.port;
  if (port === undefined || (tls?.simple === undefined && tls?.mutual === undefined)) return;
  problems.add(TLS_TWICE, 'tls', tls, { allowed: `no TLS of the sidecar to port ${port}, to which callers speak TLS` });
}

/** The five settings alone. */
function settingsOf({
  connectionPool,
  outlierDetection,
  loadBalancing,
  locality,
  tls,
}: TrafficSettings): TrafficSettings {
  return { connectionPool, outlierDetection, loadBalancing, locality, tls };
}

/** What holds for a port: its own settings, and the host's where it has none. */
export function over(host: TrafficSettings, port: TrafficSettings): TrafficSettings {
  return {
    connectionPool: port.connectionPool ?? host.connectionPool,
    outlierDetection: port.outlierDetection ?? host.outlierDetection,
    loadBalancing: port.loadBalancing ?? host.loadBalancing,
    locality: port.locality ?? host.locality,
    tls: port.tls ?? host.tls,
  };
}
