import { IstiodExposure } from '../../lib/gateway/istiod-exposure';
import { aMesh } from '../fixtures';

describe('IstiodExposure', () => {
  test('is data', () => {
    const furtherControlPlanes = [aMesh()];
    expect(IstiodExposure.istioApis()).toEqual({ istioApis: {} });
    expect(IstiodExposure.gatewayApi({ furtherControlPlanes })).toEqual({ gatewayApi: { furtherControlPlanes } });
    expect(IstiodExposure.none()).toEqual({ none: true });
  });
});
