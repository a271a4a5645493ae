/** Where user-data goes: how much of it there may be, and how it is encoded. */
export class UserDataTarget {
  /** EC2 through the command line, the console or a tool that encodes by itself: plain text of at most 16 KB. */
  public static ec2(): UserDataTarget {
    return new UserDataTarget({ ec2: true });
  }

  /**
   * The `userData` of an EC2 launch template: base64 of at most 16 KB. More than that is compressed first, which cloud-init unpacks by
   * itself; the bytes then depend on the version of Node.js.
   */
  public static ec2LaunchTemplate(): UserDataTarget {
    return new UserDataTarget({ ec2LaunchTemplate: true });
  }

  /** The metadata `user-data` or `startup-script` of Compute Engine: plain text of at most 256 KB. */
  public static computeEngine(): UserDataTarget {
    return new UserDataTarget({ computeEngine: true });
  }

  /** Azure through its command line or portal, which encode by themselves: plain text of at most 64 KB. */
  public static azure(): UserDataTarget {
    return new UserDataTarget({ azure: true });
  }

  /** The `customData` of an Azure resource: base64 of at most 64 KB; compressed first if need be. */
  public static azureCustomData(): UserDataTarget {
    return new UserDataTarget({ azureCustomData: true });
  }

  /** A file, for what you put it into yourself: plain text without a limit. */
  public static file(): UserDataTarget {
    return new UserDataTarget({ file: true });
  }

  /** {@link UserDataTarget.ec2} */
  declare public readonly ec2?: true;
  /** {@link UserDataTarget.ec2LaunchTemplate} */
  declare public readonly ec2LaunchTemplate?: true;
  /** {@link UserDataTarget.computeEngine} */
  declare public readonly computeEngine?: true;
  /** {@link UserDataTarget.azure} */
  declare public readonly azure?: true;
  /** {@link UserDataTarget.azureCustomData} */
  declare public readonly azureCustomData?: true;
  /** {@link UserDataTarget.file} */
  declare public readonly file?: true;

  private constructor(choice: UserDataTarget) {
    Object.assign(this, choice);
  }
}
