import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkIpAddress, isIpAddress } from '../../core/values/addresses';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { isFqdn } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { checkMeshIdentity, spiffeIdOf } from '../../mesh/spiffe-id';
import { checkRetries, resolveRetries } from '../../traffic/resolve-retries';
import type { Retries } from '../../traffic/retries';
import { knownTarget, resolveHosts, type TrafficPort } from '../../traffic/traffic-hosts';
import type { HealthCheckSpec, ServiceSpec } from '../envoy/spec';
import type { ServiceHealthCheck } from '../service-health-check';
import type { StandaloneEnvoyProps } from '../standalone-envoy-props';
import type { ServiceLimits, StandaloneService } from '../standalone-service';
import type { SharedProps } from './clients';
import { checkHealthCheck } from './health-checks';
import { checkTranscoding, resolveTranscoding } from './transcoding';

const NO_HOST = rule({
  id: 'standalone/no-service-of-group',
  origin: 'meshvm',
  allowed: 'groups and machines that have a Service',
  remedy: 'give the group a Service, or name the host with StandaloneService.fromHost',
  source: 'meshvm: the gateway leads to Services, by their hosts',
});
const HOST = rule({
  id: 'standalone/host',
  origin: 'ignored',
  allowed: 'a full DNS name in lower case without wildcard',
  remedy: 'write the whole name, such as catalog.shop.svc.cluster.local, without scheme, port or path',
  source: 'istio: the gateway compares the server name that is made of the host with those of its services',
});
const PORT = rule({
  id: 'standalone/port',
  origin: 'ignored',
  allowed: 'a port of the Service',
  remedy: 'give the number of one of its ports',
  source: 'istio: the gateway knows a server name for each port of a Service, and drops other connections',
});
const PROTOCOL = rule({
  id: 'standalone/protocol',
  origin: 'meshvm',
  allowed: 'ServiceProtocol.HTTP1, HTTP2, GRPC or TCP',
  remedy: 'say what is spoken',
  source: 'meshvm: Envoy does not guess it',
});
const IDENTITIES = rule({
  id: 'standalone/no-server-identity',
  origin: 'meshvm',
  allowed: 'at least one identity',
  remedy: 'name the ServiceAccount of the workloads behind the host: identities[0].serviceAccount',
  source: 'meshvm: without it every workload of the mesh could answer in the name of the service',
});
const SUBSET = rule({
  id: 'standalone/subset',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-", as a DestinationRule names its subsets',
  remedy: 'write the name as it stands in the DestinationRule',
  source: 'istio ValidateSubsetName; the name is a part of the server name that the gateway compares',
});
const LOOPBACK = rule({
  id: 'standalone/loopback',
  origin: 'meshvm',
  allowed: 'an address of 127.0.0.0/8, or ::1',
  remedy:
    'keep the listener on the machine: whoever reaches it calls in the name of the machine; see ForwardingProxyGroup for others',
  source: 'meshvm: clients on the machine are not authenticated',
});
const ADDRESS_ALONE = rule({
  id: 'standalone/local-address-without-port',
  origin: 'ignored',
  allowed: 'localAddress only together with localPort',
  remedy: 'give localPort, or leave localAddress out: the service then shares the listener of httpPort',
  source: 'meshvm',
});
const TCP_PORT = rule({
  id: 'standalone/tcp-without-local-port',
  origin: 'meshvm',
  allowed: 'a localPort',
  remedy: 'give the service a port of its own on the machine, such as the number of its own port',
  source: 'TCP says nothing of the service that the client wants',
});
const NOT_TCP = rule({
  id: 'standalone/timeout-of-tcp',
  origin: 'ignored',
  allowed: 'timeoutSeconds only with HTTP and gRPC',
  remedy: 'remove it; connectTimeoutSeconds holds for every protocol',
  source: 'Envoy: routes have timeouts, TCP connections have none',
});

