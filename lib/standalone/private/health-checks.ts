import { type Problems, rule } from '../../core/problems';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { ServiceHealthCheck } from '../service-health-check';

const OF_PROTOCOL = rule({
  id: 'standalone/health-check-of-other-protocol',
  origin: 'ignored',
  allowed: 'http for HTTP1 and HTTP2, grpc for GRPC, connect for any',
  remedy: 'use ServiceHealthCheck.connect(), or the one of the protocol',
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
  const allowed = PROTOCOLS[check.kind];
  if (protocol !== undefined && allowed !== undefined && !allowed.includes(protocol)) {
    problems.add(OF_PROTOCOL, '', check.kind);
  }
  const { intervalSeconds, timeoutSeconds, unhealthyThreshold, healthyThreshold } = check.options;
  checkSeconds(problems, 'intervalSeconds', intervalSeconds);
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  checkCountAboveZero(problems, 'unhealthyThreshold', unhealthyThreshold);
  checkCountAboveZero(problems, 'healthyThreshold', healthyThreshold);
}
