import type { NamedConfig } from './config';
import type { ServiceSpec, TranscodingSpec } from './spec';

/** The filter, off for requests to services that speak gRPC alone. */
export function transcodingFilters(services: readonly ServiceSpec[]): readonly NamedConfig[] {
  if (services.every(({ transcoding }) => transcoding === undefined)) return [];
  return [
    {
      name: NAME,
      disabled: true,
      // Of no service: what holds is with each virtual host.
      typed_config: { '@type': TYPE, proto_descriptor_bin: '', services: [] },
    },
  ];
}

/** What the filter does with requests to a service. */
export function transcodingOf({ transcoding }: ServiceSpec): Readonly<Record<string, unknown>> | undefined {
  return transcoding && { [NAME]: transcoder(transcoding) };
}

function transcoder(spec: TranscodingSpec): unknown {
  return {
    '@type': TYPE,
    proto_descriptor_bin: spec.descriptor,
    services: spec.services,
    auto_mapping: spec.autoMapping,
    // Errors of the service become statuses of HTTP, with what they say as JSON.
    convert_grpc_status: true,
    ignore_unknown_query_parameters: spec.ignoreUnknownQueryParameters,
    // Without these the request goes on as it is.
    request_validation_options: {
      reject_unknown_method: !spec.passUnmapped,
      reject_unknown_query_parameters: !spec.ignoreUnknownQueryParameters,
    },
    max_request_body_size: spec.maxRequestBodyBytes,
    max_response_body_size: spec.maxResponseBodyBytes,
    print_options: {
      add_whitespace: spec.print.whitespace,
      always_print_primitive_fields: spec.print.defaults,
      always_print_enums_as_ints: spec.print.enumsAsNumbers,
      preserve_proto_field_names: spec.print.protoFieldNames,
      stream_newline_delimited: spec.print.newlineDelimitedStreams,
    },
  };
}

const NAME = 'envoy.filters.http.grpc_json_transcoder';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder';
