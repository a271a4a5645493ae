import { ApiServerExposure } from '../../lib/gateway/api-server-exposure';

describe('ApiServerExposure', () => {
  test('is data', () => {
    const options = { sourceRanges: ['10.20.0.0/16'] };
    expect(ApiServerExposure.istioApis(options)).toEqual({ istioApis: options });
    expect(ApiServerExposure.gatewayApi(options)).toEqual({ gatewayApi: options });
    expect(ApiServerExposure.none()).toEqual({ none: true });
  });
});
