/** What reads user-data on a machine. */
export class UserDataFormat {
  /** cloud-init, which most images bring: a cloud-config. */
  public static cloudConfig(): UserDataFormat {
    return new UserDataFormat('cloudConfig');
  }

  /**
   * A POSIX shell, run as root: for images without cloud-init, such as a `startup-script` on Compute Engine, or by hand. It may run at every
   * boot: packages and commands then run only once.
   */
  public static shellScript(): UserDataFormat {
    return new UserDataFormat('shellScript');
  }

  private constructor(
    /** `cloudConfig` or `shellScript`. */
    public readonly name: string,
  ) {}
}
