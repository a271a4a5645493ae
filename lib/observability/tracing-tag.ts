/** Where the value of a tag of spans comes from. */
export class TracingTag {
  /**
   * This value.
   *
   * @param value Not empty.
   */
  public static literal(value: string): TracingTag {
    return new TracingTag('literal', value, undefined);
  }

  /**
   * A header of the request.
   *
   * @param name Name of the header.
   * @param defaultValue Value of the tag for requests without the header; by default they have no such tag.
   */
  public static header(name: string, defaultValue?: string): TracingTag {
    return new TracingTag('header', name, defaultValue);
  }

  /**
   * A variable in the environment of the proxy, such as one of `proxyMetadata`.
   *
   * @param name Name of the variable.
   * @param defaultValue Value of the tag when the variable isn't set; by default there is no such tag then.
   */
  public static environment(name: string, defaultValue?: string): TracingTag {
    return new TracingTag('environment', name, defaultValue);
  }

  private constructor(
    /** Its kind in Istio's Telemetry: `literal`, `header` or `environment`. */
    public readonly kind: string,
    /** The value itself, or the name of what holds it. */
    public readonly valueOrName: string,
    /** Value when there is none, or undefined. */
    public readonly defaultValue: string | undefined,
  ) {}
}
