import { Chart } from 'cdk8s';
import { DnsMode } from 'meshvm';
import { type DnsModeArgs, MeshVmGroup } from 'meshvm/pulumi';
import { joiningGroup } from '../../join/fixtures';
import { joiningArgs, later, meshArgs, named, refusal, registered } from '../fixtures';

type Bundle = Readonly<Record<'cluster.env' | 'mesh.yaml' | 'settings.json', string>>;

const args = (dns: DnsModeArgs) =>
  joiningArgs({
    mesh: meshArgs({ istiodAccess: { dnsName: 'istiod.mesh.example.com' } }),
    gateway: undefined,
    bootstrap: { dns },
  });

async function bundleOf(dns: DnsModeArgs): Promise<Bundle> {
  const resources = await registered(() => new MeshVmGroup('payment-service', args(dns)));
  return named(resources, 'ConfigMap payments/payment-service-bootstrap').inputs.data;
}

function ofCdk8s(dns: DnsMode): Bundle {
  const objects = Chart.of(joiningGroup({ bootstrap: { dns } })).toJson() as {
    readonly kind: string;
    readonly data: Bundle;
  }[];
  return objects.filter(({ kind }) => kind === 'ConfigMap')[0].data;
}

describe('the DNS mode of a Pulumi group', () => {
  test.each<[DnsModeArgs, DnsMode]>([
    [{ capture: true }, DnsMode.capture()],
    [{ split: {} }, DnsMode.split()],
    [{ split: { domains: ['bank.example'] } }, DnsMode.split({ domains: ['bank.example'] })],
    [{ coreDns: { address: '10.20.0.53', domains: ['a'] } }, DnsMode.coreDns('10.20.0.53', { domains: ['a'] })],
    [{ off: true, capture: false }, DnsMode.off()],
  ])('is that of the cdk8s group: %j', async (given, dns) => {
    expect(await bundleOf(given)).toStrictEqual(ofCdk8s(dns));
  });

  test('is the same when the address is known at deployment only', async () => {
    expect(await bundleOf({ coreDns: { address: later('10.20.0.53') } })).toStrictEqual(
      ofCdk8s(DnsMode.coreDns('10.20.0.53')),
    );
  });

  test('says what is wrong with it', async () => {
    const refused = (dns: DnsModeArgs) => refusal(() => new MeshVmGroup('pay', args(dns)));
    expect(await refused({})).toStrictEqual(['bootstrap.dns [shape/choice]']);
    expect(await refused({ split: {}, off: true })).toStrictEqual(['bootstrap.dns [shape/choice]']);
    expect(await refused({ coreDns: { address: 'fd00::53', domains: ['.'] } })).toStrictEqual([
      'bootstrap.dns.coreDns.address [dns/server]',
      'bootstrap.dns.coreDns.domains[0] [dns/domain]',
    ]);
  });
});