/** Istio's own retries, without those that can do harm. */
const DEFAULT_RETRIES: Retries = { attempts: 2 };

/** Services with every default. Total. */
export function resolveServices(
  props: StandaloneEnvoyProps & SharedProps,
  namespace: string,
  program: Registry | undefined,
): readonly ServiceSpec[] {
  return props.services.map((service) => resolveService(props, service, namespace, program));
}

/** Everything about services that Envoy or the gateway would refuse, or take and then ignore. */
export function checkServices(
  problems: Problems,
  props: StandaloneEnvoyProps & SharedProps,
  namespace: string,
  program: Registry | undefined,
): void {
  props.services.forEach((service, index) => {
    const spec = resolveService(props, service, namespace, program);
    const at = problems.at(`services[${index}]`);
    checkService(at, service, spec, knownPorts(service, namespace, program));
    checkLocalAddress(at, service.options.localAddress, props.clients !== undefined);
  });
}

function checkService(
  problems: Problems,
  service: StandaloneService,
  spec: ServiceSpec,
  ports: readonly TrafficPort[] | undefined,
): void {
  const { options, identities } = service;
  const target = knownTarget(service.target);
  const { localPort, localAddress, subset, timeoutSeconds, retries, healthCheck } = options;
  // What is spoken on a port that is not there is not known.
  const known = options.protocol !== undefined || (ports?.some(({ port }) => port === spec.port) ?? false);
  if (target.hosts?.length === 0) problems.add(NO_HOST, '', target.source);
  else if (!isDeferred(spec.host) && !isHost(spec.host)) problems.add(HOST, 'host', spec.host);
  checkPort(problems, options.port, ports);
  if (options.protocol === undefined && ports === undefined && options.port !== undefined) {
    problems.add(PROTOCOL, 'protocol', undefined);
  } else if (!isDeferred(spec.protocol) && !Object.values(ServiceProtocol).includes(spec.protocol)) {
    problems.add(PROTOCOL, 'protocol', spec.protocol);
  }
  if (identities.length === 0) problems.add(IDENTITIES, 'identities', []);
  identities.forEach((identity, index) => void checkMeshIdentity(problems.at(`identities[${index}]`), identity));
  if (subset !== undefined && !isDeferred(subset) && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(subset)) {
    problems.add(SUBSET, 'subset', subset);
  }
  if (localPort !== undefined) checkPortNumber(problems, 'localPort', localPort);
  else if (localAddress !== undefined) problems.add(ADDRESS_ALONE, 'localAddress', localAddress);
  else if (spec.protocol === ServiceProtocol.TCP && known) problems.add(TCP_PORT, 'localPort', undefined);
  if (timeoutSeconds !== undefined && spec.protocol === ServiceProtocol.TCP) {
    problems.add(NOT_TCP, 'timeoutSeconds', timeoutSeconds);
  }
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'connectTimeoutSeconds', options.connectTimeoutSeconds);
  if (retries !== undefined) checkRetries(problems.at('retries'), retries, timeoutSeconds, [trafficPort(spec)]);
  checkLimits(problems.at('limits'), options.limits ?? {});
  if (healthCheck !== undefined) checkHealthCheck(problems.at('healthCheck'), healthCheck, spec.protocol);
  if (options.transcoding !== undefined) checkTranscoding(problems, options.transcoding, spec.protocol);
}

/** A listener that others reach takes only those clients that shared proxies know. */
function checkLocalAddress(problems: Problems, address: unknown, shared: boolean): void {
  if (address === undefined || isDeferred(address)) return;
  if (shared) checkIpAddress(problems, 'localAddress', address);
  else if (!isLoopback(address)) problems.add(LOOPBACK, 'localAddress', address);
}

function checkPort(problems: Problems, given: unknown, ports: readonly TrafficPort[] | undefined): void {
  const allowed = ports && { allowed: `one of ${ports.map(({ port }) => port).join(', ')}` };
  if (given === undefined) {
    if (ports?.length !== 1) problems.add(PORT, 'port', undefined, allowed);
    return;
  }
  checkPortNumber(problems, 'port', given);
  const known = ports === undefined || isDeferred(given) || ports.some(({ port }) => port === given);
  if (!known) problems.add(PORT, 'port', given, allowed);
}

