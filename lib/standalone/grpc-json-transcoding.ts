/** JSON over HTTP for clients of a gRPC service that speak nothing else, by Envoy's transcoder. */
export class GrpcJsonTranscoding {
  /**
   * By a descriptor set, which is written into Envoy's configuration. It must hold everything that the services import, and the mappings
   * to HTTP (`google.api.http`): `protoc --include_imports --descriptor_set_out=catalog.pb catalog.proto`.
   *
   * Nothing here reads it: that a service stands in it, Envoy says when it loads the configuration (`envoy --mode validate`).
   *
   * @param descriptorSet The file's bytes, or the same in base64.
   */
  public static fromDescriptorSet(
    descriptorSet: Uint8Array | string,
    options: GrpcJsonTranscodingOptions,
  ): GrpcJsonTranscoding {
    const isText = typeof descriptorSet === 'string';
    const base64 = isText ? descriptorSet : Buffer.from(descriptorSet).toString('base64');
    return new GrpcJsonTranscoding({ ...options, descriptorSet: base64 });
  }

  /**
   * The descriptor set in base64, which is written into Envoy's configuration. It must hold everything that the services import, and the
   * mappings to HTTP (`google.api.http`): `protoc --include_imports --descriptor_set_out=catalog.pb catalog.proto`, then
   * `readFileSync('catalog.pb', 'base64')`. Nothing here reads it: that a service stands in it, Envoy says when it loads the configuration.
   */
  declare public readonly descriptorSet: string;

  /**
   * Full names of the gRPC services, such as `shop.v1.Catalog`. At least one; each must stand in the descriptor set.
   * @argsPlain
   */
  declare public readonly services: readonly string[];

  /**
   * Whether methods without a mapping of their own (`google.api.http`) may be called too, by `POST /<service>/<method>`.
   * @default false
   */
  declare public readonly autoMapping?: boolean;

  /**
   * Whether requests that no method is mapped to go on to the service as they are, which answers as it does to HTTP that is no gRPC.
   * @default - false: they are answered 404 and never leave the machine
   */
  declare public readonly passUnmapped?: boolean;

  /**
   * Whether query parameters that no field has are left out.
   * @default - false: they are answered 400
   */
  declare public readonly ignoreUnknownQueryParameters?: boolean;

  /**
   * Bytes of a request's body, all of which Envoy holds until it is translated.
   * @default 1048576
   */
  declare public readonly maxRequestBodyBytes?: number;

  /**
   * Bytes of an answer's body, of which the same is true; of a stream each message.
   * @default 1048576
   */
  declare public readonly maxResponseBodyBytes?: number;

  /**
   * What answers look like.
   * @default - see each property of JsonPrintOptions
   */
  declare public readonly print?: JsonPrintOptions;

  private constructor(given: GrpcJsonTranscoding) {
    Object.assign(this, given);
  }
}

/** How JSON is translated. */
export interface GrpcJsonTranscodingOptions extends Omit<GrpcJsonTranscoding, 'descriptorSet'> {}

/**
 * What JSON that is made of gRPC looks like.
 * @args JsonPrintArgs
 */
export interface JsonPrintOptions {
  /**
   * Whether there are line breaks and indentation.
   * @default false
   */
  readonly whitespace?: boolean;

  /**
   * Whether fields that have their default value (0, "", false, the first of an enum) are there.
   * @default false
   */
  readonly defaults?: boolean;

  /**
   * Whether enums are numbers.
   * @default - false: their names
   */
  readonly enumsAsNumbers?: boolean;

  /**
   * Whether fields have the names of the proto file.
   * @default - false: those in lower camel case
   */
  readonly protoFieldNames?: boolean;

  /**
   * Whether messages of a stream stand on lines of their own.
   * @default - false: they are elements of one array
   */
  readonly newlineDelimitedStreams?: boolean;
}
