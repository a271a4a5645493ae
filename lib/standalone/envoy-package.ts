import type { EnvoyBinaries } from './envoy-binaries';

/** Where a machine has the program Envoy from. */
export class EnvoyPackage {
  /**
   * A program that the machine downloads and checks before it runs it. Envoy's releases on GitHub have one for each kind of machine, such as
   * `envoy-1.38.3-linux-x86_64`, with their checksums in `checksums.txt.asc`.
   */
  public static binary(binaries: EnvoyBinaries): EnvoyPackage {
    return new EnvoyPackage({ binary: binaries });
  }

  /**
   * The program is on the machine's image, or a package of the cloud-config brings it, such as `envoy` of apt.envoyproxy.io. Istio's package
   * `istio-sidecar` brings one, too. Nothing is downloaded by meshvm.
   *
   * @param path Where the program is, an absolute path; by default `/usr/local/bin/envoy`.
   */
  public static preinstalled(path?: string): EnvoyPackage {
    return new EnvoyPackage({ preinstalled: path === undefined ? {} : { path } });
  }

  /** {@link EnvoyPackage.binary} */
  declare public readonly binary?: EnvoyBinaries;
  /** {@link EnvoyPackage.preinstalled} */
  declare public readonly preinstalled?: PreinstalledEnvoy;

  private constructor(choice: EnvoyPackage) {
    Object.assign(this, choice);
  }
}

/** A program that is there. */
export interface PreinstalledEnvoy {
  /**
   * Where the program is, an absolute path.
   * @default '/usr/local/bin/envoy'
   * @argsPlain
   */
  readonly path?: string;
}
