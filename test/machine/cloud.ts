import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIENCE, type ControlPlane, ManagedProcess, runCommand, type TokenIssuer } from '../mesh/harness';
import { Mirror } from './mirror';

const METADATA_ADDRESS = '169.254.169.254';
/** A name that only the cloud's DNS knows. */
export const MIRROR_NAME = 'packages.cloud.internal';

export interface CloudOptions {
  readonly issuer: TokenIssuer;
  /** Account that all machines run as. */
  readonly serviceAccountEmail: string;
  /** Files that the mirror serves, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * What surrounds a machine in a cloud: DHCP, DNS, a metadata service, and a mirror for packages. DHCP, DNS and the metadata service are on a host of
 * their own in the network: whatever has these addresses for this host is left alone.
 */
export class Cloud {
  static async start(controlPlane: ControlPlane, options: CloudOptions): Promise<Cloud> {
    const { lan, workspace } = controlPlane;
    const host = await lan.addHost('cloud');
    await runCommand('ip', ['-n', host.namespace, 'address', 'add', `${METADATA_ADDRESS}/32`, 'dev', 'lo']);
    const mirror = await Mirror.start(lan.hostAddress, options.files);
    const leases = workspace.subfolder('dhcp');
    const start = (name: string, command: string, args: readonly string[]): void =>
      controlPlane.own(ManagedProcess.start({ workspace, name, ...host.command(command, args) }));
    // Machines find the metadata service by a route of its own (RFC 3442), as OpenStack does it.
    const routes = [`${METADATA_ADDRESS}/32`, host.address, '0.0.0.0/0', lan.hostAddress];
    start('dnsmasq', 'dnsmasq', [
      ...['--keep-in-foreground', '--conf-file=/dev/null', '--pid-file=', '--log-facility=-', '--user=root'],
      ...['--no-resolv', '--no-hosts', '--interface=eth0', '--bind-interfaces', '--dhcp-authoritative'],
      `--dhcp-range=${lan.cidr.replace('/24', '')},static,255.255.255.0,12h`,
      `--dhcp-hostsdir=${leases}`,
      `--dhcp-leasefile=${join(workspace.folder, 'dhcp-leases')}`,
      `--dhcp-option=option:dns-server,${host.address}`,
      `--dhcp-option=option:classless-static-route,${routes.join(',')}`,
      `--address=/${MIRROR_NAME}/${lan.hostAddress}`,
    ]);
    const { issuer, serviceAccountEmail } = options;
    const settings = { issuer: issuer.url, audience: AUDIENCE, signingKey: issuer.signingKey, serviceAccountEmail };
    const program = join(__dirname, 'metadata-service.ts');
    const tsx = require.resolve('tsx/cjs');
    start('metadata-service', process.execPath, ['--require', tsx, program, JSON.stringify(settings)]);
    return new Cloud(mirror, leases);
  }

  private constructor(
    readonly mirror: Mirror,
    private readonly leases: string,
  ) {}

  /** URL of the mirror, by a name that only the cloud's DNS knows. */
  get mirrorUrl(): string {
    return `http://${MIRROR_NAME}:${this.mirror.port}`;
  }

  /** Gives a machine its address by DHCP from now on. */
  lease(mac: string, address: string, name: string): void {
    writeFileSync(join(this.leases, name), `${mac},${address},${name}\n`);
  }

  stop(): void {
    this.mirror.stop();
  }
}
