import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JoinScriptProps } from '../../lib/join/join-script';
import { joiningGroup, userDataProps } from '../join/fixtures';
import type { Computer } from './machines/computer';
import { onEmptyMachine } from './machines/empty-machine';
import { World } from './machines/world';

// Needs the Debian package shellcheck, and root.

const OWN_FILES = [
  '/etc/meshvm/join.json',
  '/usr/local/lib/meshvm/first-stage',
  '/etc/systemd/system/meshvm-first-stage.service',
];
const MUCH: Partial<JoinScriptProps> = {
  packages: ['jq', 'libpq5=15'],
  commands: [`echo "it's $HOME" >>/opt/ran; cat >>/opt/ran`, 'exit 3'],
  files: [
    { path: '/opt/a file', content: "no line break at the end, a quote ' and ünïcode ÁÈˆ\u0081" },
    { path: '/opt/secretive', content: 'a=1\nMESHVM_END\nb=2\n', permissions: '0600', owner: 'daemon:daemon' },
    { path: '/opt/new/folder/run.sh', content: '#!/bin/sh\n\techo $1\r\n\n', permissions: '0755', owner: 'daemon' },
    { path: '/opt/empty', content: '' },
  ],
};
const JOIN = 'payments/payment-service';
const WOULD_JOIN = `meshvm: would join: ${JOIN}, which installs the package istio-sidecar unless it is there, and starts istio.service and meshvm-refresh.timer`;

function render(props: Partial<JoinScriptProps> = {}): string {
  return joiningGroup().joinScript({ ...userDataProps(), ...props });
}

test.each([
  ['of the default group', {}],
  ['with files, packages and commands', MUCH],
])('the script %s is clean to shellcheck', (_, props) => {
  const options = ['--enable=check-unassigned-uppercase', '-'];
  const { stdout, status } = spawnSync('shellcheck', options, { input: render(props), encoding: 'utf8' });
  expect([stdout, status]).toStrictEqual(['', 0]);
});

