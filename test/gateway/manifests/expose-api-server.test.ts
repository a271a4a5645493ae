import { exposeApiServer } from '../../../lib/gateway/manifests/expose-api-server';
import { aMesh } from '../../fixtures';
import { gateway } from './gateway';

const metadata = { name: 'edge-api-server', namespace: 'gateways', labels: gateway.labels };
const sourceRanges = ['10.20.0.0/16', '192.0.2.7/32'];
const policy = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata,
  spec: {
    selector: { matchLabels: gateway.selector },
    action: 'DENY',
    rules: [
      {
        from: [{ source: { notIpBlocks: sourceRanges } }],
        when: [{ key: 'connection.sni', values: ['kubernetes.default.svc'] }],
      },
    ],
  },
};

test("by Istio's APIs one name on istiod's port leads to the API server, and other sources are denied it", () => {
  const mesh = aMesh({ clusterDomain: 'acme.local' });
  expect(exposeApiServer(gateway, mesh, { by: 'istioApis', sourceRanges })).toStrictEqual([
    policy,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata,
      spec: {
        selector: gateway.selector,
        servers: [
          {
            port: { number: 15012, name: 'tls-istiod', protocol: 'TLS' },
            tls: { mode: 'PASSTHROUGH' },
            hosts: ['./kubernetes.default.svc'],
          },
        ],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: ['kubernetes.default.svc'],
        gateways: ['edge-api-server'],
        tls: [
          {
            match: [{ port: 15012, sniHosts: ['kubernetes.default.svc'] }],
            route: [{ destination: { host: 'kubernetes.default.svc.acme.local', port: { number: 443 } } }],
          },
        ],
      },
    },
  ]);
});

test('by the Gateway API the route stands beside the Service of the API server', () => {
  expect(exposeApiServer(gateway, aMesh(), { by: 'gatewayApi', sourceRanges })).toStrictEqual([
    policy,
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata,
      spec: {
        gatewayClassName: 'istio',
        addresses: [{ type: 'Hostname', value: 'edge' }],
        listeners: [
          {
            name: '15012.kubernetes.default.svc',
            hostname: 'kubernetes.default.svc',
            port: 15012,
            protocol: 'TLS',
            tls: { mode: 'Passthrough' },
            allowedRoutes: {
              namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } },
              kinds: [{ kind: 'TLSRoute' }],
            },
          },
        ],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'TLSRoute',
      metadata: { name: 'gateways.edge-kubernetes', namespace: 'default', labels: gateway.labels },
      spec: {
        parentRefs: [{ name: 'edge-api-server', namespace: 'gateways', sectionName: '15012.kubernetes.default.svc' }],
        hostnames: ['kubernetes.default.svc'],
        rules: [{ backendRefs: [{ name: 'kubernetes', port: 443 }] }],
      },
    },
  ]);
});
