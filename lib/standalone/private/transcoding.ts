import { type Problems, rule } from '../../core/problems';
import { checkCountAboveZero } from '../../core/values/counts';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { TranscodingSpec } from '../envoy/spec';
import type { GrpcJsonTranscoding } from '../grpc-json-transcoding';

const DESCRIPTOR = rule({
  id: 'standalone/descriptor-set',
  origin: 'meshvm',
  allowed: 'a FileDescriptorSet as protoc writes it, or the same in base64',
  remedy: 'make it with protoc --include_imports --descriptor_set_out; a proto file is none',
  source: 'Envoy: transcoding_filter: Unable to parse proto descriptor',
});
const NO_SERVICES = rule({
  id: 'standalone/transcoding-without-services',
  origin: 'ignored',
  allowed: 'at least one service of the descriptor set',
  remedy: 'name the services that may be called',
  source: 'Envoy: without services the transcoder does nothing',
});
const SERVICE_NAME = rule({
  id: 'standalone/transcoding-service',
  origin: 'meshvm',
  allowed: 'the full name of a gRPC service, such as shop.v1.Catalog, once',
  remedy: 'write package and service as the proto file has them, without "/" and method',
  source: "Envoy: transcoding_filter: Could not find '<name>' in the proto descriptor",
});
const NOT_GRPC = rule({
  id: 'standalone/transcoding-without-grpc',
  origin: 'ignored',
  allowed: 'transcoding for services that speak GRPC',
  remedy: 'set protocol to GRPC, or leave transcoding out',
  source: 'Envoy grpc_json_transcoder makes gRPC requests, which no other service understands',
});

/** Everything about transcoding that Envoy would refuse, as far as it can be told without reading the descriptor set. */
export function checkTranscoding(
  problems: Problems,
  { descriptorSet, services, maxRequestBodyBytes, maxResponseBodyBytes }: GrpcJsonTranscoding,
  protocol: ServiceProtocol | undefined,
): void {
  if (protocol !== undefined && protocol !== ServiceProtocol.GRPC) problems.add(NOT_GRPC, '', services);
  problems.check(DESCRIPTOR, 'descriptorSet', descriptorSet, isDescriptorSet);
  if (services.length === 0) problems.add(NO_SERVICES, 'services', []);
  services.forEach((service, index) => {
    const first = services.indexOf(service) === index;
    const fits = (name: string) => first && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name);
    problems.check(SERVICE_NAME, `services[${index}]`, service, fits);
  });
  checkCountAboveZero(problems, 'maxRequestBodyBytes', maxRequestBodyBytes);
  checkCountAboveZero(problems, 'maxResponseBodyBytes', maxResponseBodyBytes);
}

/** Transcoding with every default. Total. */
export function resolveTranscoding(transcoding: GrpcJsonTranscoding): TranscodingSpec {
  const { print = {} } = transcoding;
  return {
    descriptor: transcoding.descriptorSet,
    services: transcoding.services,
    autoMapping: transcoding.autoMapping ?? false,
    passUnmapped: transcoding.passUnmapped ?? false,
    ignoreUnknownQueryParameters: transcoding.ignoreUnknownQueryParameters ?? false,
    maxRequestBodyBytes: transcoding.maxRequestBodyBytes ?? 1048576,
    maxResponseBodyBytes: transcoding.maxResponseBodyBytes ?? 1048576,
    print: {
      whitespace: print.whitespace ?? false,
      defaults: print.defaults ?? false,
      enumsAsNumbers: print.enumsAsNumbers ?? false,
      protoFieldNames: print.protoFieldNames ?? false,
      newlineDelimitedStreams: print.newlineDelimitedStreams ?? false,
    },
  };
}

/** Base64 of something that begins with the one field that the message has: 1, of a length. */
function isDescriptorSet(value: string): boolean {
  if (value === '' || value.length % 4 !== 0) return false;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value.slice(0, 4), 'base64')[0] === 0x0a;
}
