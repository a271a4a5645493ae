import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { quoteWord } from '../../lib/core/shell-quote';
import { CloudConfig } from '../../lib/join/cloud-config';
import { composeFile } from '../../lib/standalone/envoy/compose';
import { envoyFiles } from '../../lib/standalone/envoy/files';
import { EnvoyPackage } from '../../lib/standalone/envoy-package';
import { resolveCompose } from '../../lib/standalone/private/compose';
import { renderEnvoyUserData } from '../../lib/standalone/render-user-data';
import { anEnvoy } from '../standalone/envoy/spec';
import { findTools, type Tools } from './tools/tools';

// Needs the Debian packages cloud-init, shellcheck and systemd, and root.

let folder: string;
let tools: Tools;

beforeAll(async () => {
  tools = await findTools();
  folder = mkdtempSync(join(tmpdir(), 'meshvm-standalone-'));
  chmodSync(folder, 0o755);
  issue();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SPEC = anEnvoy({ accessLogPath: '/dev/stdout' });
const PREPARE = '/usr/local/lib/meshvm-envoy/prepare';
const START = '/usr/local/lib/meshvm-envoy/start';
const UNIT = '/etc/systemd/system/meshvm-envoy.service';
const BLOCK = envoyFiles(SPEC).hosts;
const URL = 'http://127.0.0.1:18080/envoy';

interface WrittenFile {
  readonly path: string;
  readonly content: string;
}

/** A program to download: the real Envoy, or another sum than it has. */
function download(sha256 = sha256Of(tools.envoy)): EnvoyPackage {
  return EnvoyPackage.binary({ amd64: { url: URL, sha256 }, arm64: { url: URL, sha256 } });
}

function render(envoy: EnvoyPackage, cloudConfig?: CloudConfig): string {
  return renderEnvoyUserData('machine', SPEC, {}, { envoy, cloudConfig });
}

function fileOf(userData: string, path: string): string {
  const { write_files } = parse(userData) as { readonly write_files: readonly WrittenFile[] };
  return write_files.find((file) => file.path === path)?.content ?? '';
}

const packages: readonly (readonly [string, () => EnvoyPackage])[] = [
  ['downloaded', () => download()],
  ['preinstalled', () => EnvoyPackage.preinstalled()],
];

describe.each(packages)('with Envoy %s', (_, envoy) => {
  test('cloud-init finds no fault with the cloud-config', () => {
    const file = join(folder, 'cloud-config');
    writeFileSync(file, render(envoy(), CloudConfig.fromYaml('#cloud-config\npackages: [jq]\nruncmd: [date]\n')));
    const { stdout, stderr, status } = spawnSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' });
    expect([status, stderr, stdout.trim()]).toStrictEqual([0, '', `Valid cloud-config: ${file}`]);
  });

  test.each([PREPARE, START])('%s is clean to shellcheck', (path) => {
    const { stdout, status } = spawnSync('shellcheck', ['--enable=check-unassigned-uppercase', '-'], {
      input: fileOf(render(envoy()), path),
      encoding: 'utf8',
    });
    expect([stdout, status]).toStrictEqual(['', 0]);
  });

  test('systemd finds no fault with the unit', () => {
    const units = join(folder, 'units');
    mkdirSync(units, { recursive: true });
    const text = fileOf(render(envoy()), UNIT);
    const program = /^ExecStartPre=(\S+) --mode validate/m.exec(text)?.[1] as string;
    // The programs are not here.
    const here = [PREPARE, START, program].reduce((unit, path) => unit.replaceAll(path, '/bin/true'), text);
    writeFileSync(join(units, 'meshvm-envoy.service'), here);
    const { stdout, stderr, status } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', join(units, 'meshvm-envoy.service')],
      { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` } },
    );
    expect([`${stdout}${stderr}`.split('\n').filter((line) => /meshvm/.test(line)), status]).toStrictEqual([[], 0]);
  });
});

/** cloud-init's own functions write the files and make the script of runcmd; systemctl only says what it was asked. */
const FIRST_BOOT = `
  mkdir -p /opt/bin; printf '#!/bin/sh\\necho "systemctl $*"\\n' >/opt/bin/systemctl; chmod 755 /opt/bin/systemctl
  /usr/bin/python3 -c '
import sys, yaml
from cloudinit import util
from cloudinit.config.cc_write_files import write_files
config = yaml.safe_load(open(sys.argv[1]))
write_files("test", config["write_files"], "root")
open("/opt/runcmd", "w").write(util.shellify(config["runcmd"]))' "$1" 2>/dev/null
  PATH=/opt/bin:$PATH sh /opt/runcmd >/opt/first-boot 2>&1
  python3 -m http.server 18080 --bind 127.0.0.1 --directory "$2" >/dev/null 2>&1 & server=$!
  until curl -s -o /dev/null http://127.0.0.1:18080/; do sleep 0.1; done
`;

test('a machine installs Envoy, waits for its certificate, and runs without rights', () => {
  const cloudConfig = CloudConfig.fromObject({
    runcmd: ['stat -c "%a %U %n" /etc/meshvm-envoy/certificates', 'exit 3'],
  });
  const result = onEmptyMachine(
    render(download(), cloudConfig),
    `
    grep -v '^Creating' /opt/first-boot
    ${PREPARE}; echo "prepared $?"
    sha256sum </usr/local/lib/meshvm-envoy/envoy | cut -c 1-64
    kill $server; ${PREPARE}; echo "prepared again $?"
    grep -c meshvm-envoy /etc/hosts
    as_envoy() { setpriv --reuid=meshvm-envoy --regid=meshvm-envoy --clear-groups --bounding-set=-all --no-new-privs "$@"; }
    as_envoy /usr/local/lib/meshvm-envoy/envoy --mode validate --log-level error -c /etc/meshvm-envoy/envoy.yaml
    install -d -m 0700 -o meshvm-envoy -g meshvm-envoy /run/meshvm-envoy
    as_envoy ${START} >/opt/log 2>&1 &
    for try in $(seq 100); do [ -s /opt/log ] && break; sleep 0.1; done
    cat /opt/log; curl -s http://127.0.0.1:15000/ready || echo "not ready"
    health() { "$@" 2>/dev/null; echo "health $?"; }
    health ${healthCheck()}
    for name in root-cert.pem key.pem cert-chain.pem; do
      install -o meshvm-envoy -g meshvm-envoy -m 0600 "$2/$name" /etc/meshvm-envoy/certificates/$name
    done
    for try in $(seq 100); do [ "$(curl -s http://127.0.0.1:15000/ready)" = LIVE ] && break; sleep 0.1; done
    curl -s http://127.0.0.1:15000/ready
    health ${healthCheck()}
    curl -s http://127.0.0.1:15000/certs | grep -c spiffe://cluster.local/ns/laptops/sa/laptop
    curl -s -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:8080/
    stat -c '%a %U' /run/meshvm-envoy/admin.sock
    kill %%`,
  );
  expect(result).toStrictEqual([
    '700 meshvm-envoy /etc/meshvm-envoy/certificates',
    'systemctl daemon-reload',
    'systemctl enable --now --no-block meshvm-envoy.service',
    'prepared 0',
    sha256Of(tools.envoy),
    'prepared again 0',
    '2',
    "configuration '/etc/meshvm-envoy/envoy.yaml' OK",
    'meshvm: waiting for /etc/meshvm-envoy/certificates/cert-chain.pem',
    'not ready',
    'health 1',
    'LIVE',
    'health 0',
    expect.stringMatching(/^[1-9]/),
    '503',
    '600 meshvm-envoy',
  ]);
});

test('another program than the one that was named is not installed', () => {
  const wrong = '0'.repeat(64);
  const result = onEmptyMachine(render(download(wrong)), `${PREPARE} 2>&1; echo "$?"; ls /usr/local/lib/meshvm-envoy`);
  expect(result).toStrictEqual([
    `meshvm: not installed: ${URL} has the SHA-256 ${sha256Of(tools.envoy)}, not ${wrong}`,
    '1',
    'prepare',
    'start',
  ]);
});

test('one that is to be there, and is not, is asked for', () => {
  const result = onEmptyMachine(render(EnvoyPackage.preinstalled()), `${PREPARE} 2>&1; echo "$?"`);
  expect(result).toStrictEqual(['meshvm: there is no program /usr/local/bin/envoy; install Envoy there', '1']);
});

describe('/etc/hosts', () => {
  const preinstalled = 'mkdir -p /usr/local/bin; cp /bin/true /usr/local/bin/envoy;';

  function hostsAfter(before: string, script = PREPARE): readonly string[] {
    const input = join(folder, 'hosts');
    writeFileSync(input, before);
    const set = `${preinstalled} cat ${input} >/etc/hosts; ${script} 2>&1; cat /etc/hosts; ls /mnt/up | grep '^hosts\\.'`;
    return onEmptyMachine(render(EnvoyPackage.preinstalled()), set);
  }

  const OURS = BLOCK.trimEnd().split('\n');

  test('gets the block, once', () => {
    expect(hostsAfter('127.0.0.1 localhost', `${PREPARE}; ${PREPARE}`)).toStrictEqual(['127.0.0.1 localhost', ...OURS]);
  });

  test('keeps it where it stood, and all else', () => {
    const old = '# meshvm-envoy laptop begin\n127.0.0.9 old\n# meshvm-envoy laptop end\n';
    expect(hostsAfter(`a b\n${old}# meshvm-envoy other begin\n# end\n`)).toStrictEqual([
      'a b',
      ...OURS,
      '# meshvm-envoy other begin',
      '# end',
    ]);
  });

  test('gets it again after cloud-init has written the file anew', () => {
    expect(hostsAfter('a b\n', `${PREPARE}; echo 'c d' >/etc/hosts; ${PREPARE}`)).toStrictEqual(['c d', ...OURS]);
  });

  test('is left alone where the block has no end', () => {
    expect(hostsAfter('# meshvm-envoy laptop begin\n10.0.0.1 whose\n')).toStrictEqual([
      'meshvm: /etc/hosts has a line "# meshvm-envoy laptop begin" without its end; remove that line',
      '# meshvm-envoy laptop begin',
      '10.0.0.1 whose',
    ]);
  });

  test('may be a mount of its own', () => {
    const result = hostsAfter('a b\n', `mount --bind /etc/hosts /etc/hosts; ${PREPARE}`);
    expect(result).toStrictEqual(['a b', ...OURS]);
  });
});

/** The command by which Docker asks an Envoy in a container, as words of a shell. */
function healthCheck(): string {
  const image = `envoy@sha256:${'0'.repeat(64)}`;
  const text = composeFile(resolveCompose(SPEC, { image, service: 'app', user: '1000:1000' }));
  const { services } = parse(text) as {
    readonly services: Readonly<Record<string, { readonly healthcheck?: { readonly test: readonly string[] } }>>;
  };
  const [, ...words] = services['meshvm-envoy'].healthcheck?.test ?? [];
  return words.map((word) => quoteWord(word.replaceAll('$$', '$'))).join(' ');
}

function issue(): void {
  const name = `subjectAltName=URI:${SPEC.identity}`;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/O=x'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert-chain.pem')];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', '-days', '10', ...key, '-addext', name, ...files]);
  if (status !== 0) throw new Error(String(stderr));
  writeFileSync(join(folder, 'root-cert.pem'), readFileSync(join(folder, 'cert-chain.pem')));
  spawnSync('ln', ['-s', tools.envoy, join(folder, 'envoy')]);
}

/** Boots for the first time, and runs a script, where /etc, /opt, /usr/local, /var/lib, /run and the network are its own. */
function onEmptyMachine(userData: string, script: string): readonly string[] {
  const file = join(folder, 'user-data');
  writeFileSync(file, userData);
  const own = `
    set -e
    ip link set lo up
    mount -t tmpfs tmpfs /mnt; mkdir /mnt/up /mnt/work; mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work /etc
    for d in /opt /usr/local /var/lib /run; do mount -t tmpfs tmpfs $d; done
    set +e`;
  const args = [
    '--mount',
    '--net',
    '--pid',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    `${own}${FIRST_BOOT}${script}`,
    'sh',
    file,
    folder,
  ];
  const { stdout, stderr, status } = spawnSync('unshare', args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
  if (stdout === '') throw new Error(`${status}\n${stderr}`);
  return stdout.trim().split('\n');
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
