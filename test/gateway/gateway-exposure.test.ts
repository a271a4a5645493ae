import { IstiodExposure, ServiceExposure } from 'meshvm';
import { resolveExposure } from '../../lib/gateway/gateway-exposure';
import { aMesh } from '../fixtures';

describe('what a gateway exposes', () => {
  test('istiod and nothing else by default', () => {
    expect(resolveExposure({})).toStrictEqual({
      istiod: { by: 'istioApis', furtherControlPlanes: [], webhook: false },
      services: undefined,
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

  test('nothing', () => {
    const none = { exposeIstiod: IstiodExposure.none(), exposeServices: ServiceExposure.none() };
    expect(resolveExposure(none)).toStrictEqual({ istiod: undefined, services: undefined });
  });
});
