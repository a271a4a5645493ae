import { Problems } from '../core/problems';
import { checkAbsolutePath } from './private/paths';

/** Where an Envoy writes a line for each request and connection, as JSON. */
export class EnvoyAccessLog {
  /** To standard output, which systemd's journal and container runtimes keep. */
  public static stdout(): EnvoyAccessLog {
    return new EnvoyAccessLog('/dev/stdout');
  }

  /**
   * To a file. Envoy opens it again on SIGUSR1, for who rotates it.
   *
   * @param path Absolute path; its folder must be there and writable.
   * @throws ValidationError for another path.
   */
  public static file(path: string): EnvoyAccessLog {
    const problems = new Problems();
    checkAbsolutePath(problems, 'path', path);
    problems.throwIfAny('EnvoyAccessLog.file');
    return new EnvoyAccessLog(path);
  }

  /** Nowhere. */
  public static off(): EnvoyAccessLog {
    return new EnvoyAccessLog(undefined);
  }

  private constructor(
    /** Path, or undefined for no log. */
    public readonly path: string | undefined,
  ) {}
}
