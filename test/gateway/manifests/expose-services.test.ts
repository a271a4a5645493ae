import {
  exposeServicesWithGatewayApi,
  exposeServicesWithIstioApis,
} from '../../../lib/gateway/manifests/expose-services';
import { gateway } from './gateway';

const metadata = { name: 'edge-services', namespace: 'gateways', labels: gateway.labels };

test("Istio's Gateway passes TLS on by its server name", () => {
  expect(exposeServicesWithIstioApis(gateway, ['*.local'])).toStrictEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata,
    spec: {
      selector: gateway.selector,
      servers: [
        {
          port: { number: 15443, name: 'tls', protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' },
          hosts: ['*.local'],
        },
      ],
    },
  });
});

test('Gateway API has a listener for each host, and one without a name for all', () => {
  const listener = {
    port: 15443,
    protocol: 'TLS',
    tls: { mode: 'Passthrough', options: { 'gateway.istio.io/listener-protocol': 'auto-passthrough' } },
    allowedRoutes: { namespaces: { from: 'Same' } },
  };
  const { metadata: named, spec } = exposeServicesWithGatewayApi(gateway, ['*.a.local', '*']);
  expect(named).toStrictEqual(metadata);
  expect(spec).toMatchObject({ addresses: [{ type: 'Hostname', value: 'edge' }] });
  expect((spec as { readonly listeners: unknown }).listeners).toStrictEqual([
    { name: 'services-0', hostname: '*.a.local', ...listener },
    { name: 'services-1', ...listener },
  ]);
});
