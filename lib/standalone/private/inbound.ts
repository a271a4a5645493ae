import type { Caller } from '../../access/caller';
import { checkCaller, type KnownCaller, knownCaller } from '../../access/caller-checks';
import accessShapes from '../../access/shapes.json';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { readShape } from '../../core/spec/shape';
import { checkIpAddress } from '../../core/values/addresses';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { checkPortNumber } from '../../core/values/ports';
import type { Mesh } from '../../mesh/mesh';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { HttpsLoadBalancerSpec, IdentityMatch, InboundPortSpec, InboundSpec } from '../envoy/spec';
import type { HttpsLoadBalancerOptions } from '../https-load-balancer-options';
import type { InboundCalls, InboundPort } from '../inbound-calls';
import { checkHealthCheck } from './health-checks';
import { checkHealthPath } from './health-path';
import { isLoopback, resolveHealthCheck } from './services';

const NOBODY = rule({
  id: 'standalone/inbound-without-callers',
  origin: 'meshvm',
  allowed: 'at least one caller for each port',
  remedy: 'name who may call, such as Caller.serviceAccount(namespace, name)',
  source: 'meshvm: nobody is let in by default, and a port that takes nobody has no use',
});
const NOT_SEEN = rule({
  id: 'standalone/inbound-callers-not-seen',
  origin: 'meshvm',
  allowed: 'no callers behind InboundExposure.httpsLoadBalancer',
  remedy:
    'remove them and rely on sourceRanges and tokens, or use a load balancer that passes TCP on: InboundExposure.loadBalancer',
  source: 'meshvm: the load balancer ends the TLS of its callers, and no certificate of them reaches the machine',
});
const BY_ADDRESS = rule({
  id: 'standalone/inbound-caller-by-address',
  origin: 'meshvm',
  allowed: 'callers with an identity',
  remedy: 'name groups, ServiceAccounts or namespaces; Caller.authenticated() is everybody in the mesh',
  source: 'meshvm: mutual TLS is required of all, and an address proves nothing beside it',
});
const APPLICATION = rule({
  id: 'standalone/inbound-application-address',
  origin: 'meshvm',
  allowed: 'an address of 127.0.0.0/8, or ::1',
  remedy: 'let the application listen on loopback: on any other address it could be called past Envoy',
  source: 'meshvm: what Envoy checks holds only for what it alone can reach',
});
const SAME_PORT = rule({
  id: 'standalone/inbound-application-port',
  origin: 'meshvm',
  allowed: 'another port than that on which Envoy takes the calls',
  remedy: 'give listenPort or applicationPort another number, or listenAddress the address of one interface',
  source: 'Linux: a socket on all addresses and one on loopback can not have the same port',
});
const EXPOSED_TWICE = rule({
  id: 'standalone/inbound-exposed-port-twice',
  origin: 'ignored',
  allowed: 'each port of the addresses or load balancer once',
  remedy: 'give the ports different values of exposedPort',
  source: 'meshvm: calls to both ports of the host would end at the same application',
});
const TCP_BEHIND_HTTPS = rule({
  id: 'standalone/inbound-tcp-behind-https',
  origin: 'meshvm',
  allowed: 'HTTP1, HTTP2 and GRPC behind InboundExposure.httpsLoadBalancer',
  remedy: 'use InboundExposure.loadBalancer for TCP',
  source: 'meshvm: load balancers that end HTTPS pass on requests, no connections',
});
const NOT_TCP = rule({
  id: 'standalone/inbound-timeout-of-tcp',
  origin: 'ignored',
  allowed: 'timeoutSeconds only with HTTP and gRPC',
  remedy: 'remove it; idleTimeoutSeconds holds for every protocol',
  source: 'Envoy: routes have timeouts, TCP connections have none',
});

/** What the machine takes, with every default. Total. */
export function resolveInbound(calls: InboundCalls, mesh: Mesh): InboundSpec {
  const { health, exposure } = calls;
  return {
    listenAddress: calls.listenAddress ?? '0.0.0.0',
    ports: calls.ports.map((port) => resolvePort(calls, port, mesh)),
    httpsLoadBalancer: exposure.httpsOptions && resolveLoadBalancer(exposure.httpsOptions),
    health: health && { port: health.port, path: health.path ?? '/healthz' },
  };
}

/** Everything about what the machine takes that Envoy would refuse, or take and do something else. */
export function checkInbound(problems: Problems, calls: InboundCalls): void {
  checkIpAddress(problems, 'listenAddress', calls.listenAddress ?? '0.0.0.0');
  calls.callers?.forEach((caller, index) => void checkInboundCaller(problems, `callers[${index}]`, caller));
  if (calls.exposure.httpsOptions !== undefined && calls.callers !== undefined) {
    problems.add(NOT_SEEN, 'callers', calls.callers.length);
  }
  const exposed = new Set<unknown>();
  calls.ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    checkPort(at, calls, port);
    const number = exposedPort(calls, port);
    if (exposed.has(number)) at.add(EXPOSED_TWICE, 'exposedPort', number);
    if (!isDeferred(number)) exposed.add(number);
  });
  if (calls.health === undefined) return;
  checkPortNumber(problems, 'health.port', calls.health.port);
  checkHealthPath(problems, 'health.path', calls.health.path ?? '/healthz');
}

