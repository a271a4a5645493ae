import { Chart } from 'cdk8s';
import type { MeshVmGroup as Cdk8sGroup } from 'meshvm';
import { type HostFirewallArgs, MeshVmGroup, type SshAccessArgs, TransportProtocol } from 'meshvm/pulumi';
import { SshAccess } from '../../../lib/join/host-firewall';
import { joiningGroup } from '../../join/fixtures';
import { joiningArgs, later, meshArgs, named, refusal, registered } from '../fixtures';

const CIDRS = ['10.0.0.0/24', 'fd00::/64'];
const args = (hostFirewall: HostFirewallArgs) =>
  joiningArgs({
    mesh: meshArgs({ istiodAccess: { dnsName: 'istiod.mesh.example.com' } }),
    gateway: undefined,
    bootstrap: { hostFirewall },
  });

async function firewallOf(hostFirewall: HostFirewallArgs): Promise<string> {
  const resources = await registered(() => new MeshVmGroup('payment-service', args(hostFirewall)));
  return named(resources, 'ConfigMap payments/payment-service-bootstrap').inputs.data['firewall.nft'];
}

function ofCdk8s(group: Cdk8sGroup): string {
  const objects = Chart.of(group).toJson() as { readonly kind: string; readonly data: Record<string, string> }[];
  return objects.filter(({ kind }) => kind === 'ConfigMap')[0].data['firewall.nft'];
}

describe('the firewall of a Pulumi group', () => {
  test('is that of the cdk8s group', async () => {
    const openPorts = [{ port: 53, protocol: TransportProtocol.UDP, cidrs: CIDRS }];
    const hostFirewall = { ssh: SshAccess.from(CIDRS), monitoringCidrs: CIDRS, openPorts };
    expect(await firewallOf({ ssh: { from: { cidrs: CIDRS } }, monitoringCidrs: CIDRS, openPorts })).toBe(
      ofCdk8s(joiningGroup({ bootstrap: { hostFirewall } })),
    );
    expect(await firewallOf({ ssh: { closed: true } })).toBe(
      ofCdk8s(joiningGroup({ bootstrap: { hostFirewall: { ssh: SshAccess.closed() } } })),
    );
  });

  test('is the same when its ranges are known at deployment only, of whichever family they are', async () => {
    const plain = await firewallOf({ ssh: { from: { cidrs: CIDRS } }, monitoringCidrs: ['fd00::/8', ...CIDRS] });
    const inputs = CIDRS.map(later);
    expect(
      await firewallOf({ ssh: { from: { cidrs: inputs } }, monitoringCidrs: [later('fd00::/8'), ...inputs] }),
    ).toBe(plain);
  });

  test('says what is wrong with it', async () => {
    const openPorts = [{ port: 8080, cidrs: [] }];
    const refused = (ssh: SshAccessArgs) => refusal(() => new MeshVmGroup('pay', args({ ssh, openPorts })));
    const others = [
      'bootstrap.hostFirewall.openPorts[0].port [host-firewall/port-of-mesh]',
      'bootstrap.hostFirewall.openPorts[0].cidrs [host-firewall/open-to-nobody]',
    ];
    const choice = 'bootstrap.hostFirewall.ssh [shape/choice]';
    expect(await refused({})).toStrictEqual([choice]);
    expect(await refused({ closed: false })).toStrictEqual([choice]);
    expect(await refused({ closed: true, from: { cidrs: CIDRS } })).toStrictEqual([choice]);
    expect(await refused({ from: { cidrs: [] } })).toStrictEqual([
      'bootstrap.hostFirewall.ssh.from.cidrs [host-firewall/ssh]',
      ...others,
    ]);
  });
});
