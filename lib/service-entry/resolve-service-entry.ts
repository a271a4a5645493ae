import type { KubernetesObject } from '../core/kubernetes-object';
import { isDeferred, type Problems, rule } from '../core/problems';
import { cidrFamily, isIpAddress } from '../core/values/addresses';
import { checkIstioAnnotations, checkLabels } from '../core/values/labels';
import { checkDnsLabel, checkDnsSubdomain, checkRequired, isIstioDnsLabel } from '../core/values/names';
import { checkPortNumber } from '../core/values/ports';
import { routingOf } from '../core/values/protocols';
import { checkLocality, localityName } from '../mesh/locality-name';
import { serviceEntry } from './manifests/service-entry';
import { type KnownEndpoints, knownEndpoints } from './private/known-endpoints';
import { checkEndpoints } from './private/service-entry-endpoints';
import { checkExportTo } from './private/service-entry-export';
import type { ServiceEntry, ServiceEntryPortSpec } from './service-entry';
import { checkHosts, isWildcard } from './service-entry-hosts';
import type { VmServiceEntryProps } from './vm-service-entry-props';

const ADDRESS = rule({
  id: 'service-entry/address',
  origin: 'istio',
  allowed: 'an IP address, or an address range such as 10.0.0.0/16',
  remedy: 'give the virtual IP address of the hosts; host names belong into hosts',
  source: 'istio ValidateIPSubnet',
});
const ADDRESS_UNUSABLE = rule({
  id: 'service-entry/address-unusable',
  origin: 'ignored',
  allowed: 'an address without zone, or a range with all host bits zero',
  remedy: 'write the address alone, or the network address and its prefix length',
  source: 'Go net/netip accepts fe80::1%eth0 and 10.0.0.1/16; Envoy knows no zones and masks the host bits away',
});
const ADDRESS_CATCH_ALL = rule({
  id: 'service-entry/address-catch-all',
  origin: 'ignored',
  allowed: 'addresses other than 0.0.0.0 and ::, ranges with a prefix of at least 8 bits',
  remedy: 'give the addresses of these hosts alone',
  source:
    'istio: 0.0.0.0 means no address; a wide range makes every proxy send all traffic on the ports here. Istio 1.32 warns of it',
});
const ADDRESS_RANGE = rule({
  id: 'service-entry/address-range-needs-known-addresses',
  origin: 'istio',
  allowed: 'single addresses where names are resolved',
  remedy: 'give single addresses, or use endpoints.staticEndpoints or endpoints.passthrough',
  source: 'CRD of ServiceEntry; istio ValidateServiceEntry: CIDR addresses are allowed only for NONE/STATIC',
});
const PORT_NAME = rule({
  id: 'service-entry/port-name',
  origin: 'istio',
  allowed: 'letters, digits and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'rename the port',
  source: 'istio ValidatePortName',
});
const PORT_TWICE = rule({
  id: 'service-entry/port-twice',
  origin: 'kubernetes',
  allowed: 'names and numbers that stand in the list once',
  remedy: 'remove or rename one of the two',
  source: 'CRD of ServiceEntry: ports are a map by name, and port number cannot be duplicated',
});
const NO_PORTS = rule({
  id: 'service-entry/no-ports',
  origin: 'ignored',
  allowed: 'at least one port',
  remedy: 'declare the ports that clients use',
  source: 'istio: proxies get listeners, routes and clusters by port; without any the hosts are unknown to them',
});
const ADDRESS_NEEDED = rule({
  id: 'service-entry/tcp-needs-address',
  origin: 'ignored',
  allowed: 'protocols with a host name in them (HTTP, TLS), unless the hosts have an address',
  remedy: 'set addresses; or let proxies allocate them: dnsCapture and dnsAutoAllocate of the mesh',
  source:
    'istio ValidateServiceEntry warns for TCP: without an address the proxies take all traffic to the port, whatever its destination',
});
const HOSTS_INDISTINCT = rule({
  id: 'service-entry/hosts-indistinct',
  origin: 'istio',
  allowed: 'one host for protocols without a host name in them, unless the endpoints are passthrough',
  remedy: 'make an entry for each host',
  source: 'istio ValidateServiceEntry: multiple hosts provided with non-HTTP, non-TLS ports',
});
const HOSTS_BEHIND_ADDRESS = rule({
  id: 'service-entry/hosts-behind-one-address',
  origin: 'ignored',
  allowed: 'one host with addresses and TLS ports, where names are resolved',
  remedy: 'make an entry for each host, or leave the addresses out',
  source: 'istio ValidateServiceEntry: more than one host simultaneously with address and tcp port',
});
const DYNAMIC_PROTOCOL = rule({
  id: 'service-entry/dynamic-dns-protocol',
  origin: 'istio',
  allowed: 'HTTP, HTTP2, GRPC or TLS',
  remedy: 'use one of these; for other protocols list the hosts and use endpoints.resolveHosts',
  source: 'istio ValidateServiceEntry: the dynamic forward proxy reads the host from the request or the server name',
});
const DYNAMIC_ADDRESSES = rule({
  id: 'service-entry/dynamic-dns-addresses',
  origin: 'istio',
  allowed: 'no addresses',
  remedy: 'leave addresses out',
  source: 'istio ValidateServiceEntry: addresses cannot be set for DYNAMIC_DNS',
});
const DYNAMIC_TARGET_PORT = rule({
  id: 'service-entry/dynamic-dns-target-port',
  origin: 'ignored',
  allowed: 'no targetPort',
  remedy: 'leave targetPort out: the connection goes to the port that the client asked for',
  source: 'istio buildDFPCluster and buildSNIDFPFilter take the number of the port alone',
});
const DYNAMIC_WAYPOINT = rule({
  id: 'service-entry/dynamic-dns-waypoint',
  origin: 'istio',
  allowed: 'MESH_EXTERNAL where the label istio.io/use-waypoint is set',
  remedy: 'remove the label or change the location',
  source: 'istio ValidateServiceEntry: MESH_INTERNAL with DYNAMIC_DNS is not supported when using waypoints',
});
const TOO_MANY = rule({
  id: 'service-entry/too-many',
  origin: 'kubernetes',
  allowed: 'at most 256 hosts, addresses, ports and labels, 4096 endpoints, 128 ports of an endpoint',
  remedy: 'make several entries',
  source: 'CRD of ServiceEntry: maxItems and maxProperties',
});

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveServiceEntry(props: VmServiceEntryProps, id: string, chartNamespace: string): ServiceEntry {
  const { resolution, labels, listed, selected } = knownEndpoints(props.endpoints);
  return {
    name: props.name ?? id,
    namespace: props.namespace ?? selected?.member?.namespace ?? chartNamespace,
    labels: { ...props.labels },
    annotations: { ...props.annotations },
    hosts: props.hosts,
    addresses: props.addresses,
    ports: props.ports.map(({ name, port, protocol, targetPort }) => ({ name, number: port, protocol, targetPort })),
    location: props.location ?? (labels === undefined ? 'MESH_EXTERNAL' : 'MESH_INTERNAL'),
    resolution,
    endpoints: listed?.map(({ endpoint }) => ({
      address: endpoint.address,
      ports: { ...endpoint.ports },
      labels: { ...endpoint.labels },
      network: endpoint.network,
      locality: endpoint.locality && localityName(endpoint.locality),
      weight: endpoint.weight,
      serviceAccount: endpoint.serviceAccount,
    })),
    workloadLabels: labels,
    exportTo: props.exportTo,
    subjectAltNames: props.subjectAltNames,
  };
}

