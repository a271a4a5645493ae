import { readMesh } from '../../lib/cluster/read-mesh';
import { asking, GOOD, gatewayService, istiod, PATHS } from './clusters';

const SYSTEM = { namespace: 'istio-system' };

test('tells what a cluster says of its mesh', async () => {
  expect(await readMesh(asking(GOOD), SYSTEM)).toStrictEqual({
    kubernetes: '1.34',
    namespace: 'istio-system',
    revision: '',
    tags: [],
    otherRevisions: [],
    istioVersion: '1.31.1',
    image: 'docker.io/istio/pilot:1.31.1-distroless',
    meshId: 'acme',
    clusterName: 'prod',
    network: 'vpc',
    networkLabel: 'vpc',
    trustDomain: 'cluster.local',
    clusterDomain: 'cluster.local',
    customHosts: [],
    proxy: { proxyMetadata: {} },
    extensionProviders: [],
    switchedOff: [],
    ambient: false,
    missingKinds: [],
    gateways: [
      {
        namespace: 'istio-system',
        name: 'istio-eastwestgateway',
        helmRelease: 'istio-eastwestgateway',
        type: 'LoadBalancer',
        addresses: ['192.0.2.7'],
        passesIstiod: true,
      },
    ],
    unseen: [],
  });
});

test('tells settings that are not the default', async () => {
  const mesh = await readMesh(
    asking({
      ...GOOD,
      [PATHS.deployments]: {
        items: [
          istiod({
            env: {
              CLUSTER_ID: 'prod',
              ISTIOD_CUSTOM_HOST: 'istiod.acme.example,other.acme.example',
              PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION: 'false',
              PILOT_ENABLE_AMBIENT: 'true',
            },
          }),
        ],
      },
      [PATHS.mesh]: {
        data: {
          mesh: `
accessLogFile: /dev/stdout
trustDomain: acme.example
extensionProviders: [{ name: otel }]
defaultConfig:
  holdApplicationUntilProxyStarts: true
  tracing: { sampling: 10 }
  proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true", A: b }
`,
        },
      },
    }),
    SYSTEM,
  );
  expect(mesh).toMatchObject({
    // Where the mesh has no ID, Istio takes the trust domain.
    meshId: 'acme.example',
    trustDomain: 'acme.example',
    customHosts: ['istiod.acme.example', 'other.acme.example'],
    switchedOff: ['PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION'],
    ambient: true,
    extensionProviders: ['otel'],
    proxy: {
      holdApplicationUntilProxyStarts: true,
      tracingSamplingPercent: 10,
      accessLog: true,
      proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true', A: 'b' },
    },
  });
});

test.each([
  ['istio/pilot:1.31.1', '1.31.1'],
  ['registry.example:5000/pilot:1.30.2-debug@sha256:00', '1.30.2'],
  ['istio/pilot:1.32.0-beta.1', '1.32.0-beta.1'],
  ['istio/pilot:latest', undefined],
  ['istio/pilot@sha256:00', undefined],
])('the version by the image %s is %s', async (image, version) => {
  const deployments = { items: [istiod({ image })] };
  expect((await readMesh(asking({ ...GOOD, [PATHS.deployments]: deployments }), SYSTEM)).istioVersion).toBe(version);
});

describe('where there are several revisions', () => {
  const maps = (suffix: string) => ({
    [`${PATHS.mesh}${suffix}`]: GOOD[PATHS.mesh],
    [`${PATHS.injection}${suffix}`]: GOOD[PATHS.injection],
  });
  const webhook = (tag: string, revision: string) => ({
    metadata: { labels: { 'istio.io/tag': tag, 'istio.io/rev': revision } },
  });
  const two = {
    ...GOOD,
    ...maps('-1-30'),
    ...maps('-1-31'),
    [PATHS.deployments]: { items: [istiod({ revision: '1-30' }), istiod({ revision: '1-31' })] },
    [PATHS.webhooks]: { items: [webhook('stable', '1-30'), webhook('canary', '1-31')] },
  };

  test('one is asked for by its name or its tag', async () => {
    const expected = { revision: '1-31', tags: ['canary'], otherRevisions: ['1-30'] };
    expect(await readMesh(asking(two), { ...SYSTEM, revision: '1-31' })).toMatchObject(expected);
    expect(await readMesh(asking(two), { ...SYSTEM, revision: 'canary' })).toMatchObject(expected);
  });

  test('the default one is taken, and without one nothing is guessed', async () => {
    const tagged = { ...two, [PATHS.webhooks]: { items: [webhook('default', '1-30')] } };
    expect(await readMesh(asking(tagged), SYSTEM)).toMatchObject({ revision: '1-30' });
    await expect(readMesh(asking(two), SYSTEM)).rejects.toThrow(
      'there are several revisions in istio-system: say one with --revision, of 1-30, 1-31',
    );
  });

  test('a revision that is not there is told, with those that are', async () => {
    await expect(readMesh(asking(two), { ...SYSTEM, revision: 'prod' })).rejects.toThrow(
      'there is no revision or tag "prod" in istio-system; there are 1-30, 1-31, stable, canary',
    );
  });
});

test('where there is no istiod, it says where it has looked', async () => {
  await expect(readMesh(asking({}), { namespace: 'mesh' })).rejects.toThrow(
    'there is no istiod in the namespace mesh (no Deployment with the label app=istiod); say with --istio-namespace where it runs',
  );
});

test('what may not be read is told, and the rest is read', async () => {
  const mesh = await readMesh(asking(GOOD, [PATHS.services]), SYSTEM);
  expect(mesh).toMatchObject({ gateways: [], unseen: ['/api/v1/services: may not'], clusterName: 'prod' });
});

test('a Gateway of Gateway API passes istiod on, and a Service without one does not', async () => {
  const labels = { 'gateway.networking.k8s.io/gateway-name': 'machines' };
  const service = gatewayService({ metadata: { namespace: 'istio-system', name: 'machines-istio', labels } });
  const without = { ...GOOD, [PATHS.services]: { items: [service] }, [PATHS.gateways]: { items: [] } };
  const gateway = { metadata: { namespace: 'istio-system', name: 'machines' }, spec: { listeners: [{ port: 15012 }] } };
  const withIt = {
    ...without,
    [PATHS.apiGateways]: { items: [gateway] },
  };
  expect((await readMesh(asking(without), SYSTEM)).gateways).toMatchObject([{ passesIstiod: false }]);
  expect((await readMesh(asking(withIt), SYSTEM)).gateways).toMatchObject([{ passesIstiod: true, addresses: [] }]);
});

test.each([[{ items: 'none' }], [{ items: [null, 7, { metadata: [], spec: 'x' }] }], [[]]])(
  'what is not as it should be ends in nothing worse than a message: %j',
  async (answer) => {
    for (const path of Object.values(PATHS)) {
      const read = readMesh(asking({ ...GOOD, [path]: answer }), SYSTEM);
      await expect(read.catch((error: Error) => ({ message: error.message }))).resolves.not.toMatchObject({
        message: expect.stringContaining('undefined'),
      });
    }
  },
);
