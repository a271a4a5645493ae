import type { EnvoySpec } from './spec';

/**
 * A line of JSON for each request, or for each connection that carries no HTTP. Standard output has a logger of its own: the other opens the
 * file /dev/stdout, which the kernel refuses where it is a socket, as under systemd (ENXIO).
 */
export function accessLog({ accessLogPath }: EnvoySpec, fields: LogFields): readonly unknown[] | undefined {
  if (accessLogPath === undefined) return undefined;
  const loggers = 'type.googleapis.com/envoy.extensions.access_loggers';
  const log_format = { json_format: fields };
  if (accessLogPath === '/dev/stdout') {
    const typed_config = { '@type': `${loggers}.stream.v3.StdoutAccessLog`, log_format };
    return [{ name: 'envoy.access_loggers.stdout', typed_config }];
  }
  const typed_config = { '@type': `${loggers}.file.v3.FileAccessLog`, path: accessLogPath, log_format };
  return [{ name: 'envoy.access_loggers.file', typed_config }];
}

/** Fields of a line, by their names: Envoy's command operators. */
export type LogFields = Readonly<Record<string, string>>;

/** Of each connection. */
export const TCP_FIELDS: LogFields = {
  start_time: '%START_TIME%',
  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_peer: '%UPSTREAM_PEER_URI_SAN%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  downstream_peer: '%DOWNSTREAM_PEER_URI_SAN%',
  response_flags: '%RESPONSE_FLAGS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  duration: '%DURATION%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
};

/** Of each request. No query: it may hold secrets. */
export const HTTP_FIELDS: LogFields = {
  ...TCP_FIELDS,
  method: '%REQ(:METHOD)%',
  authority: '%REQ(:AUTHORITY)%',
  path: '%PATH(NQ)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  grpc_status: '%GRPC_STATUS%',
  request_id: '%REQ(X-REQUEST-ID)%',
  upstream_request_attempt_count: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
};