function checkLimits(problems: Problems, limits: ServiceLimits): void {
  for (const [name, value] of Object.entries(limits)) checkCountAboveZero(problems, name, value);
}

function resolveService(
  props: StandaloneEnvoyProps & SharedProps,
  service: StandaloneService,
  namespace: string,
  program: Registry | undefined,
): ServiceSpec {
  const { options } = service;
  const target = knownTarget(service.target);
  const ports = knownPorts(service, namespace, program);
  const port = ports?.find((candidate) => options.port === undefined || candidate.port === options.port);
  const protocol = options.protocol ?? protocolOf(port);
  const { localPort, localAddress = props.listenAddress ?? '127.0.0.1', limits = {} } = options;
  return {
    host: target.hosts?.[0] ?? '',
    port: options.port ?? port?.port ?? 0,
    subset: options.subset ?? '',
    protocol,
    identities: service.identities.map((identity) => spiffeIdOf(identity, props.mesh)),
    listen: localPort === undefined ? undefined : { address: localAddress, port: localPort },
    connectTimeoutSeconds: options.connectTimeoutSeconds ?? 5,
    timeoutSeconds: options.timeoutSeconds ?? 0,
    retries: resolveRetries(options.retries ?? DEFAULT_RETRIES, [trafficPort({ port: 0, protocol })]),
    limits: {
      maxConnections: limits.maxConnections ?? 1024,
      maxPendingRequests: limits.maxPendingRequests ?? 1024,
      maxRequests: limits.maxRequests ?? 1024,
      maxRetries: limits.maxRetries ?? 16,
    },
    healthCheck: options.healthCheck && resolveHealthCheck(options.healthCheck),
    transcoding: options.transcoding && resolveTranscoding(options.transcoding),
  };
}

/** A health check with every default. */
export function resolveHealthCheck({ kind, path, service, options }: ServiceHealthCheck): HealthCheckSpec {
  return {
    kind,
    path,
    service,
    intervalSeconds: options.intervalSeconds ?? 10,
    timeoutSeconds: options.timeoutSeconds ?? 2,
    unhealthyThreshold: options.unhealthyThreshold ?? 3,
    healthyThreshold: options.healthyThreshold ?? 1,
  };
}

/** Ports of the host, where the program declares it. */
function knownPorts(
  { target }: StandaloneService,
  namespace: string,
  program: Registry | undefined,
): readonly TrafficPort[] | undefined {
  const known = knownTarget(target);
  return resolveHosts(known, known.namespace ?? namespace, program)[0]?.ports;
}

function protocolOf(port: TrafficPort | undefined): ServiceProtocol {
  if (port?.grpc) return ServiceProtocol.GRPC;
  if (port?.http2) return ServiceProtocol.HTTP2;
  return port?.routing === 'http' ? ServiceProtocol.HTTP1 : ServiceProtocol.TCP;
}

/** What retries are judged by. */
function trafficPort({ port, protocol }: Pick<ServiceSpec, 'port' | 'protocol'>): TrafficPort {
  const grpc = protocol === ServiceProtocol.GRPC;
  const routing = protocol === ServiceProtocol.TCP ? 'tcp' : 'http';
  return { port, routing, grpc, http2: grpc || protocol === ServiceProtocol.HTTP2 };
}

function isHost(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    value === value.toLowerCase() &&
    isFqdn(value) &&
    /[^.]\.[^.]/.test(value) &&
    !value.endsWith('.')
  );
}

/** Whether others than the machine itself can't reach an address. */
export function isLoopback(value: unknown): boolean {
  return typeof value === 'string' && isIpAddress(value) && (value.startsWith('127.') || value === '::1');
}
