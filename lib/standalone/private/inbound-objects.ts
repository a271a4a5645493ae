import type { KubernetesObject } from '../../core/kubernetes-object';
import { isDeferred, Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { isIpAddress } from '../../core/values/addresses';
import { isFqdn } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import { routingOf } from '../../core/values/protocols';
import type { Mesh } from '../../mesh/mesh';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { checkServiceEntry, resolveServiceEntry, serviceEntryObject } from '../../service-entry/resolve-service-entry';
import type { ServiceEntry } from '../../service-entry/service-entry';
import { checkHostOwners, claimEntryHosts } from '../../service-entry/service-entry-hosts';
import {
  ServiceEntryLocation,
  ServiceEntryProtocol,
  VmServiceEndpoints,
} from '../../service-entry/vm-service-endpoints';
import type { VmServiceEntryProps } from '../../service-entry/vm-service-entry-props';
import {
  checkHostClaims,
  checkTraffic,
  claimHosts,
  resolveRules,
  ruleObjects,
  type TrafficPlan,
} from '../../traffic/host-rules';
import type { TrafficHost } from '../../traffic/traffic-hosts';
import { UpstreamTls } from '../../traffic/upstream-tls';
import type { InboundCalls, InboundPort } from '../inbound-calls';
import { checkExposure, exposedAddresses } from './inbound-exposure';

const HOST = rule({
  id: 'standalone/inbound-host',
  origin: 'ignored',
  allowed: 'a full DNS name in lower case with a ".", without wildcard',
  remedy: 'write the whole name, such as billing.example.com, without scheme, port or path',
  source: 'istio compares hosts of a ServiceEntry and its DestinationRule as they are written',
});

const EXPOSED_TWICE = rule({
  id: 'standalone/inbound-exposed-port-twice',
  origin: 'ignored',
  allowed: 'each port of the addresses or load balancer once',
  remedy: 'give the ports different values of exposedPort',
  source: 'meshvm: calls to both ports of the host would end at the same application',
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
  readonly traffic: TrafficPlan;
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
    traffic: { namespace: owner.namespace, hosts: [host], rules: resolveRules([host], owner.namespace, traffic, []) },
  };
}

/** Everything about both objects that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkInboundPlan(problems: Problems, { calls, props, entry, traffic }: InboundPlan): void {
  problems.check(HOST, 'host', calls.host, isHost);
  checkExposure(problems.at('exposure'), calls.exposure);
  checkExposedPorts(problems, calls);
  const ofEntry = new Problems();
  checkServiceEntry(ofEntry, props, entry);
  problems.addFrom(ofEntry, (property) => propertyBehind(calls, property));
  checkTraffic(problems.at('traffic'), calls.traffic ?? {}, traffic.hosts);
}

function checkExposedPorts(problems: Problems, calls: InboundCalls): void {
  const taken = new Set<number>();
  calls.ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    const number = exposedPort(calls, port);
    if (port.exposedPort !== undefined) checkPortNumber(at, 'exposedPort', port.exposedPort);
    if (taken.has(number)) at.add(EXPOSED_TWICE, 'exposedPort', number);
    if (!isDeferred(number)) taken.add(number);
  });
}

/** Port at the addresses that callers connect to. */
function exposedPort({ exposure }: InboundCalls, { exposedPort: exposed, listenPort, port }: InboundPort): number {
  return exposed ?? (exposure.httpsLoadBalancer === undefined ? (listenPort ?? port) : 443);
}

/** That no other construct of the program has the host. */
export function checkInboundOwners(
  problems: Problems,
  program: Registry,
  { calls, entry, traffic }: InboundPlan,
): void {
  const owned = new Problems();
  checkHostOwners(owned, program, entry);
  checkHostClaims(owned, program, traffic);
  problems.addFrom(owned, (property) => (property === 'target' ? 'host' : propertyBehind(calls, property)));
}

/** The property of the calls that a property of their ServiceEntry is made of; undefined for what is checked where it comes from. */
function propertyBehind({ exposure }: InboundCalls, property: string): string | undefined {
  if (property === 'name' || property === 'namespace') return undefined;
  if (property.startsWith('endpoints')) {
    const [, index] = /\[(\d+)\]\.address$/.exec(property) ?? [];
    return index === undefined ? undefined : `exposure.${exposedAddresses(exposure)[Number(index)].property}`;
  }
  return property
    .replace(/^hosts\[0\]/, 'host')
    .replace(/^addresses/, 'virtualAddresses')
    .replace(/\.targetPort$/, '.exposedPort');
}

/** Makes the host this construct's own. */
export function claimInbound(program: Registry, path: string, { entry, traffic }: InboundPlan): void {
  claimEntryHosts(program, path, entry);
  claimHosts(program, path, traffic);
}

/** Both objects, by the ids of their constructs. */
export function inboundObjects({ entry, traffic }: InboundPlan): Readonly<Record<string, KubernetesObject>> {
  return { ServiceEntry: serviceEntryObject(entry), ...ruleObjects(traffic) };
}

function entryProps(calls: InboundCalls, owner: InboundOwner): VmServiceEntryProps {
  const { exposure, virtualAddresses, exportTo } = calls;
  const mutual = exposure.httpsLoadBalancer === undefined;
  const addresses = exposedAddresses(exposure).map(({ address }) => address);
  // Of those that are not known yet, machines have addresses, and load balancers names.
  const isName = (address: string) => (isDeferred(address) ? exposure.direct === undefined : !isIpAddress(address));
  const endpoints = addresses.map((address) => ({
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
    endpoints: addresses.some(isName) ? VmServiceEndpoints.dns(endpoints) : VmServiceEndpoints.static(endpoints),
    location: mutual ? ServiceEntryLocation.MESH_INTERNAL : ServiceEntryLocation.MESH_EXTERNAL,
    exportTo,
  };
}

function upstreamTls({ exposure }: InboundCalls, owner: InboundOwner): UpstreamTls {
  const { httpsLoadBalancer: balancer } = exposure;
  if (balancer === undefined) return UpstreamTls.istioMutual({ subjectAltNames: [owner.identity] });
  const { caCertificates, certificateName = balancer.dnsName } = balancer;
  const server = { sni: certificateName, subjectAltNames: [certificateName] };
  return UpstreamTls.simple({ ...server, ...(caCertificates && { caCertificates }) });
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

function isHost(value: string): boolean {
  return /^[^A-Z*]+\.[^A-Z*]+$/.test(value) && isFqdn(value) && !value.endsWith('.');
}

const PROTOCOLS: Readonly<Record<ServiceProtocol, ServiceEntryProtocol>> = {
  [ServiceProtocol.HTTP1]: ServiceEntryProtocol.HTTP,
  [ServiceProtocol.HTTP2]: ServiceEntryProtocol.HTTP2,
  [ServiceProtocol.GRPC]: ServiceEntryProtocol.GRPC,
  [ServiceProtocol.TCP]: ServiceEntryProtocol.TCP,
};
