import { EnvoyPackage } from '../../lib/standalone/envoy-package';
import { problemsOf } from '../fixtures';

const SUM = '0123456789abcdef'.repeat(4);

test('a program to download has a place of its own', () => {
  const amd64 = { url: 'https://mirror.example.com:8443/envoy/1.38.3/envoy-1.38.3-linux-x86_64', sha256: SUM };
  expect(EnvoyPackage.binary({ amd64 })).toMatchObject({
    path: '/usr/local/lib/meshvm-envoy/envoy',
    binaries: { amd64 },
  });
});

test('one that is there is not downloaded', () => {
  expect(EnvoyPackage.preinstalled()).toMatchObject({ path: '/usr/local/bin/envoy', binaries: undefined });
  expect(EnvoyPackage.preinstalled('/usr/bin/envoy').path).toBe('/usr/bin/envoy');
});

test.each([
  [() => EnvoyPackage.binary({}), ['binaries [envoy-package/none]']],
  [
    () => EnvoyPackage.binary({ amd64: { url: 'https://u:p@x/envoy', sha256: SUM.toUpperCase() } }),
    ['amd64.url [envoy-package/url]', 'amd64.sha256 [envoy-package/sha256]'],
  ],
  [
    () => EnvoyPackage.binary({ arm64: { url: 'https://x/envoy?token=1', sha256: SUM } }),
    ['arm64.url [envoy-package/url]'],
  ],
  [() => EnvoyPackage.binary({ arm64: { url: 'https://x', sha256: SUM } }), ['arm64.url [envoy-package/url]']],
  [() => EnvoyPackage.preinstalled('envoy'), ['path [standalone/absolute-path]']],
])('%s is refused', (make, problems) => {
  expect(problemsOf(make)).toStrictEqual(problems);
});
