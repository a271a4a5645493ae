import { Problems } from '../core/problems';
import { checkTranscodingOptions } from './private/transcoding-checks';
import type { GrpcJsonTranscodingOptions } from './transcoding-options';

/** JSON over HTTP for clients of a gRPC service that speak nothing else, by Envoy's transcoder. */
export class GrpcJsonTranscoding {
  /**
   * By a descriptor set, which is written into Envoy's configuration. It must hold everything that the services import, and the mappings
   * to HTTP (`google.api.http`): `protoc --include_imports --descriptor_set_out=catalog.pb catalog.proto`.
   *
   * Nothing here reads it: that a service stands in it, Envoy says when it loads the configuration (`envoy --mode validate`).
   *
   * @param descriptorSet The file's bytes, or the same in base64.
   * @throws ValidationError for what can't be a descriptor set, and for every problem of the options.
   */
  public static fromDescriptorSet(
    descriptorSet: Uint8Array | string,
    options: GrpcJsonTranscodingOptions,
  ): GrpcJsonTranscoding {
    const base64 = typeof descriptorSet === 'string' ? descriptorSet : Buffer.from(descriptorSet).toString('base64');
    const problems = new Problems();
    checkTranscodingOptions(problems, base64, options);
    problems.throwIfAny('GrpcJsonTranscoding.fromDescriptorSet');
    return new GrpcJsonTranscoding(base64, options);
  }

  private constructor(
    /** The descriptor set in base64. */
    public readonly descriptorSet: string,
    /** How JSON is translated. */
    public readonly options: GrpcJsonTranscodingOptions,
  ) {}
}