describe('on a machine by itself', () => {
  let folder: string;
  let script: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshvm-join-script-'));
    script = join(folder, 'join.sh');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  // In the place of the first stage, of systemd and of the package manager: what they are asked is noted.
  const STAND_IN = `#!/bin/sh\necho "join is called" >>/opt/calls\nexit 6\n`;
  const APT_GET = `#!/bin/sh
echo "apt-get $*" >>/opt/calls
[ "$1" = update ] || { sed -i /^curl/d /opt/packages; printf "%s\\n" "curl 8" "nginx 1.22" >>/opt/packages; }
`;
  const DPKG_QUERY = `#!/bin/sh
version=$(sed -n "s/^$4 //p" /opt/packages)
[ "$version" ] && printf "installed $version"
`;
  const SYSTEMCTL = `#!/bin/sh\necho "systemctl $*" >>/opt/calls\ncase $1 in is-enabled) cat /opt/enabled ;; enable) echo enabled >/opt/enabled ;; is-active) exit 3 ;; esac\n`;

  test.each(['dash', 'bash'])(
    '%s writes every file exactly, runs commands once, and then has nothing to write',
    (shell) => {
      writeFileSync(script, render({ ...MUCH, packages: [] }));
      const result = onEmptyMachine(`
      ${shell} ${script} >/opt/first 2>&1; ${shell} <${script} >/opt/second 2>&1
      for f in "/opt/a file" /opt/secretive /opt/new/folder/run.sh /opt/empty /opt/ran; do
        echo "$(stat -c '%a %U' "$f") $(sha256sum <"$f" | cut -c1-64) $f"
      done
      find /opt /etc/meshvm -name '*.new' | wc -l
      stat -c '%a' /var/lib/meshvm
      echo "--"; grep -E 'written|unchanged|run:|failed|nothing' /opt/first
      echo "--"; grep -E 'written|unchanged|run:|commands|nothing' /opt/second`);
      const paths = [...OWN_FILES, ...(MUCH.files ?? []).map(({ path }) => path)];
      expect(result).toStrictEqual([
        `644 root ${sha256(MUCH.files?.[0].content)} /opt/a file`,
        `600 daemon ${sha256(MUCH.files?.[1].content)} /opt/secretive`,
        `755 daemon ${sha256(MUCH.files?.[2].content)} /opt/new/folder/run.sh`,
        `644 root ${sha256('')} /opt/empty`,
        `644 root ${sha256("it's /root\n")} /opt/ran`,
        '0',
        '700',
        '--',
        ...paths.map((path) => `meshvm: written: ${path} (new)`),
        'meshvm: the commands failed',
        'meshvm: run: the commands',
        `meshvm: the join as ${JOIN} failed with exit code 1; this script may run again`,
        '--',
        ...paths.map((path) => `meshvm: unchanged: ${path}`),
        'meshvm: unchanged: the commands ran before',
      ]);
    },
  );

  test('its dry run tells all that is to be done and leaves no trace', () => {
    writeFileSync(script, render(MUCH));
    const result = onEmptyMachine(`
      echo other >/opt/empty
      # /mnt/up is what this machine wrote to /etc.
      trace() { find /opt /mnt/up /usr/local /var/lib /run -printf '%p %T@\\n'; }
      before=$(trace)
      sh -s -- --dry-run <${script}; echo "exit code $?"
      [ "$before" = "$(trace)" ] && cat /opt/empty`);
    expect(result).toStrictEqual([
      ...OWN_FILES.map((path) => `meshvm: would write: ${path} (new)`),
      'meshvm: would write: /opt/a file (new)',
      'meshvm: would write: /opt/secretive (new)',
      'meshvm: would write: /opt/new/folder/run.sh (new)',
      'meshvm: would write: /opt/empty (changed)',
      'meshvm: would install: package jq',
      'meshvm: would install: package libpq5=15',
      'meshvm: would run: the commands',
      WOULD_JOIN,
      'exit code 0',
      'other',
    ]);
  });

  test('with systemd it enables the unit once, and its exit code is that of the join', () => {
    writeFileSync(
      script,
      render().replace(/^ {2}\/usr\/local\/lib\/meshvm\/first-stage \|\|/m, '  /opt/bin/first-stage ||'),
    );
    const result = onEmptyMachine(`
      mkdir -p /opt/bin /run/systemd/system /usr/local/bin; printf '%s' '${STAND_IN}' >/opt/bin/first-stage; printf '%s' '${SYSTEMCTL}' >/usr/local/bin/systemctl; chmod 755 /opt/bin/first-stage /usr/local/bin/systemctl
      sh ${script} 2>&1 | grep unit; sh ${script} >/opt/second 2>&1; echo "exit code $?"; grep unit /opt/second; cat /opt/calls`);
    const asked = ['istio.service', 'meshvm-refresh.timer'].map((unit) => `systemctl is-active --quiet ${unit}`);
    expect(result).toStrictEqual([
      'meshvm: enabled: unit meshvm-first-stage.service',
      'exit code 6',
      'meshvm: unchanged: unit meshvm-first-stage.service',
      'systemctl daemon-reload',
      'systemctl is-enabled meshvm-first-stage.service',
      'systemctl enable --quiet meshvm-first-stage.service',
      ...asked,
      'join is called',
      ...asked,
      'systemctl is-enabled meshvm-first-stage.service',
      ...asked,
      'join is called',
      ...asked,
    ]);
  });

  test('it installs the packages that are missing, in the version that they have to have, and only those', () => {
    const packages = ['jq', 'libpq5=15', 'curl=8', 'nginx'];
    writeFileSync(script, render({ packages }));
    const result = onEmptyMachine(`
      mkdir -p /usr/local/bin; cd /usr/local/bin
      printf '%s' '${APT_GET}' >apt-get; printf '%s' '${DPKG_QUERY}' >dpkg-query; chmod 755 apt-get dpkg-query
      printf '%s\n' 'jq 1.6' 'libpq5 15' 'curl 7' >/opt/packages
      sh ${script} 2>&1 | grep package; echo "--"; sh ${script} 2>&1 | grep package; cat /opt/calls`);
    expect(result).toStrictEqual([
      'meshvm: unchanged: package jq',
      'meshvm: unchanged: package libpq5=15',
      'meshvm: installed: package curl=8',
      'meshvm: installed: package nginx',
      '--',
      ...packages.map((name) => `meshvm: unchanged: package ${name}`),
      'apt-get update',
      'apt-get install -y curl=8 nginx',
    ]);
  });

  test('it refuses a user who is not root, an unknown argument, and a folder where a file belongs, and changes nothing then', () => {
    writeFileSync(script, render());
    const result = onEmptyMachine(`
      chmod 755 ${folder}
      setpriv --reuid 65534 --clear-groups sh ${script} 2>&1; echo $?
      sh ${script} --dryrun 2>&1; echo $?
      sh ${script} --help | head -1; find /etc/meshvm /var/lib -mindepth 1 2>/dev/null
      mkdir -p /etc/meshvm/join.json; sh ${script} 2>&1; echo $?; ls -A /etc/meshvm/join.json`);
    expect(result).toStrictEqual([
      'meshvm: this needs root: sudo sh FILE, or ssh MACHINE sudo sh -s <FILE',
      '7',
      'meshvm: there is no argument --dryrun; --help lists those that there are',
      '2',
      'usage: sudo sh FILE [--dry-run]',
      'meshvm: /etc/meshvm/join.json is a folder; a file belongs there',
      '7',
    ]);
  });

  test('a connection that breaks in the midst of the script changes nothing', () => {
    const whole = render(MUCH);
    writeFileSync(script, whole.slice(0, whole.indexOf('\nenable_unit ')));
    const result = onEmptyMachine(
      `
      sh <${script} >/opt/said 2>&1; [ $? != 0 ] && echo refused; find /etc/meshvm /var/lib /opt -mindepth 1 2>/dev/null; true`,
    );
    expect(result).toStrictEqual(['refused', '/opt/said']);
  });
});

