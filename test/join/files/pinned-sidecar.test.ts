import { execFileSync } from 'node:child_process';
import { pinnedSidecar } from '../../../lib/join/files/pinned-sidecar';
import { packages } from '../../../lib/join/files/settings';
import { packageSource } from '../../../lib/join/private/sidecar-package';
import { SidecarPackage } from '../../../lib/join/sidecar-package';

const checksums = { debAmd64: 'a'.repeat(64), rpmArm64: 'b'.repeat(64) };

describe('the pin', () => {
  test('of a package that is on the image: nothing is ever downloaded', () => {
    expect(pinnedSidecar('1.31.1', packageSource(SidecarPackage.preinstalled()))).toStrictEqual({
      verification: 'preinstalled',
      version: '1.31.1',
    });
  });

  test('of a published package: where it comes from, and the least version', () => {
    expect(
      pinnedSidecar('1.31.1', packageSource(SidecarPackage.published('https://mirror.example.com/istio'))),
    ).toStrictEqual({
      verification: 'published',
      version: '1.31.1',
      baseUrl: 'https://mirror.example.com/istio',
    });
  });

  test('of a pinned package: what the bundle says of it, as the agent reads that; Istio is where it comes from when nothing is said', () => {
    const source = packageSource(SidecarPackage.pinned(checksums));
    const python = [
      'import hashlib, json, sys',
      "text = json.dumps(json.load(sys.stdin), sort_keys=True, separators=(',', ':'))",
      'print(hashlib.sha256(text.encode()).hexdigest())',
    ].join('\n');
    const input = JSON.stringify(packages('1.31.1', source));
    const packagesSha256 = execFileSync('python3', ['-c', python], { input, encoding: 'utf8' }).trim();
    expect(pinnedSidecar('1.31.1', source)).toStrictEqual({
      verification: 'pinned',
      version: '1.31.1',
      packagesSha256,
    });
  });

  test('of pinned packages differ when a checksum does', () => {
    const other = packageSource(SidecarPackage.pinned({ ...checksums, rpmArm64: 'c'.repeat(64) }));
    expect(pinnedSidecar('1.31.1', other)).not.toStrictEqual(
      pinnedSidecar('1.31.1', packageSource(SidecarPackage.pinned(checksums))),
    );
  });
});
