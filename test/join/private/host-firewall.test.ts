import { type ApiObject, Chart } from 'cdk8s';
import { MeshVmGroup } from 'meshvm';
import { type HostFirewall, type OpenPort, SshAccess, TransportProtocol } from '../../../lib/join/host-firewall';
import { MachineIdentity } from '../../../lib/join/machine-identity';
import { aChart, groupProps, problemsOf } from '../../fixtures';
import { joiningGroup } from '../fixtures';

const ssh = SshAccess.from(['10.0.0.0/24']);
const CIDRS = ['10.0.0.0/8'];

/** What is wrong with the firewall of a group with port 8080. */
function problems(hostFirewall: HostFirewall): readonly string[] {
  const props = groupProps({ identity: MachineIdentity.eks({ cluster: 'prod-eu' }), bootstrap: { hostFirewall } });
  const all = problemsOf(() => new MeshVmGroup(aChart(), 'shop', props));
  return all.filter((problem) => problem.startsWith('bootstrap.'));
}

function bundleOf(group: MeshVmGroup): Readonly<Record<string, string>> {
  const all = Chart.of(group).toJson() as (ApiObject & { readonly data: Readonly<Record<string, string>> })[];
  return all.filter(({ kind }) => kind === 'ConfigMap')[0].data;
}

describe('the firewall of a group', () => {
  test('is two files of its bundle, only when it is switched on', () => {
    const without = bundleOf(joiningGroup());
    expect(Object.keys(without)).toStrictEqual(['cluster.env', 'mesh.yaml', 'settings.json']);
    const bundle = bundleOf(joiningGroup({ bootstrap: { hostFirewall: { ssh } } }));
    const { 'firewall.nft': firewall, 'firewall.json': openings, ...others } = bundle;
    expect(openings).toContain('"port": 15006,');
    expect(firewall).toContain('tcp dport { 8080 } ct direction original reject with tcp reset\n');
    expect(others).toStrictEqual(without);
  });

  test('must say who reaches SSH', () => {
    expect(problems({} as HostFirewall)).toStrictEqual(['bootstrap.hostFirewall.ssh [shape/missing]']);
    const neither = { ssh: {} } as HostFirewall;
    expect(problems(neither)).toStrictEqual(['bootstrap.hostFirewall.ssh [shape/choice]']);
    // An empty list would be a closed door.
    expect(problems({ ssh: SshAccess.from([]) })).toStrictEqual([
      'bootstrap.hostFirewall.ssh.from.cidrs [host-firewall/ssh]',
    ]);
    expect(
      bundleOf(joiningGroup({ bootstrap: { hostFirewall: { ssh: SshAccess.closed() } } }))['firewall.nft'],
    ).not.toContain('tcp dport 22');
  });

  test.each(['10.0.0.0', '10.0.0.1/8', 'fd00::/129', 'office', '10.0.0.0/8 }'])('lets nobody in from %j', (cidr) => {
    expect(problems({ ssh: SshAccess.from(['10.0.0.0/8', cidr]) })).toStrictEqual([
      'bootstrap.hostFirewall.ssh.from.cidrs[1] [address/cidr]',
    ]);
  });

  test('would close port 22 to everybody where the group serves it', () => {
    const ports = [{ name: 'tcp-ssh', port: 22 }];
    const identity = MachineIdentity.eks({ cluster: 'prod-eu' });
    const props = groupProps({ ports, identity, bootstrap: { hostFirewall: { ssh } } });
    expect(problemsOf(() => new MeshVmGroup(aChart(), 'shop', props)).slice(1)).toStrictEqual([
      'bootstrap.hostFirewall [host-firewall/group-serves-ssh]',
    ]);
  });

  test('takes address ranges alone', () => {
    const openPorts = [{ port: 9100, cidrs: ['10.0.0.1/8'] }];
    expect(problems({ ssh, monitoringCidrs: ['10.0.0.0/8', 'any'], openPorts })).toStrictEqual([
      'bootstrap.hostFirewall.monitoringCidrs[1] [address/cidr]',
      'bootstrap.hostFirewall.openPorts[0].cidrs[0] [address/cidr]',
    ]);
  });

  test.each<[string, OpenPort, string]>([
    ['that the group serves', { port: 8080, cidrs: CIDRS }, 'port [host-firewall/port-of-mesh]'],
    ['of SSH', { port: 22, cidrs: CIDRS }, 'port [host-firewall/ssh-port]'],
    ['of the sidecar', { port: 15006, cidrs: CIDRS }, 'port [port/reserved-by-sidecar]'],
    ['that is none', { port: 65536, cidrs: CIDRS }, 'port [port/number]'],
    ['that is a half', { port: 1.5, cidrs: CIDRS }, 'port [port/number]'],
    ['for nobody', { port: 9100, cidrs: [] }, 'cidrs [host-firewall/open-to-nobody]'],
  ])('opens no port %s', (_, open, problem) => {
    expect(problems({ ssh, openPorts: [open] })).toStrictEqual([`bootstrap.hostFirewall.openPorts[0].${problem}`]);
  });

  test('opens no port of another protocol', () => {
    const open = { port: 9100, protocol: 'SCTP' as TransportProtocol, cidrs: CIDRS };
    expect(problems({ ssh, openPorts: [open] })).toStrictEqual([
      'bootstrap.hostFirewall.openPorts[0].protocol [shape/value]',
    ]);
  });

  test('opens UDP ports with the numbers of TCP ports that are not for opening', () => {
    const openPorts = [8080, 22].map((port) => ({ port, protocol: TransportProtocol.UDP, cidrs: CIDRS }));
    expect(Object.keys(bundleOf(joiningGroup({ bootstrap: { hostFirewall: { ssh, openPorts } } })))).toContain(
      'firewall.nft',
    );
  });
});
