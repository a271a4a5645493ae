import { GroupNamespace, GroupServiceAccount, MeshVm, MeshVmGroup } from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

const mesh = aMesh({ trustDomain: 'acme.example', controlPlaneNamespace: 'mesh-system' });
const props = {
  ...groupProps({ mesh, serviceAccount: GroupServiceAccount.create('shop-3') }),
  revokedServiceAccounts: ['shop', 'shop-2'],
};
const policy = (name: string) => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: `meshvm.payments.${name}.revoked`, namespace: 'mesh-system' },
  spec: {
    action: 'DENY',
    rules: [
      {
        from: [{ source: { principals: ['acme.example/ns/payments/sa/shop', 'acme.example/ns/payments/sa/shop-2'] } }],
      },
    ],
  },
});

test('a group denies the calls of revoked identities in the whole mesh', () => {
  const chart = aChart();
  const group = new MeshVmGroup(chart, 'shop', props);
  const objects = chart.toJson() as { kind: string; metadata: { name: string } }[];
  expect(objects.filter(({ kind }) => kind === 'AuthorizationPolicy')).toStrictEqual([policy('shop')]);
  expect(objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name)).toStrictEqual([
    'shop-3',
  ]);
  expect(group.spiffeId).toBe('spiffe://acme.example/ns/payments/sa/shop-3');
});

test('a machine does so, too, but not each that a group has', () => {
  const chart = aChart();
  const { probe, identity, gateway, bootstrap, ...machine } = props;
  const existing = { namespace: GroupNamespace.existing(), serviceAccount: GroupServiceAccount.existing('shop-3') };
  new MeshVm(chart, 'legacy', { ...machine, ...existing, address: '10.20.0.9' });
  const group = new MeshVmGroup(chart, 'shop', { ...props, canonicalService: 'shop', version: 'v2', services: [] });
  group.addMachine('one', { address: '10.20.0.7' });
  const policies = chart.toJson().filter(({ kind }: { kind: string }) => kind === 'AuthorizationPolicy');
  expect(policies).toStrictEqual([policy('legacy'), policy('shop')]);
});

test('without any there is no policy', () => {
  const chart = aChart();
  new MeshVmGroup(chart, 'shop', groupProps({ mesh, revokedServiceAccounts: [] }));
  expect(chart.toJson().map(({ kind }: { kind: string }) => kind)).not.toContain('AuthorizationPolicy');
});

test('the identity of the machines is not revoked by themselves', () => {
  expect(
    problemsOf(() => new MeshVmGroup(aChart(), 'shop', groupProps({ mesh, revokedServiceAccounts: ['shop'] }))),
  ).toStrictEqual(['revokedServiceAccounts[0] [machine/revoked-service-account-in-use]']);
});
