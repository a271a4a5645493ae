import { claim } from '../../core/claims';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Scope } from '../../core/scope';
import { isIpAddress } from '../../core/values/addresses';
import { isDnsLabel, isFqdn } from '../../core/values/names';
import { routingOf } from '../../core/values/protocols';
import type { Environment } from '../../machines/environment';
import type { Mesh } from '../../mesh/mesh';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { type ServiceEntry, serviceEntry } from '../../service-entry/manifests/service-entry';
import { checkServiceEntry, resolveServiceEntry } from '../../service-entry/private/service-entry';
import { checkHostOwners, hostClaim } from '../../service-entry/private/service-entry-hosts';
import {
  ServiceEntryLocation,
  ServiceEntryProtocol,
  VmServiceEndpoints,
} from '../../service-entry/vm-service-endpoints';
import type { VmServiceEntryProps } from '../../service-entry/vm-service-entry-props';
import { type DestinationRule, destinationRule } from '../../traffic/manifests/destination-rule';
import type { TrafficHost } from '../../traffic/private/traffic-hosts';
import { checkHostClaims, checkTraffic, resolveRules, ruleClaim } from '../../traffic/private/traffic-policy';
import { UpstreamTls } from '../../traffic/upstream-tls';
import type { InboundCalls } from '../inbound-calls';
import { exposedPort } from './inbound';

const HOST = rule({
  id: 'standalone/inbound-host',
  origin: 'ignored',
  allowed: 'a full DNS name in lower case with a ".", without wildcard',
  remedy: 'write the whole name, such as billing.example.com, without scheme, port or path',
  source: 'istio compares hosts of a ServiceEntry and its DestinationRule as they are written',
});

/** Whose calls, and to whom. */
export interface InboundOwner {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** SPIFFE ID of the machines. */
  readonly identity: string;
  readonly mesh: Mesh;
}

/** What the mesh is told of machines that it calls. */
export interface InboundPlan {
  readonly owner: InboundOwner;
  readonly calls: InboundCalls;
  readonly props: VmServiceEntryProps;
  readonly entry: ServiceEntry;
  readonly host: TrafficHost;
  readonly rule: DestinationRule;
}

/**
 * The ServiceEntry and the DestinationRule of the machines. Total.
 *
 * Machines that mutual TLS of the mesh reaches belong to the mesh (MESH_INTERNAL): they have an identity in it, and metrics and policies
 * call them by it. The DestinationRule says mutual TLS in words all the same, because Istio would guess plain text for endpoints without a
 * sidecar. What stands behind a load balancer with TLS of its own is outside (MESH_EXTERNAL).
 */
export function resolveInboundPlan(calls: InboundCalls, owner: InboundOwner): InboundPlan {
  const props = entryProps(calls, owner);
  const host = trafficHost(calls, owner.name);
  const traffic = { ...calls.traffic, tls: upstreamTls(calls, owner) };
  return {
    owner,
    calls,
    props,
    entry: resolveServiceEntry(props, owner.name, owner.namespace),
    host,
    rule: resolveRules([host], owner.namespace, traffic, [])[0],
  };
}

/** Everything about both objects that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkInboundPlan(problems: Problems, { calls, props, entry, host, owner }: InboundPlan): void {
  const good = isDeferred(calls.host) || isHost(calls.host);
  if (!good) problems.add(HOST, 'host', calls.host);
  checkServiceEntry(problems, props, {
    ...entry,
    hosts: good ? entry.hosts : ['other.example.com'],
    // Checked where they come from.
    name: 'machine',
    namespace: isDnsLabel(String(owner.namespace)) ? owner.namespace : 'machine',
    endpoints: entry.endpoints?.map((endpoint) => ({ ...endpoint, serviceAccount: undefined })),
  });
  checkTraffic(problems.at('traffic'), calls.traffic ?? {}, [host]);
}

/** That no other construct of the program has the host. */
export function checkInboundOwners(
  problems: Problems,
  scope: Scope,
  environment: Environment,
  { entry, owner, host }: InboundPlan,
): void {
  checkHostOwners(problems, scope, environment, entry);
  checkHostClaims(problems, scope, { namespace: owner.namespace, hosts: [host] });
}

/** Makes the host this construct's own. */
export function claimInbound(scope: Scope, { entry, owner }: InboundPlan): void {
  for (const host of entry.hosts) {
    claim(scope, hostClaim(owner.namespace, host));
    claim(scope, ruleClaim(owner.namespace, host));
  }
}

/** Both objects, by the ids of their constructs. */
export function inboundObjects({ entry, rule: settings }: InboundPlan): Readonly<Record<string, KubernetesObject>> {
  return { ServiceEntry: serviceEntry(entry), DestinationRule: destinationRule(settings) };
}

function entryProps(calls: InboundCalls, owner: InboundOwner): VmServiceEntryProps {
  const { exposure, virtualAddresses, exportTo } = calls;
  const mutual = exposure.httpsOptions === undefined;
  // Of those that are not known yet, machines have addresses, and load balancers names.
  const isName = (address: string) => (isDeferred(address) ? exposure.balanced : !isIpAddress(String(address)));
  const named = exposure.addresses.some(isName);
  const endpoints = exposure.addresses.map((address) => ({
    address,
    ...(mutual ? { serviceAccount: owner.serviceAccount } : {}),
  }));
  return {
    mesh: owner.mesh,
    hosts: [calls.host],
    addresses: virtualAddresses,
    ports: calls.ports.map((port) => {
      const number = exposedPort(calls, port);
      const targetPort = number === port.port ? undefined : number;
      return { name: port.name, port: port.port, protocol: PROTOCOLS[port.protocol], targetPort };
    }),
    endpoints: named ? VmServiceEndpoints.dns(endpoints) : VmServiceEndpoints.static(endpoints),
    location: mutual ? ServiceEntryLocation.MESH_INTERNAL : ServiceEntryLocation.MESH_EXTERNAL,
    exportTo,
  };
}

function upstreamTls({ exposure }: InboundCalls, owner: InboundOwner): UpstreamTls {
  const { httpsOptions: options, addresses } = exposure;
  if (options === undefined) return UpstreamTls.istioMutual({ subjectAltNames: [owner.identity] });
  const name = options.certificateName ?? addresses[0];
  const { caCertificates } = options;
  return UpstreamTls.simple({ sni: name, subjectAltNames: [name], ...(caCertificates && { caCertificates }) });
}

function trafficHost({ host, ports }: InboundCalls, name: string): TrafficHost {
  return {
    host,
    name,
    ports: ports.map(({ port, protocol }) => ({
      port,
      routing: routingOf(PROTOCOLS[protocol]),
      grpc: protocol === ServiceProtocol.GRPC,
      http2: protocol === ServiceProtocol.GRPC || protocol === ServiceProtocol.HTTP2,
    })),
  };
}

function isHost(value: unknown): boolean {
  return typeof value === 'string' && /^[^A-Z*]+\.[^A-Z*]+$/.test(value) && isFqdn(value) && !value.endsWith('.');
}

const PROTOCOLS: Readonly<Record<ServiceProtocol, ServiceEntryProtocol>> = {
  [ServiceProtocol.HTTP1]: ServiceEntryProtocol.HTTP,
  [ServiceProtocol.HTTP2]: ServiceEntryProtocol.HTTP2,
  [ServiceProtocol.GRPC]: ServiceEntryProtocol.GRPC,
  [ServiceProtocol.TCP]: ServiceEntryProtocol.TCP,
};
