import { type Problems, rule } from '../../core/problems';
import type { PackageSource } from '../files/settings';
import { SidecarPackage } from '../sidecar-package';

const SHA256 = rule({
  id: 'package/sha256',
  origin: 'meshvm',
  allowed: '64 hexadecimal digits in lower case, for at least one kind of machine',
  remedy: 'take the first word of the .sha256 file beside the package, after you have checked where it comes from',
  source: 'meshvm: the agent compares the digest of what it downloaded',
});
const BASE_URL = rule({
  id: 'package/base-url',
  origin: 'meshvm',
  allowed: 'an http or https URL without user, query or trailing "/"; https unless the checksums are pinned',
  remedy: 'give the folder in which the versions lie, such as https://mirror.example.com/istio',
  source: 'istio release-builder: <base>/<version>/{deb,rpm}/istio-sidecar[-arm64].{deb,rpm}',
});

/** What proves nothing about the package, and what would spread a password. */
export function checkSidecarPackage(problems: Problems, { pinned, published }: SidecarPackage): void {
  if (pinned !== undefined) {
    const { baseUrl, ...checksums } = pinned;
    const given = Object.values(checksums).filter((checksum) => checksum !== undefined);
    if (given.length === 0) problems.add(SHA256, 'pinned', pinned);
    for (const [kind, checksum] of Object.entries(checksums)) {
      problems.check(SHA256, `pinned.${kind}`, checksum, (text) => /^[0-9a-f]{64}$/.test(text));
    }
    problems.check(BASE_URL, 'pinned.baseUrl', baseUrl, (url) => schemeOf(url) !== undefined);
  }
  problems.check(BASE_URL, 'published.baseUrl', published?.baseUrl, (url) => schemeOf(url) === 'https');
}

/** Where the package comes from, every default filled in. */
export function packageSource({ pinned, published, preinstalled }: SidecarPackage): PackageSource {
  if (preinstalled) return { verification: 'preinstalled', baseUrl: '', checksums: {} };
  const { baseUrl = SidecarPackage.RELEASES, ...checksums } = pinned ?? published ?? {};
  return { verification: pinned === undefined ? 'published' : 'pinned', baseUrl, checksums };
}

/** Of a place to download from. It reaches every machine, so it must hold no password. */
function schemeOf(url: string): string | undefined {
  return /^(https?):\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~%-]+)*$/.exec(url)?.[1];
}