/** Port at the addresses that callers connect to. */
export function exposedPort({ exposure }: InboundCalls, port: InboundPort): number {
  return port.exposedPort ?? (exposure.httpsOptions === undefined ? (port.listenPort ?? port.port) : 443);
}

function checkPort(problems: Problems, calls: InboundCalls, port: InboundPort): void {
  const { protocol, applicationAddress: address = '127.0.0.1', timeoutSeconds, limits = {}, healthCheck } = port;
  checkPortNumber(problems, 'applicationPort', port.applicationPort);
  if (port.listenPort !== undefined) checkPortNumber(problems, 'listenPort', port.listenPort);
  if (port.exposedPort !== undefined) checkPortNumber(problems, 'exposedPort', port.exposedPort);
  if (!isDeferred(address) && !isLoopback(address)) problems.add(APPLICATION, 'applicationAddress', address);
  const listens = calls.listenAddress ?? '0.0.0.0';
  const shared = listens === '0.0.0.0' || listens === '::' || listens === address;
  if (shared && port.applicationPort === (port.listenPort ?? port.port)) {
    problems.add(SAME_PORT, 'applicationPort', port.applicationPort);
  }
  checkCallers(problems, calls, port);
  const tcp = protocol === ServiceProtocol.TCP;
  if (tcp && calls.exposure.httpsOptions !== undefined) problems.add(TCP_BEHIND_HTTPS, 'protocol', protocol);
  if (tcp && timeoutSeconds !== undefined) problems.add(NOT_TCP, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'connectTimeoutSeconds', port.connectTimeoutSeconds);
  checkSeconds(problems, 'idleTimeoutSeconds', port.idleTimeoutSeconds);
  for (const [name, value] of Object.entries(limits)) checkCountAboveZero(problems, `limits.${name}`, value);
  if (healthCheck !== undefined) checkHealthCheck(problems.at('healthCheck'), healthCheck, protocol);
}

function checkCallers(problems: Problems, calls: InboundCalls, port: InboundPort): void {
  port.callers?.forEach((caller, index) => void checkInboundCaller(problems, `callers[${index}]`, caller));
  if (calls.exposure.httpsOptions === undefined) {
    if ((port.callers ?? calls.callers ?? []).length === 0) problems.add(NOBODY, 'callers', []);
  } else if (port.callers !== undefined) problems.add(NOT_SEEN, 'callers', port.callers.length);
}

function checkInboundCaller(problems: Problems, property: string, caller: Caller): void {
  // A caller of whom nothing is said would be everybody.
  const before = problems.all.length;
  readShape(problems.at(property), caller, accessShapes, 'Caller');
  if (problems.all.length > before) return;
  if (caller.addresses === undefined) checkCaller(problems, property, caller);
  else problems.add(BY_ADDRESS, `${property}.addresses`, caller.addresses);
}

function resolvePort(calls: InboundCalls, port: InboundPort, mesh: Mesh): InboundPortSpec {
  const { limits = {}, protocol } = port;
  const callers = (port.callers ?? calls.callers ?? []).filter(({ addresses }) => addresses === undefined);
  return {
    listenPort: port.listenPort ?? port.port,
    application: { address: port.applicationAddress ?? '127.0.0.1', port: port.applicationPort },
    protocol,
    callers: callers.map((caller) => identityOf(knownCaller(caller), mesh)),
    connectTimeoutSeconds: port.connectTimeoutSeconds ?? 2,
    timeoutSeconds: port.timeoutSeconds ?? 0,
    idleTimeoutSeconds: port.idleTimeoutSeconds ?? 3600,
    limits: {
      maxConnections: limits.maxConnections ?? 1024,
      maxPendingRequests: limits.maxPendingRequests ?? 1024,
      maxRequests: limits.maxRequests ?? 1024,
      maxRetries: 1,
    },
    healthCheck: port.healthCheck && resolveHealthCheck(port.healthCheck),
  };
}

/** As AuthorizationPolicies of the mesh read callers: a namespace is that of every trust domain that the roots vouch for. */
function identityOf({ namespace, serviceAccount: account }: KnownCaller, mesh: Mesh): IdentityMatch {
  if (namespace === undefined) return { pattern: 'spiffe://.+' };
  if (account === undefined) return { pattern: `spiffe://[^/]+/ns/${namespace}/sa/[^/]+` };
  return { exact: mesh.spiffeId(namespace, account) };
}

function resolveLoadBalancer(options: HttpsLoadBalancerOptions): HttpsLoadBalancerSpec {
  return { cidrs: options.sourceRanges, tls: options.tlsToMachine ?? true, tokens: options.tokens };
}
