/** A cloud-config of yours, to be joined with meshvm's. */
export class CloudConfig {
  /**
   * From data, as cloud-init's documentation lays it out.
   *
   * @param config Plain data: maps, lists, text, numbers and booleans.
   */
  public static fromObject(config: Readonly<Record<string, unknown>>): CloudConfig {
    return new CloudConfig({ object: config });
  }

  /**
   * From the text of a cloud-config. Templates (`## template: jinja`), archives and includes are refused: what they say is known on the
   * machine only, and cloud-init would let their lists replace meshvm's.
   *
   * @param text Text whose first line is `#cloud-config`.
   */
  public static fromYaml(text: string): CloudConfig {
    return new CloudConfig({ yaml: text });
  }

  /** {@link CloudConfig.fromObject} */
  declare public readonly object?: Readonly<Record<string, unknown>>;
  /** {@link CloudConfig.fromYaml} */
  declare public readonly yaml?: string;

  private constructor(choice: CloudConfig) {
    Object.assign(this, choice);
  }
}
