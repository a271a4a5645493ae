import { type Problems, rule } from '../../core/problems';
import type { EnvoyBinaries } from '../envoy-binaries';
import type { EnvoyPackage } from '../envoy-package';
import { checkAbsolutePath } from './paths';

const NONE = rule({
  id: 'envoy-package/none',
  origin: 'meshvm',
  allowed: 'a program for at least one kind of machine',
  remedy: 'give amd64, arm64 or both; with preinstalled nothing is downloaded',
  source: 'meshvm: a machine whose kind is not named refuses to start Envoy',
});
const URL = rule({
  id: 'envoy-package/url',
  origin: 'meshvm',
  allowed: 'an http or https URL of a file, without user, query and fragment',
  remedy: "give the URL of the program itself, such as one of Envoy's releases on GitHub or of a mirror",
  source: 'meshvm: the machine downloads it as it is; a URL with a password would be readable to everybody there',
});
const SHA256 = rule({
  id: 'envoy-package/sha256',
  origin: 'meshvm',
  allowed: '64 hexadecimal digits in lower case',
  remedy: 'take it from checksums.txt.asc of the release, after you have checked its signature',
  source: 'meshvm: the machine compares the digest of what it has downloaded',
});

/** Everything about where the program is from that would leave a machine without it, or with another one. */
export function checkPackage(problems: Problems, { binary, preinstalled }: EnvoyPackage): void {
  if (binary !== undefined) checkBinaries(problems.at('binary'), binary);
  checkAbsolutePath(problems, 'preinstalled.path', preinstalled?.path);
}

/** Where the program is on the machine. */
export function programOf({ preinstalled }: EnvoyPackage): string {
  if (preinstalled === undefined) return '/usr/local/lib/meshvm-envoy/envoy';
  return preinstalled.path ?? '/usr/local/bin/envoy';
}

/** Programs to download: at least one, each with its checksum. */
function checkBinaries(problems: Problems, { amd64, arm64 }: EnvoyBinaries): void {
  if (amd64 === undefined && arm64 === undefined) problems.add(NONE, '', {});
  for (const [kind, binary] of Object.entries({ amd64, arm64 })) {
    if (binary === undefined) continue;
    const { url, sha256 } = binary;
    const form = /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[A-Za-z0-9._~%+-]+)+$/;
    problems.check(URL, `${kind}.url`, url, (text) => form.test(text));
    problems.check(SHA256, `${kind}.sha256`, sha256, (sum) => /^[0-9a-f]{64}$/.test(sum));
  }
}
