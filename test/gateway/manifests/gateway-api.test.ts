import { gatewayApiGateway } from '../../../lib/gateway/manifests/gateway-api';
import { gateway } from './gateway';

describe('gatewayApiGateway', () => {
  test("stands on the gateway's own Service", () => {
    expect(gatewayApiGateway(gateway, 'edge-istiod', [])).toStrictEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge-istiod', namespace: 'gateways', labels: gateway.labels },
      spec: { gatewayClassName: 'istio', addresses: [{ type: 'Hostname', value: 'edge' }], listeners: [] },
    });
  });

  test('names the revision that writes its status, and never its network', () => {
    const { metadata } = gatewayApiGateway({ ...gateway, revision: 'prod', network: 'vpc' } as never, 'x', []);
    expect(metadata.labels).toStrictEqual({ ...gateway.labels, 'istio.io/rev': 'prod' });
  });
});
