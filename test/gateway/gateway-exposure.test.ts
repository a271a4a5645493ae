import { ApiServerExposure, IstiodExposure, ServiceExposure } from 'meshvm';
import { resolveExposure } from '../../lib/gateway/gateway-exposure';
import { aMesh } from '../fixtures';

describe('what a gateway exposes', () => {
  test('istiod and nothing else by default', () => {
    expect(resolveExposure({})).toStrictEqual({
      istiod: { by: 'istioApis', furtherControlPlanes: [], webhook: false },
      services: undefined,
      apiServer: undefined,
    });
  });

  test('further control planes and the webhook, by either API', () => {
    const canary = aMesh();
    const options = { furtherControlPlanes: [canary], webhook: true };
    expect(resolveExposure({ exposeIstiod: IstiodExposure.istioApis(options) }).istiod).toStrictEqual({
      ...{ by: 'istioApis', ...options },
    });
    expect(resolveExposure({ exposeIstiod: IstiodExposure.gatewayApi(options) }).istiod).toStrictEqual({
      ...{ by: 'gatewayApi', ...options },
    });
  });

  test('services of the cluster, or the hosts that were asked for', () => {
    expect(resolveExposure({ exposeServices: ServiceExposure.istioApis() }).services).toStrictEqual({
      ...{ by: 'istioApis', hosts: ['*.local'] },
    });
    expect(resolveExposure({ exposeServices: ServiceExposure.gatewayApi({ hosts: ['a.local'] }) }).services).toEqual({
      ...{ by: 'gatewayApi', hosts: ['a.local'] },
    });
  });

  test('the API server for the ranges that were given, by either API', () => {
    const options = { sourceRanges: ['10.20.0.0/16'] };
    expect(resolveExposure({ exposeApiServer: ApiServerExposure.istioApis(options) }).apiServer).toStrictEqual({
      ...{ by: 'istioApis', ...options },
    });
    expect(resolveExposure({ exposeApiServer: ApiServerExposure.gatewayApi(options) }).apiServer).toStrictEqual({
      ...{ by: 'gatewayApi', ...options },
    });
  });

  test('nothing', () => {
    const none = {
      exposeIstiod: IstiodExposure.none(),
      exposeServices: ServiceExposure.none(),
      exposeApiServer: ApiServerExposure.none(),
    };
    expect(resolveExposure(none)).toStrictEqual({ istiod: undefined, services: undefined, apiServer: undefined });
  });
});