describe('on a running machine of a real mesh', () => {
  let world: World;
  let machine: Computer;
  let script: string;

  beforeAll(async () => {
    world = await World.start();
    // What boots has no user-data: its shell waits until somebody has joined it, and then takes systemd's part.
    machine = await world.machine('vm-1', { userData: 'test -e /var/lib/meshvm/state.json\n' });
    await machine.boot();
    script = join(machine.folder, 'join.sh');
    writeFileSync(
      script,
      world.joinScript({ files: [{ path: '/usr/local/etc/greeting', content: 'hello\n' }], packages: ['coreutils'] }),
    );
  });

  afterAll(async () => {
    await world?.stop();
  });

  const paths = [...OWN_FILES, '/usr/local/etc/greeting'];
  const INSTALLED = 'meshvm: unchanged: package coreutils';
  const run = async (...options: string[]) => {
    const { stdout, exitCode } = await machine.run(`sh -s -- ${options.join(' ')} <${script}`, true);
    return { lines: stdout.trim().split('\n'), exitCode };
  };
  const disk = () => {
    const folder = join(machine.folder, 'disk');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return files.map((file) => [
      join(file.parentPath, file.name),
      readFileSync(join(file.parentPath, file.name), 'utf8'),
    ]);
  };

  test('a dry run changes nothing', async () => {
    const before = disk();
    expect(await run('--dry-run')).toStrictEqual({
      lines: [...paths.map((path) => `meshvm: would write: ${path} (new)`), INSTALLED, WOULD_JOIN],
      exitCode: 0,
    });
    expect(disk()).toStrictEqual(before);
    expect(await world.entryOf(machine)).toBeUndefined();
  });

  test('a run joins, and says what it wrote', async () => {
    const { lines, exitCode } = await run();
    expect(lines.filter((line) => line.startsWith('meshvm: '))).toStrictEqual([
      ...paths.map((path) => `meshvm: written: ${path} (new)`),
      INSTALLED,
      `meshvm: joined: ${JOIN}`,
    ]);
    expect(exitCode).toBe(0);
    await machine.process.waitUntil('it is healthy', () => world.healthySince(machine));
    expect((await world.entryOf(machine))?.spec).toMatchObject({ serviceAccount: 'payment-service' });
  });

  test('a second run changes nothing and says so, dry or not', async () => {
    const since = await world.healthySince(machine);
    const written = await machine.output(`stat -c %Z ${paths.join(' ')}`);
    const expected = {
      lines: [
        ...paths.map((path) => `meshvm: unchanged: ${path}`),
        INSTALLED,
        `meshvm: nothing to change: this machine is in the mesh as ${JOIN}`,
      ],
      exitCode: 0,
    };
    expect(await run('--dry-run')).toStrictEqual(expected);
    expect(await run()).toStrictEqual(expected);
    expect(await machine.output(`stat -c %Z ${paths.join(' ')}`)).toBe(written);
    expect(await world.healthySince(machine)).toBe(since);
  });

  test('a file that somebody changed is written again, and the machine stays in the mesh', async () => {
    const since = await world.healthySince(machine);
    await machine.run('echo other >/usr/local/etc/greeting');
    const { lines, exitCode } = await run();
    expect(lines.filter((line) => line.startsWith('meshvm: '))).toStrictEqual([
      ...OWN_FILES.map((path) => `meshvm: unchanged: ${path}`),
      'meshvm: written: /usr/local/etc/greeting (changed)',
      INSTALLED,
      `meshvm: joined: ${JOIN}`,
    ]);
    expect(exitCode).toBe(0);
    expect(await machine.output('cat /usr/local/etc/greeting')).toBe('hello');
    expect(await world.healthySince(machine)).toBe(since);
  });
});

function sha256(text: string | undefined): string {
  const { stdout } = spawnSync('sha256sum', { input: text, encoding: 'utf8' });
  return stdout.slice(0, 64);
}
