import { Problems } from '../core/problems';
import { checkBaseUrl, checkSha256 } from './private/sidecar-package';
import type { SidecarChecksums } from './sidecar-checksums';

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
   * @param baseUrl Where `<version>/deb/istio-sidecar.deb` and its siblings lie.
   * @throws ValidationError with every problem of the arguments.
   */
  public static pinned(checksums: SidecarChecksums, baseUrl: string = SidecarPackage.RELEASES): SidecarPackage {
    const problems = new Problems();
    checkSha256(problems, 'checksums', checksums);
    checkBaseUrl(problems, 'baseUrl', baseUrl);
    problems.throwIfAny('SidecarPackage.pinned');
    return new SidecarPackage('pinned', baseUrl, { ...checksums });
  }

  /**
   * Istio's package, or a mirror's, checked against the `.sha256` file that lies beside it. That file comes from the same server: it finds
   * a broken download, not a forged package. What you trust is the server and its TLS certificate.
   *
   * @param baseUrl Where `<version>/deb/istio-sidecar.deb` and its siblings lie; https.
   * @throws ValidationError for a URL that is none.
   */
  public static published(baseUrl: string = SidecarPackage.RELEASES): SidecarPackage {
    const problems = new Problems();
    checkBaseUrl(problems, 'baseUrl', baseUrl, { encrypted: true });
    problems.throwIfAny('SidecarPackage.published');
    return new SidecarPackage('published', baseUrl, {});
  }

  /** The package is on the machine's image; nothing is ever downloaded. A machine without it says so and doesn't join. */
  public static preinstalled(): SidecarPackage {
    return new SidecarPackage('preinstalled', '', {});
  }

  private constructor(
    /** `pinned`, `published` or `preinstalled`. */
    public readonly verification: string,
    /** Where the versions lie; empty when the package is preinstalled. */
    public readonly baseUrl: string,
    /** The checksums that are known at synth. */
    public readonly checksums: SidecarChecksums,
  ) {}
}
