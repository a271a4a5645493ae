import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CommandResult,
  type ControlPlane,
  type HostNames,
  type NetworkHost,
  runCommand,
  waitUntil,
} from '../harness';
import { ManagedProcess } from '../harness/process';

export interface ComputerOptions {
  readonly name: string;
  /** What the image's /etc/hosts says, besides the computer itself: it is written anew at every boot. */
  readonly hosts?: HostNames;
  /** Script that runs at every boot, as root and with `$0` as first process: when it ends, the computer is off. */
  readonly script: string;
  /** Run before anything of the script, for example to add routes. */
  readonly network?: string;
  /** Address of the DNS server. */
  readonly nameserver: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A Linux computer without a kernel of its own: network, host name, processes, /etc, /var, /usr/local and /run are its own. What it
 * writes stays over a reboot, but for /run and /etc/hosts. It has Istio's binaries, the user istio-proxy, and a boot ID.
 */
export class Computer {
  static async create(controlPlane: ControlPlane, options: ComputerOptions): Promise<Computer> {
    const host = await controlPlane.lan.addHost(options.name);
    return new Computer(controlPlane, host, options, controlPlane.workspace.subfolder(options.name));
  }

  private running: ManagedProcess | undefined;
  private processId = 0;
  private boots = 0;

  private constructor(
    private readonly controlPlane: ControlPlane,
    readonly host: NetworkHost,
    private readonly options: ComputerOptions,
    readonly folder: string,
  ) {
    for (const part of PARTS) {
      for (const layer of ['disk', 'work']) mkdirSync(join(folder, layer, part), { recursive: true });
    }
  }

  get name(): string {
    return this.options.name;
  }

  get address(): string {
    return this.host.address;
  }

  /** Puts a file on the disk of a computer that is off. */
  write(path: string, content: string): void {
    const part = PARTS.find((candidate) => path.startsWith(`/${candidate.replace('-', '/')}/`));
    if (part === undefined) throw new Error(`${path} is not on the computer's own disk.`);
    const file = join(this.folder, 'disk', part, path.slice(part.length + 2));
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content, { mode: 0o755 });
  }

  /** Switches it on. */
  async boot(): Promise<ManagedProcess> {
    const { workspace, tools } = this.controlPlane;
    this.boots += 1;
    const bootId = join(this.folder, 'boot-id');
    writeFileSync(bootId, `${this.name}-${this.boots}\n`);
    const hosts = Object.entries({ localhost: '127.0.0.1', [this.name]: this.address, ...this.options.hosts });
    writeFileSync(join(this.folder, 'hosts'), hosts.map(([name, address]) => `${address} ${name}\n`).join(''));
    const script = join(this.folder, 'script');
    writeFileSync(script, this.options.script);
    const init = join(this.folder, 'init');
    writeFileSync(init, INIT);
    const idFile = join(this.folder, `process-${this.boots}`);
    const isolated = ['unshare', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', init];
    const { args } = this.host.command(isolated[0], isolated.slice(1));
    const env = {
      COMPUTER: this.folder,
      COMPUTER_NAME: this.name,
      ISTIO_TOOLS: [tools.envoy, tools.pilotAgent, tools.istioStart].join(' '),
      NAMESERVER: this.options.nameserver,
      NETWORK: this.options.network ?? '',
      ...this.options.env,
    };
    // The shell's process ID stays that of `unshare`, whose only child is the computer's first process.
    this.running = ManagedProcess.start({
      workspace,
      name: this.name,
      command: 'sh',
      args: ['-c', `echo $$ >${idFile}; exec ip "$@"`, 'sh', ...args],
      env,
    });
    this.controlPlane.own(this.running);
    await this.running.waitUntil('it is set up', async () => {
      const parent = readFileSync(idFile, 'utf8').trim();
      // unshare has a helper for a moment before its lasting child.
      this.processId = Number(readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')[0]);
      return this.processId > 0 && (await this.run('test -e /run/ready', true)).exitCode === 0;
    });
    return this.running;
  }

  get process(): ManagedProcess {
    if (this.running === undefined) throw new Error(`${this.name} is off.`);
    return this.running;
  }

  /** Runs a shell command on it, as root and past what its capture does to istio-proxy. */
  run(script: string, allowFailure = false): Promise<CommandResult> {
    const target = [
      '--target',
      String(this.processId),
      '--mount',
      '--uts',
      '--pid',
      '--net',
      '--',
      'sh',
      '-c',
      `cd /; export ${PATH}; ${script}`,
    ];
    return runCommand('nsenter', target, { allowFailure, env: this.options.env });
  }

  /** What a shell command prints. */
  async output(script: string): Promise<string> {
    return (await this.run(script)).stdout.trim();
  }

  /** All processes end at once; the kernel still ends their connections. */
  async switchOff(): Promise<void> {
    await this.process.kill();
    await waitUntil('all its processes are gone', () => {
      try {
        return readFileSync(`/proc/${this.processId}/status`, 'utf8') === '';
      } catch {
        return true;
      }
    });
  }

  /** Nobody hears of it any more: no connection is ended. */
  async cutPower(): Promise<void> {
    await this.unplug();
    await this.switchOff();
  }

  async unplug(): Promise<void> {
    const { command, args } = this.host.command('ip', ['link', 'set', 'eth0', 'down']);
    await runCommand(command, args);
  }
}

/** Folders of its own, as the names of their layers. */
const PARTS = ['etc', 'var', 'usr-local'] as const;

/** What systemd gives its services; nothing of the tests' own. */
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const INIT = `
set -eu
for part in etc var usr-local; do
  place=/$(echo $part | tr - /)
  mount -t overlay overlay -o "lowerdir=$place,upperdir=$COMPUTER/disk/$part,workdir=$COMPUTER/work/$part" $place
done
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$COMPUTER/boot-id" /proc/sys/kernel/random/boot_id
hostname "$COMPUTER_NAME"
echo "$COMPUTER_NAME" >/etc/machine-id
cat "$COMPUTER/hosts" >/etc/hosts
rm -f /etc/resolv.conf
echo "nameserver $NAMESERVER" >/etc/resolv.conf
ip link set eth0 up
ip route replace default via "\${COMPUTER_ROUTER:-$(ip -4 -o address show eth0 | sed 's/.* inet \\([0-9.]*\\)\\.[0-9]*\\/.*/\\1.1/')}"
eval "$NETWORK"
if ! grep -q '^istio-proxy:' /etc/passwd; then
  echo 'istio-proxy:x:988:988::/var/lib/istio:/bin/sh' >>/etc/passwd
  echo 'istio-proxy:x:988:' >>/etc/group
fi
for tool in $ISTIO_TOOLS; do
  : >>"/usr/local/bin/\${tool##*/}"
  mount --bind "$tool" "/usr/local/bin/\${tool##*/}"
done
cd /
export ${PATH}
: >/run/ready
exec sh "$COMPUTER/script"
`;
