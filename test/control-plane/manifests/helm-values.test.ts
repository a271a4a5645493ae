import fc from 'fast-check';
import { ControlPlane } from '../../../lib/control-plane/control-plane';
import type { ControlPlaneProps } from '../../../lib/control-plane/control-plane-props';
import { isMap, mergeUnder } from '../../../lib/control-plane/manifests/helm-values';
import { NetworkGateway } from '../../../lib/control-plane/mesh-network';
import { IstiodExposure } from '../../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../../lib/gateway/service-exposure';
import { Revision } from '../../../lib/mesh/revision';
import { aMesh } from '../../fixtures';

function gateway(props: Partial<ControlPlaneProps['gateway']> = {}, revision = Revision.default()) {
  const given = { loadBalancer: LoadBalancer.nodePort({ istiodPort: 30012 }), ...props };
  return new ControlPlane({ mesh: aMesh({ revision }), gateway: given }).helmValues.gateway ?? {};
}

describe('values of the gateway chart', () => {
  test('are those of a gateway for machines alone', () => {
    expect(gateway()).toStrictEqual({
      name: 'istio-eastwestgateway',
      labels: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' },
      rbac: { enabled: false },
      service: {
        type: 'NodePort',
        annotations: { 'traffic.istio.io/nodeSelector': '{}' },
        ports: [
          { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
          { name: 'tls-istiod', port: 15012, targetPort: 15012, protocol: 'TCP', nodePort: 30012 },
        ],
      },
      autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 5 },
      podDisruptionBudget: { maxUnavailable: 1 },
      podAnnotations: {
        'inject.istio.io/templates': 'gateway',
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
        'proxy.istio.io/config': '{"terminationDrainDuration":"30s"}',
      },
      terminationGracePeriodSeconds: 45,
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            spreadOver('kubernetes.io/hostname', 100),
            spreadOver('topology.kubernetes.io/zone', 50),
          ],
        },
      },
    });
  });

  test('open a port for each thing that is exposed', () => {
    const ports = (props: Partial<ControlPlaneProps['gateway']>) =>
      (gateway(props).service as { ports: { port: number }[] }).ports.map(({ port }) => port);
    expect(ports({})).toStrictEqual([15021, 15012]);
    expect(ports({ exposeServices: ServiceExposure.gatewayApi() })).toStrictEqual([15021, 15443, 15012]);
    expect(ports({ exposeIstiod: IstiodExposure.istioApis({ webhook: true }) })).toStrictEqual([15021, 15012, 15017]);
  });

  test('make it the gateway of its network only when it carries services', () => {
    const { labels, env } = gateway({ exposeServices: ServiceExposure.istioApis() });
    expect(labels).toMatchObject({ 'topology.istio.io/network': 'vpc-prod' });
    expect(env).toStrictEqual({ ISTIO_META_REQUESTED_NETWORK_VIEW: 'vpc-prod' });
  });

  test.each([
    [Revision.default(), undefined],
    [Revision.named('default'), 'default'],
    [Revision.named('1-31-1'), '1-31-1'],
    [Revision.tag('prod'), 'prod'],
  ])('are injected by the control plane of the mesh: %j', (revision, expected) => {
    expect(gateway({}, revision).revision).toBe(expected);
  });
});

describe('values of the istiod chart', () => {
  test('leave out what nobody set', () => {
    const { istiod } = new ControlPlane({ mesh: aMesh() }).helmValues;
    expect(Object.keys(istiod.global as object)).not.toContain('meshNetworks');
    expect(JSON.stringify(istiod)).not.toContain('null');
  });

  test('carry the networks by name', () => {
    const meshNetworks = [{ name: 'dc-1', gateways: [NetworkGateway.address('10.0.0.1', 443)] }];
    expect(new ControlPlane({ mesh: aMesh(), meshNetworks }).helmValues.istiod.global).toMatchObject({
      meshNetworks: { 'dc-1': { endpoints: [], gateways: [{ address: '10.0.0.1', port: 443 }] } },
    });
  });

  test('say 0 % of traces where the chart can not', () => {
    const { istiod } = new ControlPlane({ mesh: aMesh({ proxy: { tracingSamplingPercent: 0 } }) }).helmValues;
    expect(istiod).toMatchObject({ traceSampling: 0, env: { PILOT_TRACE_SAMPLING: '0' } });
  });

  test('stand above those that a user adds', () => {
    const { istiod } = new ControlPlane({
      mesh: aMesh(),
      istiodValues: { global: { hub: 'mirror.example.com' }, affinity: { nodeAffinity: {} } },
      meshConfig: { defaultConfig: { concurrency: 2 } },
    }).helmValues;
    expect(istiod).toMatchObject({
      global: { hub: 'mirror.example.com', meshID: 'acme' },
      affinity: { nodeAffinity: {}, podAntiAffinity: expect.anything() },
      meshConfig: { defaultConfig: { concurrency: 2, holdApplicationUntilProxyStarts: true } },
    });
  });
});

describe('one tree of values beneath another', () => {
  const values = [fc.integer(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 })];
  const tree = fc.object({ maxDepth: 3, key: fc.constantFrom('a', 'b', 'c'), values });

  test('changes nothing of the upper one, and loses nothing of the lower one that is not in its way', () => {
    fc.assert(
      fc.property(tree, tree, (extra, own) => {
        const merged = mergeUnder(extra, own);
        expect(mergeUnder(merged, own)).toStrictEqual(merged);
        for (const [path, leaf] of leavesOf(own)) expect(at(merged, path)).toStrictEqual(leaf);
        for (const [path, leaf] of leavesOf(extra)) {
          if (path.some((_, depth) => isLeaf(at(own, path.slice(0, depth + 1))))) continue;
          if (at(own, path) === undefined) expect(at(merged, path)).toStrictEqual(leaf);
        }
      }),
    );
  });

  test('leaves deferred values alone', () => {
    const deferred = Promise.resolve('x');
    expect(mergeUnder({ a: { b: 1 } }, { a: deferred })).toStrictEqual({ a: deferred });
    expect(isMap(deferred)).toBe(false);
  });
});

function spreadOver(topologyKey: string, weight: number) {
  const matchLabels = { app: 'istio-eastwestgateway', istio: 'eastwestgateway' };
  return { weight, podAffinityTerm: { topologyKey, labelSelector: { matchLabels } } };
}

function isLeaf(value: unknown): boolean {
  return value !== undefined && !isMap(value);
}

function leavesOf(tree: unknown, path: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  if (!isMap(tree)) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    tree,
  );
}
