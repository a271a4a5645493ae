/** Which calls an access log is written of. */
export class AccessLogFilter {
  /**
   * Calls that were answered with a status from this one on: 400 for everything that failed.
   *
   * @param code HTTP status, 100 to 599.
   */
  public static statusAtLeast(code: number): AccessLogFilter {
    return new AccessLogFilter(`response.code >= ${code}`);
  }

  /**
   * Calls for which an expression is true. Its syntax is checked by Istio when the object is applied, its attributes by nobody: a proxy
   * writes nothing for an expression that it can't evaluate.
   *
   * @param cel In the Common Expression Language, over Envoy's attributes, such as `request.url_path != '/healthz'`.
   */
  public static expression(cel: string): AccessLogFilter {
    return new AccessLogFilter(cel);
  }

  private constructor(
    /** The filter in the Common Expression Language. */
    public readonly cel: string,
  ) {}
}
