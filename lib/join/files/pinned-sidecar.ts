import { createHash } from 'node:crypto';
import { SidecarPackage } from '../sidecar-package';
import { byKey, type PackageSource, packages } from './settings';

/**
 * Where the sidecar's package may come from, for the life of a machine: user-data says it. Whatever the group's ConfigMap says later, the
 * agent holds it against this.
 */
export interface PinnedSidecar {
  /** `preinstalled`: nothing is ever downloaded. `pinned`: nothing without a checksum from the cluster. `published`: by that beside it. */
  readonly verification: string;
  /** The packages lie below this and nowhere else; undefined for Istio's own releases, and when preinstalled. */
  readonly baseUrl?: string;
  /** The first version of the machine: none is installed that is older. */
  readonly version: string;
  /**
   * SHA-256 of what the bundle says of that version's packages (JSON without spaces, keys sorted), their checksums among it; undefined unless
   * `pinned`. User-data is small, and the checksums themselves are longer.
   */
  readonly packagesSha256?: string;
}

/** The pin of machines whose sidecar has a version and comes from a source. */
export function pinnedSidecar(version: string, source: PackageSource): PinnedSidecar {
  const { verification, baseUrl } = source;
  const text = JSON.stringify(packages(version, source), byKey);
  return {
    verification,
    version,
    ...(verification === 'preinstalled' || baseUrl === SidecarPackage.RELEASES ? {} : { baseUrl }),
    ...(verification === 'pinned' ? { packagesSha256: createHash('sha256').update(text).digest('hex') } : {}),
  };
}
