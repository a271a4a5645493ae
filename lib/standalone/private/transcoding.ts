import { type Problems, rule } from '../../core/problems';
import { ServiceProtocol } from '../../mesh/service-protocol';
import type { TranscodingSpec } from '../envoy/spec';
import type { GrpcJsonTranscoding } from '../grpc-json-transcoding';

const NOT_GRPC = rule({
  id: 'standalone/transcoding-without-grpc',
  origin: 'ignored',
  allowed: 'transcoding for services that speak ServiceProtocol.GRPC',
  remedy: 'set protocol: ServiceProtocol.GRPC, or leave transcoding out',
  source: 'Envoy grpc_json_transcoder makes gRPC requests, which no other service understands',
});

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
