import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { CloudConfig } from '../../lib/join/cloud-config';
import { awsLifecycle } from '../../lib/join/files/aws-lifecycle';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { renderUserData } from '../../lib/join/render-user-data';
import type { UserDataProps } from '../../lib/join/user-data';
import { UserDataFormat } from '../../lib/join/user-data';
import type { Member } from '../../lib/machines/member';
import { joiningGroup, SIDECAR, userDataProps } from '../join/fixtures';
import { onEmptyMachine } from './machines/empty-machine';

// Needs the Debian packages cloud-init and shellcheck, and root.

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-user-data-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const MUCH: Partial<UserDataProps> = {
  packages: ['jq', 'libssl3'],
  commands: [`echo "it's $HOME" >>/opt/ran`, 'cd /opt', 'exit 3'],
  files: [
    { path: '/opt/a file', content: "no line break at the end, a quote ' and ünïcode" },
    { path: '/opt/secretive', content: 'a=1\nMESHVM_END\nb=2\n', permissions: '0600', owner: 'daemon:daemon' },
    { path: '/opt/new/folder/run.sh', content: '#!/bin/sh\n\techo $1\n', permissions: '0755' },
    { path: '/opt/empty', content: '' },
  ],
};
const CONFIG = CloudConfig.fromYaml(`#cloud-config
hostname: pay-1
manage_etc_hosts: true
packages: [nginx, [libpq5, "15"]]
bootcmd: [[cloud-init-per, once, x, date]]
runcmd: [date, [touch, "/tmp/a b"]]
write_files: [{path: /etc/theirs, content: aGk=, encoding: b64, defer: true, permissions: "0640"}]
users: [default]
`);

const LIFECYCLE = awsLifecycle({
  autoScalingGroupName: 'payments-fleet',
  launchHookName: 'meshvm-launch',
  terminateHookName: 'meshvm-terminate',
  launchTimeoutSeconds: 1800,
  drainSeconds: 30,
  warmPool: true,
});

function render(props: Partial<UserDataProps>): string {
  return joiningGroup().userData(userDataProps(props));
}

function renderWithLifecycle(props: Partial<UserDataProps>): string {
  const member = { namespace: 'payments', name: 'payment-service' } as Member;
  const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
  return renderUserData('userData', member, { identity, sidecar: SIDECAR }, userDataProps(props), LIFECYCLE);
}

test.each([
  ['of the default group', render, {}],
  ['with files, packages and commands', render, MUCH],
  ["with a cloud-config of the user's", render, { ...MUCH, cloudConfig: CONFIG }],
  ['of a machine in an Auto Scaling group', renderWithLifecycle, {}],
])('cloud-init finds no fault with a cloud-config %s', (_, make, props) => {
  const file = join(folder, 'cloud-config');
  writeFileSync(file, make(props));
  const { stdout, stderr, status } = spawnSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' });
  expect([status, stderr, stdout.trim()]).toStrictEqual([0, '', `Valid cloud-config: ${file}`]);
});

describe('the shell script', () => {
  test.each([
    ['of the default group', render, {}],
    ['with files, packages and commands', render, MUCH],
    ['of a machine in an Auto Scaling group', renderWithLifecycle, {}],
  ])('%s is clean to shellcheck', (_, make, props) => {
    const input = make({ ...props, format: UserDataFormat.shellScript() });
    const { stdout, status } = spawnSync('shellcheck', ['--enable=check-unassigned-uppercase', '-'], {
      input,
      encoding: 'utf8',
    });
    expect([stdout, status]).toStrictEqual(['', 0]);
  });

  test('writes every file exactly, runs commands once, and may run again', () => {
    const script = join(folder, 'user-data.sh');
    writeFileSync(script, render({ ...MUCH, packages: [], format: UserDataFormat.shellScript() }));
    const result = onEmptyMachine(`
      sh ${script} 2>/dev/null; sh ${script} 2>/dev/null
      for f in "/opt/a file" /opt/secretive /opt/new/folder/run.sh /opt/empty /opt/ran /etc/meshvm/join.json /usr/local/lib/meshvm/first-stage; do
        echo "$(stat -c '%a %U:%G' "$f") $(sha256sum <"$f" | cut -c1-64) $f"
      done
      stat -c '%a %n' /var/lib/meshvm /opt/new
      find /opt /etc/meshvm -name '*.new' | wc -l`);
    const files = MUCH.files?.map(({ path, content }) => [path, content] as const) ?? [];
    const written = new Map(result.map((line) => [line.slice(line.indexOf('/')), line]));
    for (const [path, content] of files) expect(written.get(path)).toContain(sha256(content));
    expect(written.get('/opt/ran')).toContain(sha256("it's /root\n"));
    expect(written.get('/opt/secretive')).toMatch(/^600 daemon:daemon /);
    expect(written.get('/opt/new/folder/run.sh')).toMatch(/^755 root:root /);
    expect(written.get('/etc/meshvm/join.json')).toMatch(/^644 root:root /);
    expect(written.get('/usr/local/lib/meshvm/first-stage')).toMatch(/^755 root:root /);
    expect(result.slice(-3)).toStrictEqual(['700 /var/lib/meshvm', '755 /opt/new', '0']);
  });
});

