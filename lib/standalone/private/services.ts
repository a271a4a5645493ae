import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkIpAddress, isIpAddress } from '../../core/values/addresses';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { isFqdn } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import { MeshIdentity } from '../../mesh/mesh-identity';
import { ServiceProtocol } from '../../mesh/service-protocol';
import { checkMeshIdentity, spiffeIdOf } from '../../mesh/spiffe-id';
import { checkRetries, resolveRetries } from '../../traffic/resolve-retries';
import type { Retries } from '../../traffic/retries';
import { type KnownTarget, knownTarget, resolveHosts, type TrafficPort } from '../../traffic/traffic-hosts';
import { TrafficTarget } from '../../traffic/traffic-target';
import type { ServiceSpec } from '../envoy/spec';
import type { EnvoyProps } from '../standalone-envoy-props';
import type { ServiceLimits, StandaloneService } from '../standalone-service';
import type { SharedProps } from './clients';
import { checkHealthCheck, resolveHealthCheck } from './health-checks';
import { checkTranscoding, resolveTranscoding } from './transcoding';

const NO_HOST = rule({
  id: 'standalone/no-service-of-group',
  origin: 'meshvm',
  allowed: 'groups and machines that have a Service',
  remedy: 'give the group a Service, or name the host of another one (host)',
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
  allowed: 'HTTP1, HTTP2, GRPC or TCP',
  remedy: 'say what is spoken',
  source: 'meshvm: Envoy does not guess it',
});
const IDENTITIES = rule({
  id: 'standalone/no-server-identity',
  origin: 'meshvm',
  allowed: 'at least one identity',
  remedy: 'name the ServiceAccount of the workloads behind the host (serviceAccount)',
  source: 'meshvm: without it every workload of the mesh could answer in the name of the service',
});
const KNOWN_IDENTITY = rule({
  id: 'standalone/server-identity-known',
  origin: 'meshvm',
  allowed: 'identities only with host',
  remedy: 'remove them: of a group or machine it is known who answers',
  source: 'meshvm: who answers for a group or machine is its own ServiceAccount',
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

/** What is called, by whom and for whom. */
type CallingProps = Pick<EnvoyProps, 'mesh' | 'services'> & SharedProps;

/** Services with every default. Total. */
export function resolveServices(props: CallingProps, namespace: string, program: Registry): readonly ServiceSpec[] {
  return props.services.map((service) => resolveService(props, service, namespace, program));
}

/**
 * Everything about services that Envoy or the gateway would refuse, or take and then ignore.
 *
 * @param specs The same services with every default.
 */
export function checkServices(
  problems: Problems,
  props: CallingProps,
  specs: readonly ServiceSpec[],
  namespace: string,
  program: Registry,
): void {
  props.services.forEach((service, index) => {
    const at = problems.at(`services[${index}]`);
    checkService(at, service, specs[index], knownPorts(service, namespace, program));
    checkLocalAddress(at, service.localAddress, props.clients !== undefined);
  });
}

function checkService(
  problems: Problems,
  service: StandaloneService,
  spec: ServiceSpec,
  ports: readonly TrafficPort[] | undefined,
): void {
  const target = targetOf(service);
  const { host, identities, localPort, localAddress, subset, timeoutSeconds, retries, healthCheck } = service;
  // What is spoken on a port that is not there is not known.
  const known = service.protocol !== undefined || (ports?.some(({ port }) => port === spec.port) ?? false);
  const protocol = known ? spec.protocol : undefined;
  if (target.hosts?.length === 0) problems.add(NO_HOST, '', target.source);
  problems.check(HOST, 'host', host, isHost);
  checkPort(problems, service.port, ports);
  if (service.protocol === undefined && ports === undefined && service.port !== undefined) {
    problems.add(PROTOCOL, 'protocol', undefined);
  }
  if (host === undefined) {
    if (identities !== undefined) problems.add(KNOWN_IDENTITY, 'identities', identities);
  } else {
    if ((identities ?? []).length === 0) problems.add(IDENTITIES, 'identities', identities);
  }
  identities?.forEach((identity, index) => void checkMeshIdentity(problems.at(`identities[${index}]`), identity));
  problems.check(SUBSET, 'subset', subset, (name) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  if (localPort !== undefined) checkPortNumber(problems, 'localPort', localPort);
  else if (localAddress !== undefined) problems.add(ADDRESS_ALONE, 'localAddress', localAddress);
  else if (protocol === ServiceProtocol.TCP) problems.add(TCP_PORT, 'localPort', undefined);
  if (timeoutSeconds !== undefined && protocol === ServiceProtocol.TCP) {
    problems.add(NOT_TCP, 'timeoutSeconds', timeoutSeconds);
  }
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'connectTimeoutSeconds', service.connectTimeoutSeconds);
  if (retries !== undefined) {
    const callers = protocol && [trafficPort({ port: spec.port, protocol })];
    checkRetries(problems.at('retries'), retries, timeoutSeconds, callers);
  }
  checkLimits(problems.at('limits'), service.limits ?? {});
  if (healthCheck !== undefined) checkHealthCheck(problems.at('healthCheck'), healthCheck, protocol);
  if (service.transcoding !== undefined) {
    checkTranscoding(problems.at('transcoding'), service.transcoding, protocol);
  }
}

/** A listener that others reach takes only those clients that shared proxies know. */
function checkLocalAddress(problems: Problems, address: string | undefined, shared: boolean): void {
  if (address === undefined) return;
  if (shared) checkIpAddress(problems, 'localAddress', address);
  else problems.check(LOOPBACK, 'localAddress', address, isLoopback);
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
  props: CallingProps,
  service: StandaloneService,
  namespace: string,
  program: Registry,
): ServiceSpec {
  const ports = knownPorts(service, namespace, program);
  const port = ports?.find((candidate) => service.port === undefined || candidate.port === service.port);
  const protocol = service.protocol ?? protocolOf(port);
  const { localPort, localAddress = props.listenAddress ?? '127.0.0.1', limits = {}, healthCheck } = service;
  return {
    host: targetOf(service).hosts?.[0] ?? '',
    port: service.port ?? port?.port ?? 0,
    subset: service.subset ?? '',
    protocol,
    identities: identitiesOf(service).map((identity) => spiffeIdOf(identity, props.mesh)),
    listen: localPort === undefined ? undefined : { address: localAddress, port: localPort },
    connectTimeoutSeconds: service.connectTimeoutSeconds ?? 5,
    timeoutSeconds: service.timeoutSeconds ?? 0,
    retries: resolveRetries(service.retries ?? DEFAULT_RETRIES, [trafficPort({ port: 0, protocol })]),
    limits: {
      maxConnections: limits.maxConnections ?? 1024,
      maxPendingRequests: limits.maxPendingRequests ?? 1024,
      maxRequests: limits.maxRequests ?? 1024,
      maxRetries: limits.maxRetries ?? 16,
    },
    healthCheck: healthCheck && resolveHealthCheck(healthCheck),
    transcoding: service.transcoding && resolveTranscoding(service.transcoding),
  };
}

/** Whose hosts are called. */
function targetOf({ group, machine, host }: StandaloneService): KnownTarget {
  if (group !== undefined) return knownTarget(TrafficTarget.group(group));
  return knownTarget(machine === undefined ? TrafficTarget.fromHost(host ?? '') : TrafficTarget.machine(machine));
}

/** Who may answer: of a group or machine its own ServiceAccount. */
function identitiesOf({ group, machine, identities = [] }: StandaloneService): readonly MeshIdentity[] {
  const members = group ?? machine;
  return members === undefined ? identities : [MeshIdentity.serviceAccount(members.namespace, members.serviceAccount)];
}

/** Ports of the host, where the program declares it. */
function knownPorts(
  service: StandaloneService,
  namespace: string,
  program: Registry,
): readonly TrafficPort[] | undefined {
  const target = targetOf(service);
  return resolveHosts(target, target.namespace ?? namespace, program)[0]?.ports;
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

function isHost(value: string): boolean {
  return value === value.toLowerCase() && isFqdn(value) && /[^.]\.[^.]/.test(value) && !value.endsWith('.');
}

/** Whether others than the machine itself can't reach an address. */
export function isLoopback(value: string): boolean {
  return isIpAddress(value) && (value.startsWith('127.') || value === '::1');
}
