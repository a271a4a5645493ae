/** Where an Envoy writes a line for each request and connection, as JSON. */
export class EnvoyAccessLog {
  /** To standard output, which systemd's journal and container runtimes keep. */
  public static stdout(): EnvoyAccessLog {
    return new EnvoyAccessLog({ stdout: true });
  }

  /**
   * To a file. Envoy opens it again on SIGUSR1, for who rotates it.
   *
   * @param path Absolute path; its folder must be there and writable.
   */
  public static file(path: string): EnvoyAccessLog {
    return new EnvoyAccessLog({ file: path });
  }

  /** Nowhere. */
  public static off(): EnvoyAccessLog {
    return new EnvoyAccessLog({ off: true });
  }

  /** {@link EnvoyAccessLog.stdout} */
  declare public readonly stdout?: true;
  /**
   * {@link EnvoyAccessLog.file}
   * @argsDoc To a file, an absolute path; its folder must be there and writable. Envoy opens it again on SIGUSR1, for who rotates it.
   * @argsPlain
   */
  declare public readonly file?: string;
  /** {@link EnvoyAccessLog.off} */
  declare public readonly off?: true;

  private constructor(choice: EnvoyAccessLog) {
    Object.assign(this, choice);
  }
}
