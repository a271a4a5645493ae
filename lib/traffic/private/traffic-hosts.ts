import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkDnsLabel, checkDnsSubdomain, isDnsLabel } from '../../core/values/names';
import { checkPortNumber, checkServicePort } from '../../core/values/ports';
import { type Routing, routingOfServicePort } from '../../core/values/protocols';
import type { Environment } from '../../machines/environment';
import { isWildcardDomain } from '../../service-entry/private/service-entry-hosts';
import type { TrafficTarget } from '../traffic-target';

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
  remedy: 'write the full name, such as payments.shop.svc.cluster.local; for a Service use TrafficTarget.service',
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
  remedy: 'target the group whose Services the machines stand behind, or TrafficTarget.service for one that exists',
  source: 'istio: traffic policies are about hosts that callers name',
});
const SERVICE_WITHOUT_PORTS = rule({
  id: 'traffic/service-without-ports',
  origin: 'meshvm',
  allowed: 'at least one port',
  remedy: 'list the ports of the Service: they say which protocols its callers speak',
  source: 'meshvm',
});

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
  target: TrafficTarget,
  namespace: string,
  environment: Environment | undefined,
): readonly TrafficHost[] {
  const { serviceName, ports } = target;
  const hosts = target.hosts ?? [`${serviceName}.${namespace}.svc.cluster.local`];
  const suffix = `.${namespace}.svc.cluster.local`;
  return hosts.map((host) => {
    const text = String(host);
    return {
      host,
      name: text.endsWith(suffix) ? text.slice(0, -suffix.length) : nameOf(text),
      ports: ports ? ports.map(trafficPort) : environment && portsOfProgram(target, namespace, text, environment),
    };
  });
}

/** Everything about a target that Istio would refuse, or take and then ignore. */
export function checkHosts(problems: Problems, target: TrafficTarget, namespace: string): void {
  const { hosts, serviceName, ports, source } = target;
  checkDnsLabel(problems, 'namespace', namespace);
  if (serviceName !== undefined || hosts === undefined) checkExistingService(problems, 'target.name', serviceName);
  else if (hosts.length === 0) problems.add(NO_HOSTS, 'target', source);
  else for (const host of hosts) if (source === undefined) checkHost(problems, host);
  if (ports?.length === 0) problems.add(SERVICE_WITHOUT_PORTS, 'target.ports', []);
  ports?.forEach((port, index) => {
    const at = problems.at(`target.ports[${index}]`);
    checkServicePort(at, port);
    checkPortNumber(at, 'port', port.port);
  });
}

/** A name that a Service can have. */
export function checkExistingService(problems: Problems, property: string, name: unknown): void {
  if (isDeferred(name)) return;
  if (typeof name !== 'string' || !isDnsLabel(name)) problems.add(SERVICE_NAME, property, name);
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

function checkHost(problems: Problems, host: unknown): void {
  if (isDeferred(host) || host === '*') return;
  if (typeof host !== 'string' || !isWildcardDomain(host)) problems.add(HOST, 'target', host);
  else if (!host.includes('.') || host.endsWith('.')) problems.add(HOST_SHORT, 'target', host);
  else checkDnsSubdomain(problems, 'target', nameOf(host));
}

function portsOfProgram(
  { source, labels }: TrafficTarget,
  namespace: string,
  host: string,
  environment: Environment,
): readonly TrafficPort[] | undefined {
  if (labels === undefined) return undefined;
  const owner = environment.select(namespace, labels).find(({ path }) => path === source);
  const service = owner?.machines.services.find(({ name }) => host.startsWith(`${name}.`));
  if (service?.ports.some(({ name, appProtocol }) => isDeferred(name) || isDeferred(appProtocol))) return undefined;
  return service?.ports.map(trafficPort);
}

/** Of a host with a wildcard the name of no other host. */
function nameOf(host: string): string {
  return host.toLowerCase().replace('*', 'any');
}
