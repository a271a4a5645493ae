import { isDeferred, type Problems, rule } from '../core/problems';
import type { Registry } from '../core/registry';
import { checkDnsLabel, checkDnsSubdomain, isDnsLabel, isWildcardDomain } from '../core/values/names';
import { checkPortNumber, checkServicePort } from '../core/values/ports';
import { type Routing, routingOfServicePort } from '../core/values/protocols';
import { selectMembers } from '../machines/declared-members';
import type { IMeshVm, IMeshVmGroup } from '../machines/references';
import type { MachinePort } from '../machines/vm-service';
import { clusterDomainOf } from '../mesh/cluster-domain';
import { serviceHost } from '../mesh/service-host';
import type { TrafficTarget } from './traffic-target';

const HOST = rule({
  id: 'traffic/host',
  origin: 'istio',
  allowed: 'a DNS name, one that starts with a wildcard such as *.example.com, or "*"',
  remedy: 'give the full name, without scheme, port or path; an address has no DestinationRule',
  source: 'istio ValidateWildcardDomain',
});
const HOST_SHORT = rule({
  id: 'traffic/host-not-full',
  origin: 'ignored',
  allowed: 'a name with a ".", not at its end',
  remedy: 'write the full name, such as payments.shop.svc.cluster.local; for a Service use target.service',
  source:
    'istio ResolveShortnameToFQDN: a name without "." is a Service in the namespace of the rule; hosts are compared as written',
});
const SERVICE_NAME = rule({
  id: 'traffic/service-name',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'give the name of the Service alone',
  source: 'k8s.io/kubernetes: no Service has another name, and Istio compares hosts as they are written',
});
const NO_HOSTS = rule({
  id: 'traffic/no-service',
  origin: 'meshvm',
  allowed: 'groups and machines with Services',
  remedy: 'target the group whose Services the machines stand behind, or target.service for one that exists',
  source: 'istio: traffic policies are about hosts that callers name',
});
const SERVICE_WITHOUT_PORTS = rule({
  id: 'traffic/service-without-ports',
  origin: 'meshvm',
  allowed: 'at least one port',
  remedy: 'list the ports of the Service: they say which protocols its callers speak',
  source: 'meshvm',
});

/** A target with what is known of it. */
export interface KnownTarget {
  /** Where it stands among the properties. */
  readonly property: string;
  /** Full host names, or undefined for a Service by name. */
  readonly hosts?: readonly string[];
  /** Name of the Service, or undefined for hosts. */
  readonly serviceName?: string;
  /** Namespace of the hosts, or undefined for the program's. */
  readonly namespace?: string;
  /** What declares the machines behind the hosts, or undefined. */
  readonly source?: string;
  /** Labels of those machines, or undefined. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Ports of the hosts, where the author has listed them. */
  readonly ports?: readonly MachinePort[];
}

/** What a target says of its hosts. */
export function knownTarget({ group, machine, service, serviceEntry, host }: TrafficTarget): KnownTarget {
  if (group !== undefined) return { property: 'target.group', ...ofMachines(group, group.groupName) };
  if (machine !== undefined) return { property: 'target.machine', ...ofMachines(machine, machine.machineName) };
  if (serviceEntry !== undefined) {
    return { property: 'target.serviceEntry', hosts: serviceEntry.hosts, namespace: serviceEntry.namespace };
  }
  if (service !== undefined) {
    const { name, namespace, ports } = service;
    return { property: 'target.service', serviceName: name, namespace, ports };
  }
  return { property: 'target.host', hosts: host && [host.name], namespace: host?.namespace };
}

function ofMachines({ serviceHosts, namespace, labels: { app, version }, node }: IMeshVm | IMeshVmGroup, name: string) {
  return { hosts: serviceHosts, namespace, source: node?.path ?? name, labels: { app, version } };
}

