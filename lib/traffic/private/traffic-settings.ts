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
import type {
  ConnectionPool,
  HttpConnectionPool,
  OutlierDetection,
  TcpConnectionPool,
  TrafficSettings,
} from '../traffic-settings';
import type { UpstreamTls } from '../upstream-tls';
import { checkLoadBalancing, checkLocalityBalancing } from './load-balancing';
import type { TrafficPort } from './traffic-hosts';

const POOL_EMPTY = rule({
  id: 'traffic/connection-pool-empty',
  origin: 'istio',
  allowed: 'tcp, http or both',
  remedy: 'set a limit, or leave the property out',
  source: 'istio validateConnectionPool: connection pool must have at least one field',
});
const HTTP_PROTOCOL = rule({
  id: 'traffic/http-protocol',
  origin: 'meshvm',
  allowed: 'an UpstreamHttpProtocol',
  remedy: 'use the enum',
  source: 'CRD of DestinationRule: h2UpgradePolicy and useClientProtocol, of which UPGRADE and true exclude each other',
});
const KEEP_ALIVE = rule({
  id: 'traffic/http2-keep-alive-incomplete',
  origin: 'istio',
  allowed: 'intervalSeconds and timeoutSeconds together',
  remedy: 'give both',
  source: 'istio validateConnectionPool: http2 keepalive interval and timeout are required',
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
  allowed: 'settings of HTTP/2 for hosts with a port of HTTP/2 or gRPC, or protocol: UpstreamHttpProtocol.HTTP2',
  remedy: 'remove the setting, name the port after its protocol ("http2", "grpc"), or set protocol',
  source: 'istio applyConnectionPool: only clusters that speak HTTP/2 get maxConcurrentStreams and http2KeepAlive',
});
const TLS_FILE = rule({
  id: 'traffic/tls-client-certificate',
  origin: 'istio',
  allowed: 'the paths of a certificate and of its key',
  remedy: 'give both; for the certificates of the mesh use UpstreamTls.istioMutual',
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
    const { hashKey } = own.loadBalancing;
    if (hashKey && !hashKey.isSourceIp) checkHttp(at, 'hashKey', 'a key in HTTP requests', ports);
  }
  if (own.locality) {
    checkLocalityBalancing(problems.at('locality'), own.locality);
    const { enabled, distribute } = own.locality;
    if (enabled && distribute === undefined && effective.outlierDetection === undefined) {
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
    checkHttp(problems, 'http', 'limits on HTTP', ports);
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
    const { intervalSeconds, timeoutSeconds } = http2KeepAlive;
    if (intervalSeconds === undefined || timeoutSeconds === undefined) {
      problems.add(KEEP_ALIVE, 'http2KeepAlive', http2KeepAlive);
    }
    checkSeconds(problems, 'http2KeepAlive.intervalSeconds', intervalSeconds);
    checkSeconds(problems, 'http2KeepAlive.timeoutSeconds', timeoutSeconds);
  }
  if (protocol !== undefined && !isDeferred(protocol) && !HTTP_PROTOCOLS.has(protocol)) {
    problems.add(HTTP_PROTOCOL, 'protocol', protocol);
  }
  const http2 = String(protocol) === 'UPGRADE' || isDeferred(protocol) || (ports?.some((port) => port.http2) ?? true);
  for (const [property, value] of Object.entries({ http2KeepAlive, maxConcurrentStreams })) {
    if (value !== undefined && !http2) problems.add(WITHOUT_HTTP2, property, value);
  }
}

const HTTP_PROTOCOLS = new Set<unknown>(['UPGRADE', 'DO_NOT_UPGRADE', 'CLIENT']);

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

function checkTls(problems: Problems, { mode, settings }: UpstreamTls): void {
  const { clientCertificate, privateKey, sni, caCertificates, subjectAltNames } = settings;
  if (mode === 'MUTUAL') {
    for (const [property, value] of Object.entries({ clientCertificate, privateKey })) {
      if (!isDeferred(value) && (typeof value !== 'string' || value === '')) problems.add(TLS_FILE, property, value);
    }
  }
  for (const [property, value] of Object.entries({ sni, caCertificates })) {
    if (value !== undefined) checkRequired(problems, property, value);
  }
  subjectAltNames?.forEach((name, index) => {
    checkRequired(problems, `subjectAltNames[${index}]`, name);
  });
}

function checkHttp(
  problems: Problems,
  property: string,
  value: string,
  ports: readonly TrafficPort[] | undefined,
): void {
  if (ports !== undefined && !ports.some(({ routing }) => routing === 'http')) {
    problems.add(WITHOUT_HTTP, property, value);
  }
}
