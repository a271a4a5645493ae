import { isDeferred, type Problems, rule } from '../../core/problems';
import {
  checkCount,
  checkCountAboveZero,
  checkLimit,
  checkPercent,
  checkPercentAboveZero,
} from '../../core/values/counts';
import { checkSeconds, checkSecondsOrZero } from '../../core/values/durations';
import { checkRequired } from '../../core/values/names';
import type { TrafficPort } from '../traffic-hosts';
import type {
  ConnectionPool,
  HttpConnectionPool,
  OutlierDetection,
  TcpConnectionPool,
  TrafficSettings,
} from '../traffic-settings';
import type { ServerVerification, UpstreamTls } from '../upstream-tls';
import { checkLoadBalancing, checkLocalityBalancing } from './load-balancing';

const POOL_EMPTY = rule({
  id: 'traffic/connection-pool-empty',
  origin: 'istio',
  allowed: 'tcp, http or both',
  remedy: 'set a limit, or leave the property out',
  source: 'istio validateConnectionPool: connection pool must have at least one field',
});
const GATEWAY_ERRORS = rule({
  id: 'traffic/gateway-errors-never-reached',
  origin: 'ignored',
  allowed: 'fewer consecutiveGatewayErrors than consecutive5xxErrors (5 unless set), or consecutive5xxErrors: 0',
  remedy: 'lower consecutiveGatewayErrors, or raise consecutive5xxErrors or turn it off with 0',
  source: 'Envoy: gateway errors count as 5xx errors too, which put the endpoint out first',
});
const NEEDS_OUTLIERS = rule({
  id: 'locality/needs-outlier-detection',
  origin: 'ignored',
  allowed: 'outlierDetection beside nearest, failover and failoverPriority',
  remedy: 'set outlierDetection: it is how callers find out that endpoints of their locality have failed',
  source:
    'istio loadbalancer: without outlier detection localities are not ordered; ValidateLocalityLbSetting warns of failover',
});
const WITHOUT_HTTP = rule({
  id: 'traffic/http-without-http-port',
  origin: 'ignored',
  allowed: 'settings of HTTP for hosts with a port of HTTP or gRPC',
  remedy: 'remove the setting, or name the port after its protocol ("http", "grpc")',
  source: 'istio: proxies look into requests on ports of HTTP alone',
});
const WITHOUT_HTTP2 = rule({
  id: 'traffic/http2-without-http2-port',
  origin: 'ignored',
  allowed: 'settings of HTTP/2 for hosts with a port of HTTP/2 or gRPC, or protocol: UPGRADE',
  remedy: 'remove the setting, name the port after its protocol ("http2", "grpc"), or set protocol',
  source: 'istio applyConnectionPool: only clusters that speak HTTP/2 get maxConcurrentStreams and http2KeepAlive',
});
const TLS_FILE = rule({
  id: 'traffic/tls-client-certificate',
  origin: 'istio',
  allowed: 'the paths of a certificate and of its key',
  remedy: 'give both; for the certificates of the mesh use istioMutual',
  source: 'istio ValidateTLS: client certificate and private key required for mutual tls',
});

/**
 * Everything about settings that Istio would refuse, or take and then ignore.
 *
 * @param own What the author wrote at this place.
 * @param effective That, and what it takes over from elsewhere.
 * @param ports The ports that it holds for, or undefined when nobody knows them.
 */
export function checkSettings(
  problems: Problems,
  own: TrafficSettings,
  effective: TrafficSettings,
  ports: readonly TrafficPort[] | undefined,
): void {
  if (own.connectionPool) checkPool(problems.at('connectionPool'), own.connectionPool, ports);
  if (own.outlierDetection) checkOutliers(problems.at('outlierDetection'), own.outlierDetection);
  if (own.loadBalancing) {
    const at = problems.at('loadBalancing');
    checkLoadBalancing(at, own.loadBalancing);
    const { key } = own.loadBalancing.consistentHash ?? {};
    if (key && !key.sourceIp) checkHttp(at, 'consistentHash.key', key, ports);
  }
  if (own.locality) {
    checkLocalityBalancing(problems.at('locality'), own.locality);
    const { disabled, distribute } = own.locality;
    if (!disabled && distribute === undefined && effective.outlierDetection === undefined) {
      problems.add(NEEDS_OUTLIERS, 'outlierDetection', undefined);
    }
  }
  if (own.tls) checkTls(problems.at('tls'), own.tls);
}

/** Whether an author has set any of the five. */
export function saysNothing(settings: TrafficSettings): boolean {
  const { connectionPool, outlierDetection, loadBalancing, locality, tls } = settings;
  return [connectionPool, outlierDetection, loadBalancing, locality, tls].every((value) => value === undefined);
}

