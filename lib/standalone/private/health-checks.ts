import { type Problems, rule } from '../../core/problems';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { HealthCheckSpec } from '../envoy/spec';
import type { ServiceHealthCheck, ServiceHealthCheckOptions } from '../service-health-check';
import { checkHealthPath } from './health-path';

const OF_PROTOCOL = rule({
  id: 'standalone/health-check-of-other-protocol',
  origin: 'ignored',
  allowed: 'http for HTTP1 and HTTP2, grpc for GRPC, connect for any',
  remedy: 'use connect, or the one of the protocol',
  source: 'Envoy: a gRPC health check needs HTTP/2; an HTTP one fails against what is no HTTP',
});

const PROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  http: [ServiceProtocol.HTTP1, ServiceProtocol.HTTP2],
  grpc: [ServiceProtocol.GRPC],
};

/** Everything about a health check that would never succeed. */
export function checkHealthCheck(
  problems: Problems,
  check: ServiceHealthCheck,
  protocol: ServiceProtocol | undefined,
): void {
  const { kind, options } = kindOf(check);
  const allowed = PROTOCOLS[kind];
  if (protocol !== undefined && allowed !== undefined && !allowed.includes(protocol)) {
    problems.add(OF_PROTOCOL, '', kind);
  }
  checkHealthPath(problems, 'http.path', check.http?.path);
  const at = problems.at(kind);
  checkSeconds(at, 'intervalSeconds', options.intervalSeconds);
  checkSeconds(at, 'timeoutSeconds', options.timeoutSeconds);
  checkCountAboveZero(at, 'unhealthyThreshold', options.unhealthyThreshold);
  checkCountAboveZero(at, 'healthyThreshold', options.healthyThreshold);
}

/** A health check with every default. Total. */
export function resolveHealthCheck(check: ServiceHealthCheck): HealthCheckSpec {
  const { kind, options } = kindOf(check);
  return {
    kind,
    path: check.http?.path,
    service: check.grpc?.service,
    intervalSeconds: options.intervalSeconds ?? 10,
    timeoutSeconds: options.timeoutSeconds ?? 2,
    unhealthyThreshold: options.unhealthyThreshold ?? 3,
    healthyThreshold: options.healthyThreshold ?? 1,
  };
}

function kindOf({ http, grpc, connect = {} }: ServiceHealthCheck): Kind {
  if (http !== undefined) return { kind: 'http', options: http };
  return grpc === undefined ? { kind: 'connect', options: connect } : { kind: 'grpc', options: grpc };
}

interface Kind {
  readonly kind: HealthCheckSpec['kind'];
  readonly options: ServiceHealthCheckOptions;
}
