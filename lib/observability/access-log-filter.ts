/** Which calls an access log is written of. */
export class AccessLogFilter {
  /**
   * Calls that were answered with an HTTP status from this one on, 100 to 599: 400 for everything that failed.
   *
   * @param code HTTP status.
   */
  public static statusAtLeast(code: number): AccessLogFilter {
    return new AccessLogFilter({ statusAtLeast: code });
  }

  /**
   * Calls for which an expression in the Common Expression Language is true, over Envoy's attributes, such as
   * `request.url_path != '/healthz'`. Its syntax is checked by Istio when the object is applied, its attributes by nobody: a proxy writes
   * nothing for an expression that it can't evaluate.
   *
   * @param cel The expression.
   */
  public static expression(cel: string): AccessLogFilter {
    return new AccessLogFilter({ expression: cel });
  }

  /** {@link AccessLogFilter.statusAtLeast} */
  declare public readonly statusAtLeast?: number;
  /** {@link AccessLogFilter.expression} */
  declare public readonly expression?: string;

  private constructor(choice: AccessLogFilter) {
    Object.assign(this, choice);
  }
}