function checkPool(problems: Problems, { tcp, http }: ConnectionPool, ports: readonly TrafficPort[] | undefined): void {
  if (tcp === undefined && http === undefined) problems.add(POOL_EMPTY, '', {});
  if (tcp) checkTcpPool(problems.at('tcp'), tcp);
  if (http) {
    checkHttp(problems, 'http', http, ports);
    checkHttpPool(problems.at('http'), http, ports);
  }
}

function checkTcpPool(problems: Problems, pool: TcpConnectionPool): void {
  checkLimit(problems, 'maxConnections', pool.maxConnections);
  checkSeconds(problems, 'connectTimeoutSeconds', pool.connectTimeoutSeconds);
  checkSecondsOrZero(problems, 'idleTimeoutSeconds', pool.idleTimeoutSeconds);
  checkSeconds(problems, 'maxConnectionDurationSeconds', pool.maxConnectionDurationSeconds);
  checkSeconds(problems, 'keepAlive.timeSeconds', pool.keepAlive?.timeSeconds);
  checkSeconds(problems, 'keepAlive.intervalSeconds', pool.keepAlive?.intervalSeconds);
  checkCountAboveZero(problems, 'keepAlive.probes', pool.keepAlive?.probes);
}

function checkHttpPool(problems: Problems, pool: HttpConnectionPool, ports: readonly TrafficPort[] | undefined): void {
  checkLimit(problems, 'http1MaxPendingRequests', pool.http1MaxPendingRequests);
  checkLimit(problems, 'http2MaxRequests', pool.http2MaxRequests);
  checkLimit(problems, 'maxRequestsPerConnection', pool.maxRequestsPerConnection);
  checkLimit(problems, 'maxRetries', pool.maxRetries);
  checkLimit(problems, 'maxConcurrentStreams', pool.maxConcurrentStreams);
  checkSeconds(problems, 'idleTimeoutSeconds', pool.idleTimeoutSeconds);
  const { http2KeepAlive, protocol, maxConcurrentStreams } = pool;
  if (http2KeepAlive) {
    checkSeconds(problems, 'http2KeepAlive.intervalSeconds', http2KeepAlive.intervalSeconds);
    checkSeconds(problems, 'http2KeepAlive.timeoutSeconds', http2KeepAlive.timeoutSeconds);
  }
  const http2 = String(protocol) === 'UPGRADE' || isDeferred(protocol) || (ports?.some((port) => port.http2) ?? true);
  for (const [property, value] of Object.entries({ http2KeepAlive, maxConcurrentStreams })) {
    if (value !== undefined && !http2) problems.add(WITHOUT_HTTP2, property, value);
  }
}

function checkOutliers(problems: Problems, outlier: OutlierDetection): void {
  const { consecutive5xxErrors, consecutiveGatewayErrors } = outlier;
  checkCount(problems, 'consecutive5xxErrors', consecutive5xxErrors);
  checkCount(problems, 'consecutiveGatewayErrors', consecutiveGatewayErrors);
  checkCountAboveZero(problems, 'consecutiveLocalOriginFailures', outlier.consecutiveLocalOriginFailures);
  checkSeconds(problems, 'intervalSeconds', outlier.intervalSeconds);
  checkSeconds(problems, 'baseEjectionTimeSeconds', outlier.baseEjectionTimeSeconds);
  checkPercentAboveZero(problems, 'maxEjectionPercent', outlier.maxEjectionPercent);
  checkPercent(problems, 'minHealthPercent', outlier.minHealthPercent);
  const errors = consecutive5xxErrors ?? 5;
  if (isDeferred(errors) || isDeferred(consecutiveGatewayErrors) || errors === 0) return;
  if (consecutiveGatewayErrors !== undefined && consecutiveGatewayErrors >= errors) {
    problems.add(GATEWAY_ERRORS, 'consecutiveGatewayErrors', consecutiveGatewayErrors);
  }
}

function checkTls(problems: Problems, { istioMutual, simple, mutual }: UpstreamTls): void {
  if (mutual !== undefined) {
    const { clientCertificate, privateKey } = mutual;
    for (const [property, value] of Object.entries({ clientCertificate, privateKey })) {
      problems.check(TLS_FILE, `mutual.${property}`, value, (path) => path !== '');
    }
  }
  for (const [kind, server] of Object.entries<ServerVerification | undefined>({ istioMutual, simple, mutual })) {
    if (server === undefined) continue;
    const at = problems.at(kind);
    const { sni, caCertificates, subjectAltNames } = server;
    for (const [property, value] of Object.entries({ sni, caCertificates })) {
      if (value !== undefined) checkRequired(at, property, value);
    }
    subjectAltNames?.forEach((name, index) => {
      checkRequired(at, `subjectAltNames[${index}]`, name);
    });
  }
}

function checkHttp(
  problems: Problems,
  property: string,
  value: unknown,
  ports: readonly TrafficPort[] | undefined,
): void {
  if (ports !== undefined && !ports.some(({ routing }) => routing === 'http')) {
    problems.add(WITHOUT_HTTP, property, value);
  }
}
