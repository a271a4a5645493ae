import { healthCheckOf, type ServiceHealthCheckData } from '../private/from-data';
import { ServiceHealthCheck, type ServiceHealthCheckOptions } from '../service-health-check';
import type { Choices, FileFields } from './file-fields';

/** What Envoy asks a service or an application, in a machine file. */
export function readHealthCheck(fields: FileFields): ServiceHealthCheck | undefined {
  const data = fields.optionalChoice('healthCheck', HEALTH_CHECK);
  if (data === undefined) return undefined;
  // Only the path can be wrong here. The others are checked with the rest, so they stay.
  return healthCheckOf(fields.data, 'healthCheck', data) ?? ServiceHealthCheck.connect(data.http);
}

const HEALTH_CHECK: Choices<ServiceHealthCheckData> = {
  http: (fields) => ({ http: { path: fields.text('path'), ...readOptions(fields) } }),
  grpc: (fields) => ({ grpc: { service: fields.optionalText('service'), ...readOptions(fields) } }),
  connect: (fields) => ({ connect: readOptions(fields) }),
};

function readOptions(fields: FileFields): ServiceHealthCheckOptions {
  return {
    intervalSeconds: fields.optionalNumber('intervalSeconds'),
    timeoutSeconds: fields.optionalNumber('timeoutSeconds'),
    unhealthyThreshold: fields.optionalNumber('unhealthyThreshold'),
    healthyThreshold: fields.optionalNumber('healthyThreshold'),
  };
}
