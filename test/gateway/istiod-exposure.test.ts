import { IstiodExposure } from '../../lib/gateway/istiod-exposure';
import { aMesh } from '../fixtures';

describe('IstiodExposure', () => {
  test('opens nothing but istiod itself by default', () => {
    expect(IstiodExposure.istioApis()).toMatchObject({
      exposed: true,
      usesGatewayApi: false,
      furtherControlPlanes: [],
      webhook: false,
    });
    expect(IstiodExposure.gatewayApi()).toMatchObject({ exposed: true, usesGatewayApi: true, webhook: false });
  });

  test('takes further control planes and the webhook', () => {
    const canary = aMesh();
    const options = { furtherControlPlanes: [canary], webhook: true };
    for (const exposure of [IstiodExposure.istioApis(options), IstiodExposure.gatewayApi(options)]) {
      expect(exposure.furtherControlPlanes).toStrictEqual([canary]);
      expect(exposure.webhook).toBe(true);
    }
  });

  test('can be none', () => {
    expect(IstiodExposure.none().exposed).toBe(false);
  });
});
