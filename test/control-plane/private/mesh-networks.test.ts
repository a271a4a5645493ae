import { type MeshNetwork, NetworkEndpoints, NetworkGateway } from '../../../lib/control-plane/mesh-network';
import { checkMeshNetworks, networkSettings } from '../../../lib/control-plane/private/mesh-networks';
import { Problems } from '../../../lib/core/problems';
import { aMesh } from '../../fixtures';

const gateway = NetworkGateway.address('10.0.0.1');
const service = NetworkGateway.service('gw.istio-system.svc.cluster.local');
const dc = NetworkEndpoints.fromCidr('10.20.0.0/16');
const us = NetworkEndpoints.fromRegistry('prod-us');

function verdict(networks: readonly MeshNetwork[]): readonly string[] {
  const problems = new Problems();
  checkMeshNetworks(problems, networks, aMesh());
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('networks of a mesh', () => {
  test('stand as in meshNetworks', () => {
    expect(
      networkSettings({ name: 'dc-1', endpoints: [dc, us], gateways: [gateway, { ...service, port: 443 }] }),
    ).toStrictEqual({
      name: 'dc-1',
      endpoints: [{ fromCidr: '10.20.0.0/16' }, { fromRegistry: 'prod-us' }],
      gateways: [
        { address: '10.0.0.1', port: 15443 },
        { registryServiceName: 'gw.istio-system.svc.cluster.local', port: 443 },
      ],
    });
  });

  test.each<[string, readonly MeshNetwork[]]>([
    ['none', []],
    ['one that is reached', [{ name: 'dc-1', gateways: [gateway] }]],
    ['one that is recognized', [{ name: 'dc-1', endpoints: [dc] }]],
    ['one with a gateway in its cluster', [{ name: 'us', endpoints: [us], gateways: [service] }]],
    [
      "the mesh's own",
      [{ name: 'vpc-prod', endpoints: [NetworkEndpoints.fromRegistry('prod-eu')], gateways: [service] }],
    ],
    [
      'two with a gateway in common',
      [
        { name: 'dc-1', gateways: [gateway] },
        { name: 'dc-2', gateways: [gateway] },
      ],
    ],
  ])('may be %s', (_, networks) => {
    expect(verdict(networks)).toStrictEqual([]);
  });

  test.each<[readonly MeshNetwork[], readonly string[]]>([
    [[{ name: 'DC', gateways: [gateway] }], ['meshNetworks[0].name [name/dns-label]']],
    [[{ name: 'dc-1' }], ['meshNetworks[0].gateways [mesh-network/empty]']],
    [
      // istiod's validation takes a plain address, and the part that reads it does not.
      [{ name: 'dc-1', endpoints: [{ fromCidr: '10.20.0.1' }, { fromRegistry: 'prod_us' }] }],
      [
        'meshNetworks[0].endpoints[0].fromCidr [address/cidr]',
        'meshNetworks[0].endpoints[1].fromRegistry [mesh-network/registry]',
      ],
    ],
    [
      [
        {
          name: 'dc-1',
          endpoints: [us],
          gateways: [NetworkGateway.address('gw.example.com:443', 0), NetworkGateway.service('10.0.0.1', 65536)],
        },
      ],
      [
        'meshNetworks[0].gateways[0].address [mesh-network/gateway-address]',
        'meshNetworks[0].gateways[0].port [port/number]',
        'meshNetworks[0].gateways[1].serviceHost [name/host]',
        'meshNetworks[0].gateways[1].port [port/number]',
      ],
    ],
    [
      [
        { name: 'dc-1', gateways: [gateway] },
        { name: 'dc-1', gateways: [gateway] },
      ],
      ['meshNetworks[1].name [mesh-network/twice]'],
    ],
    [
      [
        { name: 'dc-1', endpoints: [dc, us] },
        { name: 'dc-2', endpoints: [us, dc] },
      ],
      [
        'meshNetworks[1].endpoints[0] [mesh-network/endpoints-of-two-networks]',
        'meshNetworks[1].endpoints[1] [mesh-network/endpoints-of-two-networks]',
      ],
    ],
    [
      [{ name: 'dc-1', endpoints: [NetworkEndpoints.fromRegistry('prod-eu')] }],
      ['meshNetworks[0].endpoints[0] [mesh-network/own-cluster-elsewhere]'],
    ],
    [
      [{ name: 'dc-1', endpoints: [dc], gateways: [gateway, service] }],
      ['meshNetworks[0].gateways[1] [mesh-network/gateway-service-nowhere]'],
    ],
  ])('are refused where istiod would pass over them: %#', (networks, expected) => {
    expect(verdict(networks)).toStrictEqual(expected);
  });
});
