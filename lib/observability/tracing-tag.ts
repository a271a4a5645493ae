/** What holds the value of a tag. */
export interface TracingTagSource {
  /** Name of the header or variable. */
  readonly name: string;

  /**
   * Value of the tag where there is no such header or variable.
   * @default - no such tag then
   */
  readonly defaultValue?: string;
}

/** Where the value of a tag of spans comes from. */
export class TracingTag {
  /**
   * This value.
   *
   * @param value Not empty.
   */
  public static literal(value: string): TracingTag {
    return new TracingTag({ literal: value });
  }

  /**
   * A header of the request.
   *
   * @param name Name of the header.
   * @param defaultValue Value of the tag for requests without the header; by default they have no such tag.
   */
  public static header(name: string, defaultValue?: string): TracingTag {
    return new TracingTag({ header: { name, defaultValue } });
  }

  /**
   * A variable in the environment of the proxy, such as one of `proxyMetadata`.
   *
   * @param name Name of the variable.
   * @param defaultValue Value of the tag when the variable isn't set; by default there is no such tag then.
   */
  public static environment(name: string, defaultValue?: string): TracingTag {
    return new TracingTag({ environment: { name, defaultValue } });
  }

  /** {@link TracingTag.literal} */
  declare public readonly literal?: string;
  /** {@link TracingTag.header} */
  declare public readonly header?: TracingTagSource;
  /** {@link TracingTag.environment} */
  declare public readonly environment?: TracingTagSource;

  private constructor(choice: TracingTag) {
    Object.assign(this, choice);
  }
}
