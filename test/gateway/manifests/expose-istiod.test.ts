import * as fc from 'fast-check';
import { IstiodAccess, type Mesh, Revision } from 'meshvm';
import { exposeIstiod, istiodRoutes } from '../../../lib/gateway/manifests/expose-istiod';
import type { TlsRoute } from '../../../lib/gateway/manifests/pass-tls';
import { aMesh } from '../../fixtures';
import { gateway } from './gateway';

function routes(...controlPlanes: readonly Mesh[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(istiodRoutes(controlPlanes).map(({ serviceName, hosts }) => [serviceName, hosts]));
}

const UNREVISIONED = 'istiod.istio-system.svc';
const named = (name: string) => aMesh({ revision: Revision.named(name) });

describe('istiodRoutes', () => {
  test('without a revision one name leads to istiod', () => {
    expect(istiodRoutes([aMesh()])).toStrictEqual([
      {
        hosts: [UNREVISIONED],
        serviceName: 'istiod',
        namespace: 'istio-system',
        serviceHost: 'istiod.istio-system.svc.cluster.local',
      },
    ]);
  });

  test('a revision answers to the unrevisioned name too', () => {
    expect(routes(named('a'))).toStrictEqual({ 'istiod-a': ['istiod-a.istio-system.svc', UNREVISIONED] });
  });

  test("a tag's machines dial the unrevisioned name and reach the tag's Service", () => {
    expect(routes(aMesh({ revision: Revision.tag('prod') }))).toStrictEqual({
      'istiod-revision-tag-prod': [UNREVISIONED],
    });
  });

  test('a DNS name comes first, in the namespace of the control plane', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com'), controlPlaneNamespace: 'mesh' });
    expect(routes(mesh)).toStrictEqual({ istiod: ['istiod.example.com', 'istiod.mesh.svc'] });
  });

  test('a canary gets the name that its machines dial', () => {
    expect(routes(aMesh(), named('b'))).toStrictEqual({
      istiod: [UNREVISIONED],
      'istiod-b': ['istiod-b.istio-system.svc'],
    });
  });

  test('the unrevisioned name goes to the control plane whose machines dial it', () => {
    expect(routes(named('a'), aMesh())).toStrictEqual({
      'istiod-a': ['istiod-a.istio-system.svc'],
      istiod: [UNREVISIONED],
    });
    expect(routes(named('a'), aMesh({ revision: Revision.tag('prod') }))).toStrictEqual({
      'istiod-a': ['istiod-a.istio-system.svc'],
      'istiod-revision-tag-prod': [UNREVISIONED],
    });
  });

  test('a control plane whose name is taken gets none', () => {
    expect(istiodRoutes([aMesh(), aMesh()])).toHaveLength(1);
  });

  test('whatever the control planes, each name leads to one istiod that carries it, and the own machines arrive', () => {
    const revision = fc.oneof(
      fc.constant(Revision.default()),
      fc.constantFrom('a', 'b').map(Revision.named),
      fc.constantFrom('a', 'b').map(Revision.tag),
    );
    const access = fc.constantFrom(undefined, 'x.example.com', 'y.example.com');
    const mesh = fc
      .tuple(revision, access)
      .map(([revision, name]) => aMesh({ revision, istiodAccess: name ? IstiodAccess.dnsName(name) : undefined }));
    fc.assert(
      fc.property(fc.array(mesh, { minLength: 1, maxLength: 4 }), (meshes) => {
        const found = istiodRoutes(meshes);
        const hosts = found.flatMap((route) => route.hosts);
        expect(new Set(hosts).size).toBe(hosts.length);
        for (const route of found) {
          const carriers = meshes.filter((candidate) => candidate.istiodServiceName === route.serviceName);
          const carried = carriers.flatMap((candidate) => candidate.istiodCertificateNames);
          expect(carried).toEqual(expect.arrayContaining([...route.hosts]));
        }
        expect(found[0]).toMatchObject({ serviceName: meshes[0].istiodServiceName });
        expect(found[0].hosts).toContain(meshes[0].istiodHost);
      }),
    );
  });
});

const ROUTES: readonly TlsRoute[] = [
  { hosts: ['a.svc', 'x.svc'], serviceName: 'istiod-a', namespace: 'istio-system', serviceHost: 'istiod-a.local' },
  { hosts: ['b.svc'], serviceName: 'istiod-b', namespace: 'gateways', serviceHost: 'istiod-b.local' },
];

