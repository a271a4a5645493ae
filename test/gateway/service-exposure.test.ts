import { ServiceExposure } from '../../lib/gateway/service-exposure';

describe('ServiceExposure', () => {
  test('is data', () => {
    expect(ServiceExposure.istioApis()).toEqual({ istioApis: {} });
    expect(ServiceExposure.gatewayApi({ hosts: ['a.local'] })).toEqual({ gatewayApi: { hosts: ['a.local'] } });
    expect(ServiceExposure.none()).toEqual({ none: true });
  });
});
