import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command';
import type { Workspace } from './workspace';

/**
 * A network of its own for gateways and machines: a bridge on this host, and a network namespace for each of them.
 *
 * Needs root. The bridge's name holds the number of the subnet, and the kernel makes a name only once: that is how two
 * runs at the same time get different subnets.
 */
export class Lan {
  static async create(workspace: Workspace): Promise<Lan> {
    if (process.getuid?.() !== 0) throw new Error('Network namespaces need root: run the mesh tests as root.');
    const offset = Math.floor(Math.random() * SUBNETS);
    for (let attempt = 0; attempt < SUBNETS; attempt++) {
      const subnet = (offset + attempt) % SUBNETS;
      const bridge = `mvm${subnet}`;
      // Set here, it stays: a bridge takes the lowest address of its ports for its own, and when that changes because a machine joins, who
      // knows this host by the old one does not reach it for a minute.
      const hardware = `02:6d:76:6d:00:${subnet.toString(16).padStart(2, '0')}`;
      const { exitCode, stderr } = await ip(['link', 'add', bridge, 'address', hardware, 'type', 'bridge'], true);
      if (exitCode !== 0) {
        if (stderr.includes('File exists')) continue;
        throw new Error(`Can't make a bridge: ${stderr}`);
      }
      workspace.guardBridge(bridge);
      const lan = new Lan(bridge, `10.213.${subnet}`);
      await ip(['address', 'add', `${lan.hostAddress}/24`, 'dev', bridge]);
      await ip(['link', 'set', bridge, 'up']);
      return lan;
    }
    throw new Error(`All ${SUBNETS} subnets of the mesh tests are in use: \`ip link show type bridge\`.`);
  }

  private addresses = 1;

  private constructor(
    /** The name of the bridge; the names of all namespaces start with it. */
    readonly bridge: string,
    private readonly prefix: string,
  ) {}

  /** This host's address in the network. */
  get hostAddress(): string {
    return `${this.prefix}.1`;
  }

  get cidr(): string {
    return `${this.prefix}.0/24`;
  }

  /** Gives this host one more address in the network. */
  async addHostAddress(): Promise<string> {
    const address = this.reserveAddress();
    await ip(['address', 'add', `${address}/24`, 'dev', this.bridge]);
    return address;
  }

  /** Adds a network namespace with one address, a route to this host, and an /etc/hosts of its own. */
  async addHost(name: string, hosts: HostNames = {}): Promise<NetworkHost> {
    const address = this.reserveAddress();
    const outside = `${this.bridge}v${address.split('.').pop()}`;
    const host = new NetworkHost(`${this.bridge}-${name}`, name, address, outside);
    host.setHosts(hosts);
    const { namespace } = host;
    await ip(['netns', 'add', namespace]);
    await ip(['link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
    await ip(['link', 'set', outside, 'master', this.bridge, 'up']);
    await ip(['-n', namespace, 'address', 'add', `${host.address}/24`, 'dev', 'eth0']);
    await ip(['-n', namespace, 'link', 'set', 'lo', 'up']);
    await ip(['-n', namespace, 'link', 'set', 'eth0', 'up']);
    await ip(['-n', namespace, 'route', 'add', 'default', 'via', this.hostAddress]);
    return host;
  }

  /** An address that nobody else gets, for somebody who takes it by other means: a virtual machine. */
  reserveAddress(): string {
    this.addresses += 1;
    if (this.addresses > 254) throw new Error('The network of the mesh tests has no address left.');
    return `${this.prefix}.${this.addresses}`;
  }
}

/** Addresses by the names that stand for them. */
export type HostNames = Readonly<Record<string, string>>;

/** One network namespace. */
export class NetworkHost {
  private names: HostNames = {};

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly address: string,
    private readonly outside: string,
  ) {}

  /** Pulls its network cable, or plugs it in again. */
  async setConnected(connected: boolean): Promise<void> {
    await ip(['link', 'set', this.outside, connected ? 'up' : 'down']);
  }

  /** What its /etc/hosts says, beside itself. */
  get hosts(): HostNames {
    return this.names;
  }

  /** The command line that runs a command inside: with this namespace's network and /etc/hosts. */
  command(command: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
    return { command: 'ip', args: ['netns', 'exec', this.namespace, command, ...args] };
  }

  /** Replaces /etc/hosts inside. Processes see it by their next look-up: the file stays the same one. */
  setHosts(hosts: HostNames): void {
    this.names = hosts;
    const folder = join('/etc/netns', this.namespace);
    mkdirSync(folder, { recursive: true });
    const lines = Object.entries({ localhost: '127.0.0.1', [this.name]: this.address, ...hosts });
    writeFileSync(join(folder, 'hosts'), lines.map(([name, address]) => `${address} ${name}\n`).join(''));
  }
}

const SUBNETS = 256;

function ip(args: readonly string[], allowFailure = false): ReturnType<typeof runCommand> {
  return runCommand('ip', args, { allowFailure });
}
