import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkCountAboveZero } from '../../core/values/counts';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { TranscodingSpec } from '../envoy/transcoding';
import type { GrpcJsonTranscoding, GrpcJsonTranscodingOptions } from '../grpc-json-transcoding';

const NOT_GRPC = rule({
  id: 'standalone/transcoding-without-grpc',
  origin: 'ignored',
  allowed: 'transcoding for services that speak ServiceProtocol.GRPC',
  remedy: 'set protocol: ServiceProtocol.GRPC, or leave transcoding out',
  source: 'Envoy grpc_json_transcoder makes gRPC requests, which no other service understands',
});
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

/** Everything about a descriptor set and its options that Envoy would refuse, as far as it can be told without reading the set. */
export function checkTranscodingOptions(
  problems: Problems,
  descriptorSet: unknown,
  options: GrpcJsonTranscodingOptions,
): void {
  if (!isDeferred(descriptorSet) && !isDescriptorSet(descriptorSet)) {
    problems.add(DESCRIPTOR, 'descriptorSet', String(descriptorSet).slice(0, 40));
  }
  if (options.services.length === 0) problems.add(NO_SERVICES, 'services', []);
  options.services.forEach((name, index) => {
    if (isDeferred(name)) return;
    const good = typeof name === 'string' && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name);
    if (!good || options.services.indexOf(name) !== index) problems.add(SERVICE_NAME, `services[${index}]`, name);
  });
  checkCountAboveZero(problems, 'maxRequestBodyBytes', options.maxRequestBodyBytes);
  checkCountAboveZero(problems, 'maxResponseBodyBytes', options.maxResponseBodyBytes);
}

/** That a service can be called so. */
export function checkTranscoding(
  problems: Problems,
  { options }: GrpcJsonTranscoding,
  protocol: ServiceProtocol | undefined,
): void {
  if (protocol !== ServiceProtocol.GRPC) problems.add(NOT_GRPC, 'transcoding', options.services);
}

/** Transcoding with every default. Total. */
export function resolveTranscoding({ descriptorSet, options }: GrpcJsonTranscoding): TranscodingSpec {
  const { print = {} } = options;
  return {
    descriptor: descriptorSet,
    services: options.services,
    autoMapping: options.autoMapping ?? false,
    passUnmapped: options.passUnmapped ?? false,
    ignoreUnknownQueryParameters: options.ignoreUnknownQueryParameters ?? false,
    maxRequestBodyBytes: options.maxRequestBodyBytes ?? 1048576,
    maxResponseBodyBytes: options.maxResponseBodyBytes ?? 1048576,
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
function isDescriptorSet(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.length % 4 !== 0) return false;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value.slice(0, 4), 'base64')[0] === 0x0a;
}
