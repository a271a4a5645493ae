import { isDeferred, type Problems, rule } from '../../core/problems';
import type { SidecarChecksums } from '../sidecar-checksums';

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

/** Checksums: at least one, each a SHA-256. */
export function checkSha256(problems: Problems, property: string, checksums: SidecarChecksums): void {
  const given = Object.entries(checksums).filter(([, value]) => value !== undefined);
  if (given.length === 0) problems.add(SHA256, property, checksums);
  for (const [kind, value] of given) {
    if (!isDeferred(value) && !/^[0-9a-f]{64}$/.test(String(value))) problems.add(SHA256, `${property}.${kind}`, value);
  }
}

/** A place to download from. It reaches every machine, so it must hold no password. */
export function checkBaseUrl(
  problems: Problems,
  property: string,
  value: unknown,
  { encrypted = false }: { readonly encrypted?: boolean } = {},
): void {
  if (isDeferred(value)) return;
  const pattern = /^(https?):\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~%-]+)*$/;
  const scheme = pattern.exec(String(value))?.[1];
  if (scheme === undefined || (encrypted && scheme !== 'https')) problems.add(BASE_URL, property, value);
}
