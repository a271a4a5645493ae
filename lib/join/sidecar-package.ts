import type { SidecarChecksums } from './sidecar-checksums';

/** A package whose SHA-256 is known: at least that of the machines' kind. */
export interface PinnedPackage extends SidecarChecksums {
  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie.
   * @default - Istio's own releases
   * @argsPlain
   */
  readonly baseUrl?: string;
}

/** A package checked against what is published beside it. */
export interface PublishedPackage {
  /**
   * Where `<version>/deb/istio-sidecar.deb` and its siblings lie; https.
   * @default - Istio's own releases
   * @argsPlain
   */
  readonly baseUrl?: string;
}

/**
 * Where machines get the package `istio-sidecar` from, and what it is checked against before it is installed.
 */
export class SidecarPackage {
  /** Where Istio publishes its packages. */
  public static readonly RELEASES = 'https://blob.istio.io/istio-release/releases';

  /**
   * Istio's package, or a mirror's, whose SHA-256 you know. Nothing else is ever installed, whoever serves it: the choice for production.
   * Each Istio version has its own checksums, so an upgrade names them anew.
   *
   * @param checksums At least those of the machines' kind.
   * @param baseUrl Where `<version>/deb/istio-sidecar.deb` and its siblings lie; by default Istio's own releases.
   */
  public static pinned(checksums: SidecarChecksums, baseUrl?: string): SidecarPackage {
    return new SidecarPackage({ pinned: { ...checksums, baseUrl } });
  }

  /**
   * Istio's package, or a mirror's, checked against the `.sha256` file that lies beside it. That file comes from the same server: it finds
   * a broken download, not a forged package. What you trust is the server and its TLS certificate.
   *
   * @param baseUrl Where `<version>/deb/istio-sidecar.deb` and its siblings lie, https; by default Istio's own releases.
   */
  public static published(baseUrl?: string): SidecarPackage {
    return new SidecarPackage({ published: { baseUrl } });
  }

  /** The package is on the machine's image; nothing is ever downloaded. A machine without it says so and doesn't join. */
  public static preinstalled(): SidecarPackage {
    return new SidecarPackage({ preinstalled: true });
  }

  /** {@link SidecarPackage.pinned} */
  declare public readonly pinned?: PinnedPackage;
  /** {@link SidecarPackage.published} */
  declare public readonly published?: PublishedPackage;
  /** {@link SidecarPackage.preinstalled} */
  declare public readonly preinstalled?: true;

  private constructor(choice: SidecarPackage) {
    Object.assign(this, choice);
  }
}