describe("by Istio's APIs", () => {
  const metadata = { name: 'edge-istiod', namespace: 'gateways', labels: gateway.labels };

  test('a Gateway takes TLS for the names, from its own namespace alone, and a VirtualService parts them', () => {
    expect(exposeIstiod(gateway, ROUTES, { by: 'istioApis', webhook: false })).toStrictEqual([
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
              hosts: ['./a.svc', './x.svc', './b.svc'],
            },
          ],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata,
        spec: {
          hosts: ['a.svc', 'x.svc', 'b.svc'],
          gateways: ['edge-istiod'],
          tls: [
            {
              match: [{ port: 15012, sniHosts: ['a.svc', 'x.svc'] }],
              route: [{ destination: { host: 'istiod-a.local', port: { number: 15012 } } }],
            },
            {
              match: [{ port: 15012, sniHosts: ['b.svc'] }],
              route: [{ destination: { host: 'istiod-b.local', port: { number: 15012 } } }],
            },
          ],
        },
      },
    ]);
  });

  test("the webhook's port leads to port 443 of istiod", () => {
    const [servers, routing] = exposeIstiod(gateway, ROUTES, { by: 'istioApis', webhook: true });
    expect(servers.spec).toMatchObject({ servers: [{ port: { number: 15012 } }, { port: { number: 15017 } }] });
    const { tls } = routing.spec as { readonly tls: readonly unknown[] };
    expect(tls).toHaveLength(4);
    expect(tls[3]).toStrictEqual({
      match: [{ port: 15017, sniHosts: ['b.svc'] }],
      route: [{ destination: { host: 'istiod-b.local', port: { number: 443 } } }],
    });
  });
});

describe('by the Gateway API', () => {
  test('a listener for each name, open to the namespace of its istiod', () => {
    const [servers] = exposeIstiod(gateway, ROUTES, { by: 'gatewayApi', webhook: false });
    const { listeners } = servers.spec as { readonly listeners: readonly { readonly name: string }[] };
    expect(listeners.map(({ name }) => name)).toStrictEqual(['15012.a.svc', '15012.x.svc', '15012.b.svc']);
    expect([listeners[0], listeners[2]]).toStrictEqual([
      {
        name: '15012.a.svc',
        hostname: 'a.svc',
        port: 15012,
        protocol: 'TLS',
        tls: { mode: 'Passthrough' },
        allowedRoutes: {
          namespaces: {
            from: 'Selector',
            selector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } },
          },
          kinds: [{ kind: 'TLSRoute' }],
        },
      },
      {
        name: '15012.b.svc',
        hostname: 'b.svc',
        port: 15012,
        protocol: 'TLS',
        tls: { mode: 'Passthrough' },
        allowedRoutes: { namespaces: { from: 'Same' }, kinds: [{ kind: 'TLSRoute' }] },
      },
    ]);
  });

  test('a TLSRoute for each istiod, beside its Service', () => {
    const [, first, second, ...rest] = exposeIstiod({ ...gateway, revision: 'prod' }, ROUTES, {
      by: 'gatewayApi',
      webhook: false,
    });
    expect(rest).toStrictEqual([]);
    expect(second.metadata).toMatchObject({ name: 'edge-istiod-b', namespace: 'gateways' });
    expect(first).toStrictEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'TLSRoute',
      // No istio.io/rev: istiod would ignore the route of a tag.
      metadata: { name: 'gateways.edge-istiod-a', namespace: 'istio-system', labels: gateway.labels },
      spec: {
        parentRefs: [
          { name: 'edge-istiod', namespace: 'gateways', sectionName: '15012.a.svc' },
          { name: 'edge-istiod', namespace: 'gateways', sectionName: '15012.x.svc' },
        ],
        hostnames: ['a.svc', 'x.svc'],
        rules: [{ backendRefs: [{ name: 'istiod-a', port: 15012 }] }],
      },
    });
  });

  test('the webhook has routes of its own, to port 443', () => {
    const objects = exposeIstiod(gateway, ROUTES, { by: 'gatewayApi', webhook: true });
    expect(objects.map(({ metadata: { name } }) => name)).toStrictEqual([
      'edge-istiod',
      'gateways.edge-istiod-a',
      'edge-istiod-b',
      'gateways.edge-istiod-a-webhook',
      'edge-istiod-b-webhook',
    ]);
    expect(objects[3].spec).toMatchObject({
      parentRefs: [{ sectionName: '15017.a.svc' }, { sectionName: '15017.x.svc' }],
      rules: [{ backendRefs: [{ port: 443 }] }],
    });
  });
});