/** The object. */
export function serviceEntryObject(entry: ServiceEntry): KubernetesObject {
  return serviceEntry(entry);
}

/** Everything about a ServiceEntry by itself that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkServiceEntry(problems: Problems, props: VmServiceEntryProps, entry: ServiceEntry): void {
  checkDnsSubdomain(problems, 'name', entry.name);
  checkDnsLabel(problems, 'namespace', entry.namespace);
  checkLabels(problems, 'labels', entry.labels);
  checkIstioAnnotations(problems, 'annotations', entry.annotations);
  checkHosts(problems, entry);
  checkAddresses(problems, entry);
  checkPorts(problems, entry);
  checkHostsOfPorts(problems, entry);
  checkAddressesOfPorts(problems, props, entry);
  if (entry.resolution === 'DYNAMIC_DNS') checkDynamicDns(problems, entry);
  const known = knownEndpoints(props.endpoints);
  checkEndpoints(problems, known, entry);
  known.listed?.forEach(({ endpoint: { locality }, property }) => {
    if (locality !== undefined) checkLocality(problems.at(`${property}.locality`), locality);
  });
  checkExportTo(problems, entry);
  entry.subjectAltNames?.forEach((name, index) => {
    checkRequired(problems, `subjectAltNames[${index}]`, name);
  });
  checkCounts(problems, known, entry);
}

function checkAddresses(problems: Problems, { addresses = [], resolution }: ServiceEntry): void {
  const known = resolution === 'NONE' || resolution === 'STATIC';
  addresses.forEach((address, index) => {
    problems.known(address, () => {
      const property = `addresses[${index}]`;
      const form = formOf(address);
      if (form === 'none') problems.add(ADDRESS, property, address);
      else if (form === 'unusable') problems.add(ADDRESS_UNUSABLE, property, address);
      else if (isCatchAll(address)) problems.add(ADDRESS_CATCH_ALL, property, address);
      if (form !== 'none' && address.includes('/') && !known) problems.add(ADDRESS_RANGE, property, address);
    });
  });
}

/** What Istio makes of an address: Go's netip.ParseAddr and ParsePrefix, and what Envoy can use of their result. */
function formOf(address: string): 'good' | 'unusable' | 'none' {
  const [ip, bits, ...rest] = address.split('/');
  if (bits === undefined) {
    if (isIpAddress(ip)) return 'good';
    const [zoned, zone] = split(ip, '%');
    return zone !== '' && zoned.includes(':') && isIpAddress(zoned) ? 'unusable' : 'none';
  }
  if (cidrFamily(address) !== 0) return 'good';
  const width = ip.includes(':') ? 128 : 32;
  const isPrefix = rest.length === 0 && isIpAddress(ip) && /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= width;
  return isPrefix ? 'unusable' : 'none';
}

