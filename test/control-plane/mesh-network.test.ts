import { NetworkEndpoints, NetworkGateway } from '../../lib/control-plane/mesh-network';
import { problemsOf } from '../fixtures';

describe('endpoints of a network', () => {
  test('are told by address range or by cluster', () => {
    expect({ ...NetworkEndpoints.fromCidr('10.20.0.0/16') }).toStrictEqual({
      cidr: '10.20.0.0/16',
      clusterName: undefined,
    });
    expect({ ...NetworkEndpoints.fromRegistry('prod-us') }).toStrictEqual({ cidr: undefined, clusterName: 'prod-us' });
  });

  test('are refused where istiod would ignore or refuse them', () => {
    // istiod's validation takes a plain address, and the part that reads it does not.
    expect(problemsOf(() => NetworkEndpoints.fromCidr('10.20.0.1'))).toStrictEqual(['cidr[0] [address/cidr]']);
    expect(problemsOf(() => NetworkEndpoints.fromRegistry('prod_us'))).toStrictEqual([
      'clusterName [mesh-network/registry]',
    ]);
  });
});

describe('a gateway of a network', () => {
  test('has an address or is a Service, on port 15443 unless told', () => {
    expect({ ...NetworkGateway.address('gw.example.com') }).toStrictEqual({
      host: 'gw.example.com',
      serviceHost: undefined,
      port: 15443,
    });
    expect({ ...NetworkGateway.service('gw.istio-system.svc.cluster.local', 443) }).toStrictEqual({
      host: undefined,
      serviceHost: 'gw.istio-system.svc.cluster.local',
      port: 443,
    });
  });

  test('is refused with every problem at once', () => {
    expect(problemsOf(() => NetworkGateway.address('gw.example.com:443', 0))).toStrictEqual([
      'address [mesh-network/gateway-address]',
      'port [port/number]',
    ]);
    expect(problemsOf(() => NetworkGateway.service('10.0.0.1', 65536))).toStrictEqual([
      'host [name/host]',
      'port [port/number]',
    ]);
  });
});
