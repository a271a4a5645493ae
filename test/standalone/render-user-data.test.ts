import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { signOf } from '../../lib/core/values/secrets';
import { CloudConfig } from '../../lib/join/cloud-config';
import { UserDataTarget } from '../../lib/join/user-data-target';
import { envoyFiles } from '../../lib/standalone/envoy/files';
import { EnvoyPackage } from '../../lib/standalone/envoy-package';
import { renderEnvoyUserData } from '../../lib/standalone/render-user-data';
import type { StandaloneUserDataProps } from '../../lib/standalone/standalone-user-data';
import { errorOf, problemsOf } from '../fixtures';
import { anEnvoy, aService } from './envoy/spec';

interface Config {
  readonly packages?: readonly string[];
  readonly write_files: readonly {
    path: string;
    content: string;
    permissions: string;
    owner: string;
    encoding?: string;
  }[];
  readonly runcmd: readonly unknown[];
}

const envoy = EnvoyPackage.preinstalled();

function render(props: Partial<StandaloneUserDataProps> = {}, spec = anEnvoy(), certificates = {}): string {
  return renderEnvoyUserData('machine', spec, certificates, { envoy, ...props });
}

const configOf = (...args: Parameters<typeof render>) => parse(render(...args)) as Config;

test('every file of the machine arrives as it is', () => {
  const { write_files } = configOf();
  const texts = write_files.map(({ path, content, encoding }) => [
    path,
    encoding === 'gz+b64' ? gunzipSync(Buffer.from(content, 'base64')).toString() : content,
  ]);
  const expected = Object.entries(envoyFiles(anEnvoy())).map(([name, text]) => [`/etc/meshvm-envoy/${name}`, text]);
  expect(texts.slice(0, 4)).toStrictEqual(expected);
  expect(
    write_files.map(({ path, permissions, owner, encoding }) => [path, permissions, owner, encoding]),
  ).toStrictEqual([
    ['/etc/meshvm-envoy/envoy.yaml', '0644', 'root:root', 'gz+b64'],
    ['/etc/meshvm-envoy/certificate.yaml', '0644', 'root:root', undefined],
    ['/etc/meshvm-envoy/roots.yaml', '0644', 'root:root', undefined],
    ['/etc/meshvm-envoy/hosts', '0644', 'root:root', undefined],
    ['/etc/sysusers.d/meshvm-envoy.conf', '0644', 'root:root', undefined],
    ['/usr/local/lib/meshvm-envoy/prepare', '0755', 'root:root', undefined],
    ['/usr/local/lib/meshvm-envoy/start', '0755', 'root:root', undefined],
    ['/etc/systemd/system/meshvm-envoy.service', '0644', 'root:root', undefined],
  ]);
});

const FIRST = [
  ['systemd-sysusers', '/etc/sysusers.d/meshvm-envoy.conf'],
  ['install', '-d', '-m', '0700', '-o', 'meshvm-envoy', '-g', 'meshvm-envoy', '/etc/meshvm-envoy/certificates'],
];

test("the user's commands run once the folder is there, and before Envoy starts", () => {
  const cloudConfig = CloudConfig.fromYaml(
    '#cloud-config\npackages: [jq]\nruncmd: [date, [touch, "/a b"]]\nwrite_files: [{ path: /opt/x, content: text }]\n',
  );
  const { packages, write_files, runcmd } = configOf({ cloudConfig });
  expect([packages, write_files.at(-1)]).toStrictEqual([['jq'], { path: '/opt/x', content: 'text' }]);
  expect(runcmd).toStrictEqual([
    ...FIRST,
    ['sh', '-c', "date\ntouch '/a b'"],
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', '--now', '--no-block', 'meshvm-envoy.service'],
  ]);
});

test('what fetches the certificate comes with it, and its timer is started', () => {
  const { write_files, runcmd } = configOf({}, anEnvoy(), {
    'certificate.json': '{}\n',
    'meshvm-certificate.service': '[Service]\n',
    'meshvm-certificate.timer': '[Timer]\n',
  });
  expect(
    write_files.map(({ path }) => path).filter((path) => /certificate\.(json|service|timer)$/.test(path)),
  ).toStrictEqual([
    '/etc/meshvm-envoy/certificate.json',
    '/etc/systemd/system/meshvm-certificate.service',
    '/etc/systemd/system/meshvm-certificate.timer',
  ]);
  expect(runcmd.at(-1)).toStrictEqual([
    'systemctl',
    'enable',
    '--now',
    '--no-block',
    'meshvm-certificate.timer',
    'meshvm-envoy.service',
  ]);
});

test('is always the same, and holds no secret', () => {
  expect(render()).toBe(render());
  expect(signOf(render())).toBeUndefined();
});

test("a secret of the user's is refused, and not repeated", () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n';
  const write_files = [{ path: '/etc/meshvm-envoy/certificates/key.pem', content: key }];
  const error = errorOf(() => render({ cloudConfig: CloudConfig.fromObject({ write_files }) }));
  expect(error.problems.map(({ id, property }) => [id, property])).toStrictEqual([
    ['user-data/secret', 'cloudConfig.object.write_files[0].content'],
  ]);
  expect(error.message).not.toContain('MIGH');
});

test("a file of meshvm's is not replaced by one of the user's", () => {
  const cloudConfig = CloudConfig.fromObject({ write_files: [{ path: '/etc//meshvm-envoy/envoy.yaml', content: '' }] });
  expect(problemsOf(() => render({ cloudConfig }))).toStrictEqual([
    'cloudConfig.object.write_files[0].path [standalone/user-data-file-of-meshvm]',
  ]);
});

describe('the limit', () => {
  const many = (count: number) =>
    anEnvoy({
      services: Array.from({ length: count }, (_, index) =>
        aService({ host: `s${index}.shop.svc.cluster.local`, listen: { address: '127.0.0.1', port: 1024 + index } }),
      ),
    });

  test('of EC2 holds dozens of services', () => {
    expect(Buffer.byteLength(render({}, many(40)))).toBeLessThan(16 * 1024);
  });

  test('is said with the sizes of what is in it', () => {
    const [problem] = errorOf(() => render({}, many(400))).problems;
    expect([problem.id, problem.allowed]).toStrictEqual(['user-data/too-large', 'at most 16384 bytes for Amazon EC2']);
    expect(problem.value).toMatch(/^\d+ bytes: \/etc\/meshvm-envoy\/envoy.yaml \d+, .*, cloudConfig 2$/);
    expect(render({ target: UserDataTarget.file() }, many(400))).toContain('#cloud-config\n');
  });
});
