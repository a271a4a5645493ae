/** How JSON is translated. */
export interface GrpcJsonTranscodingOptions {
  /** Full names of the gRPC services, such as `shop.v1.Catalog`. At least one; each must stand in the descriptor set. */
  readonly services: readonly string[];

  /**
   * Whether methods without a mapping of their own (`google.api.http`) may be called too, by `POST /<service>/<method>`.
   * @default false
   */
  readonly autoMapping?: boolean;

  /**
   * Whether requests that no method is mapped to go on to the service as they are, which answers as it does to HTTP that is no gRPC.
   * @default - false: they are answered 404 and never leave the machine
   */
  readonly passUnmapped?: boolean;

  /**
   * Whether query parameters that no field has are left out.
   * @default - false: they are answered 400
   */
  readonly ignoreUnknownQueryParameters?: boolean;

  /**
   * Bytes of a request's body, all of which Envoy holds until it is translated.
   * @default 1048576
   */
  readonly maxRequestBodyBytes?: number;

  /**
   * Bytes of an answer's body, of which the same is true; of a stream each message.
   * @default 1048576
   */
  readonly maxResponseBodyBytes?: number;

  /**
   * What answers look like.
   * @default - see each property of JsonPrintOptions
   */
  readonly print?: JsonPrintOptions;
}

/** What JSON that is made of gRPC looks like. */
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
