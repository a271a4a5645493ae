/** Where user-data goes: how much of it there may be, and how it is encoded. */
export class UserDataTarget {
  /** EC2 through the command line, the console or a tool that encodes by itself: plain text of at most 16 KB. */
  public static ec2(): UserDataTarget {
    return new UserDataTarget('Amazon EC2', 16 * 1024, false, false);
  }

  /**
   * The `userData` of an EC2 launch template: base64 of at most 16 KB. More than that is compressed first, which cloud-init unpacks by
   * itself; the bytes then depend on the version of Node.js.
   */
  public static ec2LaunchTemplate(): UserDataTarget {
    return new UserDataTarget('Amazon EC2', 16 * 1024, true, true);
  }

  /** The metadata `user-data` or `startup-script` of Compute Engine: plain text of at most 256 KB. */
  public static computeEngine(): UserDataTarget {
    return new UserDataTarget('Google Compute Engine', 256 * 1024, false, false);
  }

  /** Azure through its command line or portal, which encode by themselves: plain text of at most 64 KB. */
  public static azure(): UserDataTarget {
    return new UserDataTarget('Azure', 64 * 1024, false, false);
  }

  /** The `customData` of an Azure resource: base64 of at most 64 KB; compressed first if need be. */
  public static azureCustomData(): UserDataTarget {
    return new UserDataTarget('Azure', 64 * 1024, true, true);
  }

  /** A file, for what you put it into yourself: plain text without a limit. */
  public static file(): UserDataTarget {
    return new UserDataTarget('a file', Number.POSITIVE_INFINITY, false, false);
  }

  private constructor(
    /** Name of the place. */
    public readonly place: string,
    /** Most bytes there may be, before base64. */
    public readonly limitBytes: number,
    /** Whether the result is base64. */
    public readonly base64: boolean,
    /** Whether a text above the limit may be compressed. Shell scripts never are: only cloud-init unpacks. */
    public readonly compressible: boolean,
  ) {}
}
