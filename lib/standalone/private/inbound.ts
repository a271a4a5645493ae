import type { Caller } from '../../access/caller';
import { checkCaller, type KnownCaller, knownCaller } from '../../access/caller-checks';
import { type Problems, rule } from '../../core/problems';
import { checkIpAddress } from '../../core/values/addresses';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { checkPortNumber } from '../../core/values/ports';
import type { Mesh } from '../../mesh/mesh';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { HttpsLoadBalancerSpec, IdentityMatch, InboundPortSpec, InboundSpec } from '../envoy/spec';
import type { InboundCalls, InboundHealthEndpoint, InboundPort } from '../inbound-calls';
import { checkHealthCheck, resolveHealthCheck } from './health-checks';
import { checkHealthPath } from './health-path';
import { type BalancerSources, checkSources } from './inbound-exposure';
import { isLoopback } from './services';

const NO_PORTS = rule({
  id: 'standalone/inbound-without-ports',
  origin: 'meshvm',
  allowed: 'at least one port',
  remedy: 'name the ports on which the machine takes calls, or leave inbound out',
  source: 'meshvm: calls come to ports',
});
const NOBODY = rule({
  id: 'standalone/inbound-without-callers',
  origin: 'meshvm',
  allowed: 'at least one caller for each port',
  remedy: 'name who may call, by serviceAccount or namespace',
  source: 'meshvm: nobody is let in by default, and a port that takes nobody has no use',
});
const NOT_SEEN = rule({
  id: 'standalone/inbound-callers-not-seen',
  origin: 'meshvm',
  allowed: 'no callers behind an httpsLoadBalancer',
  remedy: 'remove them and rely on sourceRanges and tokens, or use a load balancer that passes TCP on (loadBalancer)',
  source: 'meshvm: the load balancer ends the TLS of its callers, and no certificate of them reaches the machine',
});
const BY_ADDRESS = rule({
  id: 'standalone/inbound-caller-by-address',
  origin: 'meshvm',
  allowed: 'callers with an identity',
  remedy: 'name groups, ServiceAccounts or namespaces; authenticated is everybody in the mesh',
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
const TCP_BEHIND_HTTPS = rule({
  id: 'standalone/inbound-tcp-behind-https',
  origin: 'meshvm',
  allowed: 'HTTP1, HTTP2 and GRPC behind an httpsLoadBalancer',
  remedy: 'use a loadBalancer for TCP',
  source: 'meshvm: load balancers that end HTTPS pass on requests, no connections',
});
const NOT_TCP = rule({
  id: 'standalone/inbound-timeout-of-tcp',
  origin: 'ignored',
  allowed: 'timeoutSeconds only with HTTP and gRPC',
  remedy: 'remove it; idleTimeoutSeconds holds for every protocol',
  source: 'Envoy: routes have timeouts, TCP connections have none',
});

/** What a machine needs to know of the calls that it takes. */
export interface TakenCalls {
  readonly exposure: { readonly httpsLoadBalancer?: BalancerSources };
  readonly ports: readonly TakenPort[];
  readonly callers?: readonly Caller[];
  readonly listenAddress?: string;
  readonly health?: InboundHealthEndpoint;
}

/** A port of the machine, whatever the mesh calls it. */
export interface TakenPort extends Omit<InboundPort, 'name' | 'port' | 'exposedPort'> {
  readonly listenPort: number;
}

/** The machine's part of calls. */
export function takenCalls({ ports, ...calls }: InboundCalls): TakenCalls {
  return { ...calls, ports: ports.map((port) => ({ ...port, listenPort: port.listenPort ?? port.port })) };
}

/** What the machine takes, with every default. Total. */
export function resolveInbound(calls: TakenCalls, mesh: Mesh): InboundSpec {
  const { health, exposure } = calls;
  return {
    listenAddress: calls.listenAddress ?? '0.0.0.0',
    ports: calls.ports.map((port) => resolvePort(calls, port, mesh)),
    httpsLoadBalancer: exposure.httpsLoadBalancer && resolveLoadBalancer(exposure.httpsLoadBalancer),
    health: health && { port: health.port, path: health.path ?? '/healthz' },
  };
}

/** Everything about what the machine takes that Envoy would refuse, or take and do something else. */
export function checkInbound(problems: Problems, calls: TakenCalls): void {
  const { httpsLoadBalancer: balancer } = calls.exposure;
  if (balancer !== undefined) checkSources(problems.at('exposure.httpsLoadBalancer'), balancer);
  checkIpAddress(problems, 'listenAddress', calls.listenAddress ?? '0.0.0.0');
  calls.callers?.forEach((caller, index) => void checkInboundCaller(problems, `callers[${index}]`, caller));
  if (balancer !== undefined && calls.callers !== undefined) problems.add(NOT_SEEN, 'callers', calls.callers.length);
  if (calls.ports.length === 0) problems.add(NO_PORTS, 'ports', []);
  calls.ports.forEach((port, index) => void checkPort(problems.at(`ports[${index}]`), calls, port));
  if (calls.health === undefined) return;
  checkPortNumber(problems, 'health.port', calls.health.port);
  checkHealthPath(problems, 'health.path', calls.health.path ?? '/healthz');
}

function checkPort(problems: Problems, calls: TakenCalls, port: TakenPort): void {
  const { protocol, applicationAddress: address = '127.0.0.1', timeoutSeconds, limits = {}, healthCheck } = port;
  checkPortNumber(problems, 'applicationPort', port.applicationPort);
  checkPortNumber(problems, 'listenPort', port.listenPort);
  problems.check(APPLICATION, 'applicationAddress', address, isLoopback);
  const listens = calls.listenAddress ?? '0.0.0.0';
  const shared = listens === '0.0.0.0' || listens === '::' || listens === address;
  if (shared && port.applicationPort === port.listenPort) {
    problems.add(SAME_PORT, 'applicationPort', port.applicationPort);
  }
  checkCallers(problems, calls, port);
  const tcp = protocol === ServiceProtocol.TCP;
  if (tcp && calls.exposure.httpsLoadBalancer !== undefined) problems.add(TCP_BEHIND_HTTPS, 'protocol', protocol);
  if (tcp && timeoutSeconds !== undefined) problems.add(NOT_TCP, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  checkSeconds(problems, 'connectTimeoutSeconds', port.connectTimeoutSeconds);
  checkSeconds(problems, 'idleTimeoutSeconds', port.idleTimeoutSeconds);
  for (const [name, value] of Object.entries(limits)) checkCountAboveZero(problems, `limits.${name}`, value);
  if (healthCheck !== undefined) checkHealthCheck(problems.at('healthCheck'), healthCheck, protocol);
}

function checkCallers(problems: Problems, calls: TakenCalls, port: TakenPort): void {
  port.callers?.forEach((caller, index) => void checkInboundCaller(problems, `callers[${index}]`, caller));
  if (calls.exposure.httpsLoadBalancer === undefined) {
    if ((port.callers ?? calls.callers ?? []).length === 0) problems.add(NOBODY, 'callers', []);
  } else if (port.callers !== undefined) problems.add(NOT_SEEN, 'callers', port.callers.length);
}

function checkInboundCaller(problems: Problems, property: string, caller: Caller): void {
  if (caller.addresses === undefined) checkCaller(problems, property, caller);
  else problems.add(BY_ADDRESS, `${property}.addresses`, caller.addresses);
}

function resolvePort(calls: TakenCalls, port: TakenPort, mesh: Mesh): InboundPortSpec {
  const { limits = {}, protocol } = port;
  const callers = (port.callers ?? calls.callers ?? []).filter(({ addresses }) => addresses === undefined);
  return {
    listenPort: port.listenPort,
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

function resolveLoadBalancer(options: BalancerSources): HttpsLoadBalancerSpec {
  return { cidrs: options.sourceRanges, tls: options.tlsToMachine ?? true, tokens: options.tokens };
}