function isCatchAll(address: string): boolean {
  const [ip, bits] = address.split('/');
  return /^[0:.]+$/.test(ip) || Number(bits ?? 8) < 8;
}

function split(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function checkPorts(problems: Problems, { ports }: ServiceEntry): void {
  if (ports.length === 0) problems.add(NO_PORTS, 'ports', []);
  ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    at.check(PORT_NAME, 'name', port.name, isIstioDnsLabel);
    checkPortNumber(at, 'port', port.number);
    if (port.targetPort !== undefined) checkPortNumber(at, 'targetPort', port.targetPort);
  });
  checkUnique(
    problems,
    'name',
    ports.map(({ name }) => name),
  );
  checkUnique(
    problems,
    'port',
    ports.map(({ number }) => number),
  );
}

function checkUnique(problems: Problems, field: string, values: readonly unknown[]): void {
  const seen = new Set<unknown>();
  values.forEach((value, index) => {
    if (seen.has(value)) problems.add(PORT_TWICE, `ports[${index}].${field}`, value);
    if (!isDeferred(value)) seen.add(value);
  });
}

/** Several hosts must be told apart by something in the protocol. */
function checkHostsOfPorts(problems: Problems, entry: ServiceEntry): void {
  if (entry.hosts.length < 2 || entry.resolution === 'NONE') return;
  const byName = entry.resolution === 'DNS' || entry.resolution === 'DNS_ROUND_ROBIN';
  forEachPort(entry, (port, property) => {
    const routing = routingOf(port.protocol);
    if (routing === 'tcp') problems.add(HOSTS_INDISTINCT, property, port.protocol);
    if (routing === 'tls' && byName && hasAddresses(entry)) problems.add(HOSTS_BEHIND_ADDRESS, property, port.protocol);
  });
}

function checkAddressesOfPorts(problems: Problems, props: VmServiceEntryProps, entry: ServiceEntry): void {
  if (hasAddresses(entry) || isAllocated(props, entry)) return;
  forEachPort(entry, (port, property) => {
    if (routingOf(port.protocol) === 'tcp') problems.add(ADDRESS_NEEDED, property, port.protocol);
  });
}

/** Whether istiod gives each host an address that proxies use: istio ShouldV2AutoAllocateIP, keepHost, nodeUsesAutoallocatedIPs. */
function isAllocated({ mesh }: VmServiceEntryProps, { hosts, resolution, labels }: ServiceEntry): boolean {
  const refused = String(labels['networking.istio.io/enable-autoallocate-ip']).toLowerCase() === 'false';
  if (resolution === 'NONE' || refused) return false;
  return mesh.proxy.dnsCapture && mesh.proxy.dnsAutoAllocate && !hosts.some(isWildcard);
}

function checkDynamicDns(problems: Problems, entry: ServiceEntry): void {
  forEachPort(entry, ({ protocol }, property) => {
    if (!/^(http|http2|grpc|tls)$/i.test(protocol)) problems.add(DYNAMIC_PROTOCOL, property, protocol);
  });
  entry.ports.forEach(({ targetPort }, index) => {
    if (targetPort !== undefined) problems.add(DYNAMIC_TARGET_PORT, `ports[${index}].targetPort`, targetPort);
  });
  if (hasAddresses(entry)) problems.add(DYNAMIC_ADDRESSES, 'addresses', entry.addresses);
  const waypoint = entry.labels['istio.io/use-waypoint'] ?? '';
  if (entry.location === 'MESH_INTERNAL' && waypoint !== '' && String(waypoint).toLowerCase() !== 'none') {
    problems.add(DYNAMIC_WAYPOINT, 'location', entry.location);
  }
}

function checkCounts(problems: Problems, { property, listed = [] }: KnownEndpoints, entry: ServiceEntry): void {
  const counts: readonly (readonly [string, number, number])[] = [
    ['hosts', entry.hosts.length, 256],
    ['addresses', entry.addresses?.length ?? 0, 256],
    ['ports', entry.ports.length, 256],
    [property, listed.length, 4096],
    [property, Object.keys(entry.workloadLabels ?? {}).length, 256],
    ...listed.flatMap(({ endpoint: { ports = {}, labels = {} }, property }) => [
      [`${property}.ports`, Object.keys(ports).length, 128] as const,
      [`${property}.labels`, Object.keys(labels).length, 256] as const,
    ]),
  ];
  for (const [property, count, most] of counts) if (count > most) problems.add(TOO_MANY, property, count);
}

/** Each port whose protocol is known, and its property. */
function forEachPort(entry: ServiceEntry, check: (port: ServiceEntryPortSpec, property: string) => void): void {
  entry.ports.forEach((port, index) => {
    const { protocol } = port;
    if (!isDeferred(protocol)) check(port, `ports[${index}].protocol`);
  });
}

function hasAddresses({ addresses = [] }: ServiceEntry): boolean {
  return addresses.length > 0;
}
