import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { outboundListeners } from '../../../lib/standalone/envoy/listeners';
import type { TranscodingSpec } from '../../../lib/standalone/envoy/spec';
import { transcodingFilters, transcodingOf } from '../../../lib/standalone/envoy/transcoding';
import { anEnvoy, aService, printed } from './spec';

const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder';
const NAME = 'envoy.filters.http.grpc_json_transcoder';
const SPEC: TranscodingSpec = {
  descriptor: 'Cgdh',
  services: ['shop.v1.Catalog'],
  autoMapping: false,
  passUnmapped: false,
  ignoreUnknownQueryParameters: false,
  maxRequestBodyBytes: 1000,
  maxResponseBodyBytes: 2000,
  print: {
    whitespace: false,
    defaults: true,
    enumsAsNumbers: false,
    protoFieldNames: false,
    newlineDelimitedStreams: false,
  },
};
const transcoded = aService({ protocol: ServiceProtocol.GRPC, transcoding: SPEC });

test('a service that is called with JSON says how', () => {
  expect(transcodingOf(transcoded)).toStrictEqual({
    [NAME]: {
      '@type': TYPE,
      proto_descriptor_bin: 'Cgdh',
      services: ['shop.v1.Catalog'],
      auto_mapping: false,
      convert_grpc_status: true,
      ignore_unknown_query_parameters: false,
      request_validation_options: { reject_unknown_method: true, reject_unknown_query_parameters: true },
      max_request_body_size: 1000,
      max_response_body_size: 2000,
      print_options: {
        add_whitespace: false,
        always_print_primitive_fields: true,
        always_print_enums_as_ints: false,
        preserve_proto_field_names: false,
        stream_newline_delimited: false,
      },
    },
  });
});

test('what is not mapped goes on only where that is wanted', () => {
  const spec = { ...SPEC, passUnmapped: true, ignoreUnknownQueryParameters: true };
  expect(transcodingOf(aService({ transcoding: spec }))).toMatchObject({
    [NAME]: {
      ignore_unknown_query_parameters: true,
      request_validation_options: { reject_unknown_method: false, reject_unknown_query_parameters: false },
    },
  });
});

test('other services have none of it', () => {
  expect(transcodingOf(aService())).toBeUndefined();
  expect(transcodingFilters([aService()])).toEqual([]);
  expect(JSON.stringify(outboundListeners(anEnvoy()))).not.toContain('transcoder');
});

test('on a listener of several services it is on for those that have it', () => {
  const services = [{ ...transcoded, listen: undefined }, aService({ host: 'other.example.com', listen: undefined })];
  const [listener] = printed(outboundListeners(anEnvoy({ services }))) as readonly [
    {
      readonly filter_chains: readonly [
        {
          readonly filters: readonly [
            {
              readonly typed_config: {
                readonly http_filters: readonly object[];
                readonly route_config: {
                  readonly virtual_hosts: readonly { readonly typed_per_filter_config?: object }[];
                };
              };
            },
          ];
        },
      ];
    },
  ];
  const { http_filters, route_config } = listener.filter_chains[0].filters[0].typed_config;
  expect(http_filters[0]).toStrictEqual({
    name: NAME,
    disabled: true,
    typed_config: { '@type': TYPE, proto_descriptor_bin: '', services: [] },
  });
  expect(route_config.virtual_hosts.map((host) => Object.keys(host.typed_per_filter_config ?? {}))).toEqual([
    [NAME],
    [],
  ]);
});
