import { ServiceExposure } from '../../lib/gateway/service-exposure';

describe('ServiceExposure', () => {
  test('exposes the services of the cluster by default', () => {
    expect(ServiceExposure.istioApis()).toMatchObject({ exposed: true, usesGatewayApi: false, hosts: ['*.local'] });
    expect(ServiceExposure.gatewayApi()).toMatchObject({ exposed: true, usesGatewayApi: true, hosts: ['*.local'] });
  });

  test('exposes the hosts that were asked for', () => {
    expect(ServiceExposure.istioApis({ hosts: ['a.local'] }).hosts).toStrictEqual(['a.local']);
    expect(ServiceExposure.gatewayApi({ hosts: [] })).toMatchObject({ exposed: true, hosts: [] });
  });

  test('can be none', () => {
    expect(ServiceExposure.none()).toMatchObject({ exposed: false, hosts: undefined });
  });
});