test('cloud-init itself makes of the commands what the user meant, and still joins after an exit', () => {
  const file = join(folder, 'cloud-config');
  writeFileSync(file, render({ ...MUCH, packages: [], files: [] }));
  // cloud-init's own function turns runcmd into the script that it runs.
  const shellify =
    'import sys, yaml; from cloudinit import util; print(util.shellify(yaml.safe_load(open(sys.argv[1]))["runcmd"]))';
  const { stdout } = spawnSync('/usr/bin/python3', ['-c', shellify, file], { encoding: 'utf8' });
  const script = join(folder, 'runcmd');
  writeFileSync(script, stdout);
  const result = onEmptyMachine(`
    mkdir -p /opt/bin; printf '#!/bin/sh\\necho "$@" >>/opt/calls\\n' >/opt/bin/systemctl; chmod 755 /opt/bin/systemctl
    PATH=/opt/bin:$PATH sh ${script}; cat /opt/ran /opt/calls`);
  expect(result).toStrictEqual(["it's /root", 'daemon-reload', 'enable --now --no-block meshvm-first-stage.service']);
});

describe('the lifecycle of a machine in an Auto Scaling group', () => {
  const [settings, program, unit, ...gates] = LIFECYCLE.files;
  const text = gunzipSync(Buffer.from(program.content, 'base64')).toString();

  test.each(['cloud-init', 'the shell script'])('arrives as it was sent, by %s', (means) => {
    const script = join(folder, 'lifecycle.sh');
    const config = join(folder, 'lifecycle.json');
    const { write_files } = parse(renderWithLifecycle({})) as { write_files: unknown };
    writeFileSync(config, JSON.stringify(write_files));
    writeFileSync(script, renderWithLifecycle({ format: UserDataFormat.shellScript() }));
    const write = `/usr/bin/python3 -c '
import json
from cloudinit.config.cc_write_files import write_files
write_files("test", json.load(open("${config}")), "root")' 2>/dev/null`;
    const result = onEmptyMachine(`
      ${means === 'cloud-init' ? write : `sh ${script} 2>/dev/null`}
      stat -c '%a %U:%G' ${program.path}; sha256sum <${program.path} | cut -c1-64
      cat ${settings.path}; ${program.path} --help | head -1; ${program.path} may-join; echo $?`);
    expect(result).toStrictEqual([
      '755 root:root',
      sha256(text),
      settings.content.trim(),
      'aws-lifecycle: lifecycle of a mesh machine in an EC2 Auto Scaling group',
      ...Array(12).fill(expect.stringContaining('Connection refused')),
      '1',
    ]);
  });

  test('has units that systemd finds no fault with', () => {
    const units = join(folder, 'units');
    const put = (path: string, content: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content.replaceAll(program.path, '/bin/true'));
    };
    for (const { path, content } of [unit, ...gates])
      put(join(units, path.replace('/etc/systemd/system/', '')), content);
    for (const { path } of gates) {
      const name = basename(dirname(path)).replace(/\.d$/, '');
      put(join(units, name), '[Service]\nExecStart=/bin/true\nRestart=on-failure\n');
    }
    const names = readdirSync(units).filter((name) => name.endsWith('.service'));
    const { stdout, stderr, status } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...names.map((name) => join(units, name))],
      { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` } },
    );
    const ours = `${stdout}${stderr}`.split('\n').filter((line) => /meshvm|istio/.test(line));
    expect([ours, names.length, status]).toStrictEqual([[], 4, 0]);
  });
});

function sha256(text: string): string {
  const { stdout } = spawnSync('sha256sum', { input: text, encoding: 'utf8' });
  return stdout.slice(0, 64);
}
