import * as cdk8sFace from 'meshvm';
import { EgressScope, MeshVm, MeshVmGroup, OutboundTraffic, ServiceEntryProtocol, VmServiceEntry } from 'meshvm/pulumi';
import { groupProps } from '../../fixtures';
import { groupArgs, later, meshArgs, named, refusal, registered, vmArgs } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const outbound = OutboundTraffic.REGISTRY_ONLY;
const outputs = {
  groupName: 'pay',
  namespace: 'payments',
  serviceAccount: 'pay',
  labels: { app: 'pay', version: '1' },
};

describe('EgressScope', () => {
  test('declares what the cdk8s construct declares', async () => {
    const declared = await expectSame((chart) => {
      const group = aGroup(chart);
      const namespace = cdk8sFace.GroupNamespace.create('ledger');
      const ledger = new cdk8sFace.MeshVmGroup(chart, 'ledger', groupProps({ namespace }));
      const existing = cdk8sFace.GroupNamespace.existing('payments');
      const machine = new cdk8sFace.MeshVm(chart, 'db', {
        ...groupProps({ namespace: existing }),
        address: '10.20.1.7',
      });
      const { EgressDestination, OutboundTraffic } = cdk8sFace;
      new cdk8sFace.EgressScope(chart, 'egress', {
        group,
        destinations: [
          EgressDestination.group(ledger),
          EgressDestination.machine(machine),
          EgressDestination.service('rates', 'market-data'),
          EgressDestination.service('audit'),
          EgressDestination.host('api.bank.example'),
          EgressDestination.namespace('shop'),
        ],
        outbound: OutboundTraffic.REGISTRY_ONLY,
      });
      new cdk8sFace.EgressScope(chart, 'open', {
        group: ledger,
        destinations: [],
        outbound: OutboundTraffic.ALLOW_ANY,
      });
    }, () => {
      const group = theGroup();
      const ledger = new MeshVmGroup('ledger', groupArgs({ namespace: 'ledger' }));
      const machine = new MeshVm('db', vmArgs({ createNamespace: false }));
      new EgressScope('egress', {
        group,
        destinations: [
          { group: ledger },
          { machine },
          { service: { name: 'rates', namespace: 'market-data' } },
          { service: { name: 'audit' } },
          { host: 'api.bank.example' },
          { namespace: 'shop' },
        ],
        outbound,
      });
      new EgressScope('open', { group: ledger, destinations: [], outbound: OutboundTraffic.ALLOW_ANY });
    }, ['payment-service', 'ledger', 'db']);
    expect(Object.keys(declared).sort()).toStrictEqual([
      'networking.istio.io/v1 Sidecar ledger/ledger',
      'networking.istio.io/v1 Sidecar payments/payment-service',
    ]);
  });

  test('takes Inputs, keeps the Services over the group known, and tells what it is called', async () => {
    const { value, resources } = await runProgram(async () => {
      const group = theGroup({ namespace: later('payments') });
      const destinations = [{ service: { name: later('rates'), namespace: later('market-data') } }];
      const scope = new EgressScope('egress', { group, destinations, outbound, name: later('scope') });
      return [await settled(scope.scopeName), await settled(scope.namespace)];
    });
    expect(value).toStrictEqual(['scope', 'payments']);
    expect(named(resources, 'egress-Resource').inputs.spec.egress).toStrictEqual([
      {
        hosts: ['./payment-service.payments.svc.cluster.local', 'market-data/rates.market-data.svc.cluster.local'],
      },
    ]);
  });

  test("keeps the group's own Services where the cluster's domain is not known yet", async () => {
    const resources = await registered(() => {
      const group = theGroup({ mesh: meshArgs({ clusterDomain: later('k8s.acme.internal') }) });
      new EgressScope('egress', { group, destinations: [], outbound });
    });
    expect(named(resources, 'egress-Resource').inputs.spec.egress).toStrictEqual([
      { hosts: ['./payment-service.payments.svc.k8s.acme.internal'] },
    ]);
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      group: outputs,
      destinations: [{ group: outputs }, { service: { name: 'Rates', namespace: '*' } }, { host: 'bank' }],
      outbound,
      name: 'Egress',
    };
    expect(await refusal(() => new EgressScope('egress', args))).toStrictEqual([
      'group: the Services over the group must stay known to its machines; give the MeshVmGroup itself',
      'name [name/dns-subdomain]',
      'destinations[0].group [egress/no-service]',
      'destinations[1].service.name [traffic/service-name]',
      'destinations[1].service.namespace [egress/no-namespace-of-that-name]',
      'destinations[2].host [egress/host]',
    ]);
    const shapeless = { group: outputs, destinations: [{}], outbound: 'NONE' as OutboundTraffic };
    expect(await refusal(() => new EgressScope('egress', shapeless))).toStrictEqual([
      'destinations[0] [shape/choice]',
      'outbound [shape/value]',
    ]);
  });

  test('refuses a second scope of a group', async () => {
    await registered(() => {
      const args = { group: theGroup(), destinations: [], outbound };
      new EgressScope('first', args);
      expect(() => new EgressScope('second', args)).toThrow('groups other than that of first');
    });
  });

  test.each([
    ['whom a host is shown to', { exportTo: [later('payments')], namespace: 'payments' }],
    ['the namespace of the group', { exportTo: ['payments'], namespace: later('payments') }],
  ])('does not judge what is not known once the program is complete: %s', async (_, { exportTo, namespace }) => {
    const resources = await registered(() => {
      new VmServiceEntry('bank', {
        ...{ mesh: meshArgs(), namespace: 'egress', hosts: ['api.bank.example'], exportTo },
        ...{
          ports: [{ name: 'https', port: 443, protocol: ServiceEntryProtocol.TLS }],
          endpoints: { resolveHosts: true },
        },
      });
      new EgressScope('egress', {
        group: theGroup({ namespace }),
        destinations: [{ host: 'api.bank.example' }],
        outbound,
      });
    });
    expect(named(resources, 'egress-Resource').inputs.spec.egress).toStrictEqual([
      { hosts: ['./payment-service.payments.svc.cluster.local', '*/api.bank.example'] },
    ]);
  });

  test('refuses what becomes known to be wrong', async () => {
    const errors = await failureOf(
      () => new EgressScope('egress', { group: theGroup(), destinations: [{ host: later('bank') }], outbound }),
    );
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[egress/host]'));
  });
});
