import { GrpcJsonTranscoding, type GrpcJsonTranscodingOptions, ServiceProtocol, type StandaloneEnvoy } from 'meshvm';
import { parse } from 'yaml';
import { problemsOf } from '../fixtures';
import { catalog, laptop } from './fixtures';

/** A FileDescriptorSet with one file of the name "a". */
const DESCRIPTOR_SET = Uint8Array.from([0x0a, 0x03, 0x0a, 0x01, 0x61]);
const OPTIONS: GrpcJsonTranscodingOptions = { services: ['shop.v1.Catalog'] };
const GOOD = GrpcJsonTranscoding.fromDescriptorSet(DESCRIPTOR_SET, OPTIONS);

function anEnvoy(protocol: ServiceProtocol, transcoding: GrpcJsonTranscoding): StandaloneEnvoy {
  return laptop({ services: [catalog({ port: 9000, localPort: 9000, protocol, transcoding })] });
}

function refusal(set: Uint8Array | string, options: Partial<GrpcJsonTranscodingOptions> = {}): readonly string[] {
  const transcoding = GrpcJsonTranscoding.fromDescriptorSet(set, { ...OPTIONS, ...options });
  return problemsOf(() => anEnvoy(ServiceProtocol.GRPC, transcoding)).map((problem) =>
    problem.replace('services[0].transcoding.', ''),
  );
}

describe('GrpcJsonTranscoding', () => {
  test('bytes and base64 are the same', () => {
    const { descriptorSet } = GrpcJsonTranscoding.fromDescriptorSet(DESCRIPTOR_SET, OPTIONS);
    expect(descriptorSet).toBe('CgMKAWE=');
    expect(GrpcJsonTranscoding.fromDescriptorSet('CgMKAWE=', OPTIONS).descriptorSet).toBe(descriptorSet);
  });

  test.each<[string, Uint8Array | string]>([
    ['nothing', ''],
    ['a proto file', Buffer.from('syntax = "proto3";')],
    ['text that is no base64', 'syntax = "proto3";'],
    ['base64 with line breaks', 'CgMK\nAWE='],
  ])('refuses %s as a descriptor set', (_, set) => {
    expect(refusal(set)).toEqual(['descriptorSet [standalone/descriptor-set]']);
  });

  test.each<[string, Partial<GrpcJsonTranscodingOptions>, readonly string[]]>([
    ['no services', { services: [] }, ['services [standalone/transcoding-without-services]']],
    ['a path', { services: ['shop.v1.Catalog/Get'] }, ['services[0] [standalone/transcoding-service]']],
    ['a service twice', { services: ['a.B', 'a.B'] }, ['services[1] [standalone/transcoding-service]']],
    [
      'no room',
      { maxRequestBodyBytes: 0, maxResponseBodyBytes: 1.5 },
      ['maxRequestBodyBytes [traffic/zero-is-no-limit]', 'maxResponseBodyBytes [traffic/count]'],
    ],
  ])('refuses %s', (_, options, expected) => {
    expect(refusal(DESCRIPTOR_SET, options)).toEqual(expected);
  });

  test('is for gRPC alone', () => {
    for (const protocol of [ServiceProtocol.HTTP1, ServiceProtocol.HTTP2, ServiceProtocol.TCP]) {
      expect(problemsOf(() => anEnvoy(protocol, GOOD))).toEqual([
        'services[0].transcoding [standalone/transcoding-without-grpc]',
      ]);
    }
  });

  test('stands in the configuration, with safe defaults', () => {
    const text = JSON.stringify(parse(anEnvoy(ServiceProtocol.GRPC, GOOD).files()['envoy.yaml']));
    expect(text).toContain('"proto_descriptor_bin":"CgMKAWE=","services":["shop.v1.Catalog"],"auto_mapping":false');
    expect(text).toContain('"max_request_body_size":1048576,"max_response_body_size":1048576');
    expect(text).toContain(
      '"request_validation_options":{"reject_unknown_method":true,"reject_unknown_query_parameters":true}',
    );
  });
});
