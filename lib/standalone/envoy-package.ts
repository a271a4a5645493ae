import { Problems } from '../core/problems';
import type { EnvoyBinaries } from './envoy-binaries';
import { checkBinaries } from './private/envoy-package';
import { checkAbsolutePath } from './private/paths';

/** Where a machine has the program Envoy from. */
export class EnvoyPackage {
  /**
   * A program that the machine downloads and checks before it runs it. Envoy's releases on GitHub have one for each kind of machine, such as
   * `envoy-1.38.3-linux-x86_64`, with their checksums in `checksums.txt.asc`.
   *
   * @throws ValidationError for a URL or checksum that is none, and without any.
   */
  public static binary(binaries: EnvoyBinaries): EnvoyPackage {
    const problems = new Problems();
    checkBinaries(problems, binaries);
    problems.throwIfAny('EnvoyPackage.binary');
    return new EnvoyPackage('/usr/local/lib/meshvm-envoy/envoy', binaries);
  }

  /**
   * The program is on the machine's image, or a package of the cloud-config brings it, such as `envoy` of apt.envoyproxy.io. Istio's package
   * `istio-sidecar` brings one, too. Nothing is downloaded by meshvm.
   *
   * @param path Where the program is.
   * @throws ValidationError for a path that is not absolute.
   */
  public static preinstalled(path = '/usr/local/bin/envoy'): EnvoyPackage {
    const problems = new Problems();
    checkAbsolutePath(problems, 'path', path);
    problems.throwIfAny('EnvoyPackage.preinstalled');
    return new EnvoyPackage(path, undefined);
  }

  private constructor(
    /** Where the program is on the machine. */
    public readonly path: string,
    /** What is downloaded, or undefined. */
    public readonly binaries: EnvoyBinaries | undefined,
  ) {}
}
