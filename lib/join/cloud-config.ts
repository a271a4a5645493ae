import { parseCloudConfig } from './private/cloud-config';

/** A cloud-config of yours, to be joined with meshvm's. */
export class CloudConfig {
  /**
   * From data, as cloud-init's documentation lays it out.
   *
   * @param config Plain data: maps, lists, text, numbers and booleans.
   * @throws ValidationError for data that is no cloud-config.
   */
  public static fromObject(config: Readonly<Record<string, unknown>>): CloudConfig {
    return new CloudConfig(parseCloudConfig('CloudConfig.fromObject', config));
  }

  /**
   * From the text of a cloud-config. Templates (`## template: jinja`), archives and includes are refused: what they say is known on the
   * machine only, and cloud-init would let their lists replace meshvm's.
   *
   * @param text Text whose first line is `#cloud-config`.
   * @throws ValidationError for text that is no cloud-config.
   */
  public static fromYaml(text: string): CloudConfig {
    return new CloudConfig(parseCloudConfig('CloudConfig.fromYaml', text));
  }

  private constructor(
    /** The cloud-config as plain data. */
    public readonly content: Readonly<Record<string, unknown>>,
  ) {}
}
