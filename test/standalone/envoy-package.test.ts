import { EnvoyPackage } from 'meshvm';
import { parse } from 'yaml';
import { problemsOf } from '../fixtures';
import { laptop } from './fixtures';

const SUM = '0123456789abcdef'.repeat(4);

/** The unit and the program before it, of a machine that has Envoy from there. */
function filesOf(envoy: EnvoyPackage): readonly string[] {
  const { write_files } = parse(laptop().userData({ envoy })) as {
    readonly write_files: readonly { readonly path: string; readonly content: string }[];
  };
  return ['/etc/systemd/system/meshvm-envoy.service', '/usr/local/lib/meshvm-envoy/prepare'].map(
    (wanted) => write_files.find(({ path }) => path === wanted)?.content ?? '',
  );
}

test('a program to download has a place of its own', () => {
  const url = 'https://mirror.example.com:8443/envoy/1.38.3/envoy-1.38.3-linux-x86_64';
  const [unit, prepare] = filesOf(EnvoyPackage.binary({ amd64: { url, sha256: SUM } }));
  expect(unit).toContain('ExecStartPre=/usr/local/lib/meshvm-envoy/envoy --mode validate');
  expect(prepare).toContain(`x86_64) url=${url} sum=${SUM} ;;`);
});

test.each([
  [EnvoyPackage.preinstalled(), '/usr/local/bin/envoy'],
  [EnvoyPackage.preinstalled('/usr/bin/envoy'), '/usr/bin/envoy'],
])('%j is there, and not downloaded', (envoy, path) => {
  const [unit, prepare] = filesOf(envoy);
  expect(unit).toContain(`ExecStartPre=${path} --mode validate`);
  expect(prepare).not.toContain('url=');
});

test.each([
  [EnvoyPackage.binary({}), ['envoy.binary [envoy-package/none]']],
  [
    EnvoyPackage.binary({ amd64: { url: 'https://u:p@x/envoy', sha256: SUM.toUpperCase() } }),
    ['envoy.binary.amd64.url [envoy-package/url]', 'envoy.binary.amd64.sha256 [envoy-package/sha256]'],
  ],
  [
    EnvoyPackage.binary({ arm64: { url: 'https://x/envoy?token=1', sha256: SUM } }),
    ['envoy.binary.arm64.url [envoy-package/url]'],
  ],
  [EnvoyPackage.binary({ arm64: { url: 'https://x', sha256: SUM } }), ['envoy.binary.arm64.url [envoy-package/url]']],
  [EnvoyPackage.preinstalled('envoy'), ['envoy.preinstalled.path [standalone/absolute-path]']],
])('%j is refused', (envoy, problems) => {
  expect(problemsOf(() => laptop().userData({ envoy }))).toStrictEqual(problems);
});