/** A host whose callers a policy is about. */
export interface TrafficHost {
  readonly host: string;
  /** Name of the objects about the host. */
  readonly name: string;
  /** Ports of the host, or undefined when nobody knows them. */
  readonly ports: readonly TrafficPort[] | undefined;
}

/** A port as callers see it. */
export interface TrafficPort {
  readonly port: number;
  readonly routing: Routing;
  readonly http2: boolean;
  readonly grpc: boolean;
}

/** The hosts of a target. Total: it makes something of any target, so that a test can build around the checks. */
export function resolveHosts(
  target: KnownTarget,
  namespace: string,
  program: Registry | undefined,
): readonly TrafficHost[] {
  const { serviceName, ports } = target;
  const domain = clusterDomainOf(program);
  const hosts = target.hosts ?? [serviceHost(String(serviceName), namespace, domain)];
  const suffix = serviceHost('', namespace, domain);
  return hosts.map((host) => {
    const text = String(host);
    return {
      host,
      name: text.endsWith(suffix) ? text.slice(0, -suffix.length) : nameOf(text),
      ports: ports ? ports.map(trafficPort) : program && portsOfProgram(target, namespace, text, program),
    };
  });
}

/** Everything about a target that Istio would refuse, or take and then ignore. */
export function checkHosts(problems: Problems, target: KnownTarget, namespace: string): void {
  const { hosts, serviceName, ports, source, property } = target;
  checkDnsLabel(problems, `${property}.namespace`, namespace);
  if (hosts === undefined) checkExistingService(problems, `${property}.name`, serviceName);
  else if (hosts.length === 0) problems.add(NO_HOSTS, property, source);
  else if (source === undefined) for (const host of hosts) checkHost(problems, `${property}.name`, host);
  if (ports?.length === 0) problems.add(SERVICE_WITHOUT_PORTS, `${property}.ports`, []);
  ports?.forEach((port, index) => {
    const at = problems.at(`${property}.ports[${index}]`);
    checkServicePort(at, port);
    checkPortNumber(at, 'port', port.port);
  });
}

/** A name that a Service can have. */
export function checkExistingService(problems: Problems, property: string, name: string | undefined): void {
  problems.check(SERVICE_NAME, property, name, isDnsLabel);
}

/** A port of a Service as callers see it. */
export function trafficPort(port: {
  readonly name: string;
  readonly port: number;
  readonly appProtocol?: string;
}): TrafficPort {
  const { name, appProtocol } = port;
  const protocol = String(
    appProtocol ?? (String(name).startsWith('grpc-web') ? 'grpc-web' : String(name).split('-')[0]),
  );
  const grpc = protocol === 'grpc' || protocol === 'grpc-web';
  return {
    port: port.port,
    routing: routingOfServicePort({ name: String(name), appProtocol }),
    grpc,
    http2: grpc || protocol === 'http2' || protocol === 'kubernetes.io/h2c',
  };
}

function checkHost(problems: Problems, property: string, host: string): void {
  problems.known(host, () => {
    if (host === '*') return;
    if (!isWildcardDomain(host)) problems.add(HOST, property, host);
    else if (!host.includes('.') || host.endsWith('.')) problems.add(HOST_SHORT, property, host);
    else checkDnsSubdomain(problems, property, nameOf(host));
  });
}

function portsOfProgram(
  { source, labels }: KnownTarget,
  namespace: string,
  host: string,
  program: Registry,
): readonly TrafficPort[] | undefined {
  if (labels === undefined) return undefined;
  const owner = selectMembers(program, namespace, labels).find(({ path }) => path === source);
  const service = owner?.value.services.find(({ name }) => host.startsWith(`${name}.`));
  if (service?.ports.some(({ name, appProtocol }) => isDeferred(name) || isDeferred(appProtocol))) return undefined;
  return service?.ports.map(trafficPort);
}

/** Of a host with a wildcard the name of no other host. */
function nameOf(host: string): string {
  return host.toLowerCase().replace('*', 'any');
}
