import { output, secret } from '@pulumi/pulumi';
import {
  ControlPlane as ControlPlaneValue,
  ExtensionProvider,
  IstiodExposure,
  LoadBalancer,
  NetworkEndpoints,
  NetworkGateway,
  Revision,
  ServiceExposure,
} from 'meshvm';
import { ControlPlane, type ControlPlaneArgs, ControlPlaneDelivery } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { later, meshArgs, named, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { failureOf, type Registered, runProgram, settled } from '../program';

const install = (args: Partial<ControlPlaneArgs> = {}) =>
  registered(() => new ControlPlane('istio', { mesh: meshArgs(), ...args }));
const RELEASE = 'kubernetes:helm.sh/v3:Release';

/** Values of each chart, by its name in the repository. */
function valuesOf(resources: readonly Registered[]) {
  const charts = resources.filter(({ inputs }) => inputs.chart !== undefined);
  return Object.fromEntries(charts.map(({ inputs }) => [inputs.chart, inputs.values]));
}

describe('ControlPlane', () => {
  test('installs the charts in their order, after a namespace that says its network', async () => {
    const resources = await install({ gateway: { loadBalancer: { metalLb: {} } } });
    const seen = resources.map(({ type, name, parent, dependencies }) => ({
      type,
      name,
      parent,
      after: [...dependencies],
    }));
    const parent = 'istio';
    expect(seen).toStrictEqual([
      { type: 'meshvm:index:ControlPlane', name: 'istio', parent: '', after: [] },
      { type: 'kubernetes:core/v1:Namespace', name: 'Namespace istio-system', parent, after: [] },
      { type: RELEASE, name: 'Release istio-system/istio-base', parent, after: ['Namespace istio-system'] },
      {
        type: RELEASE,
        name: 'Release istio-system/istiod',
        parent,
        after: ['Namespace istio-system', 'Release istio-system/istio-base'],
      },
      {
        type: RELEASE,
        name: 'Release istio-system/istio-eastwestgateway',
        parent,
        after: ['Namespace istio-system', 'Release istio-system/istio-base', 'Release istio-system/istiod'],
      },
    ]);
    expect(named(resources, 'Namespace istio-system').inputs.metadata).toStrictEqual({
      name: 'istio-system',
      labels: { 'topology.istio.io/network': 'vpc-prod' },
    });
  });

  test('fetches each chart from its source in the version of the mesh', async () => {
    const { values, ...release } = named(await install(), 'Release istio-system/istiod').inputs;
    expect(release).toStrictEqual({
      name: 'istiod',
      chart: 'istiod',
      repositoryOpts: { repo: 'https://blob.istio.io/istio-release/charts' },
      version: '1.31.1',
      namespace: 'istio-system',
      createNamespace: false,
      compat: 'true',
    });
  });

  test.each<[string, ControlPlaneArgs['chartSource'], object]>([
    ["Istio's OCI registry", { istioReleaseOci: true }, { chart: 'oci://ghcr.io/istio/release/charts/base' }],
    [
      'an OCI registry',
      { ociRegistry: later('registry.acme.example/istio') },
      { chart: 'oci://registry.acme.example/istio/base' },
    ],
    [
      'a repository',
      { helmRepository: 'https://charts.acme.example', istioReleaseOci: false },
      { chart: 'base', repositoryOpts: { repo: 'https://charts.acme.example' } },
    ],
  ])('fetches charts from %s', async (_, chartSource, expected) => {
    const { chart, repositoryOpts } = named(await install({ chartSource }), 'Release istio-system/istio-base').inputs;
    expect(JSON.parse(JSON.stringify({ chart, repositoryOpts }))).toStrictEqual(expected);
  });

  test('renders the charts when told to', async () => {
    const resources = await install({ delivery: ControlPlaneDelivery.HelmTemplate });
    const charts = resources.filter(({ type }) => type === 'kubernetes:helm.sh/v4:Chart');
    expect(charts.map(({ name, inputs }) => [name, inputs.name, inputs.chart, inputs.namespace])).toStrictEqual([
      ['Chart istio-system/istio-base', 'istio-base', 'base', 'istio-system'],
      ['Chart istio-system/istiod', 'istiod', 'istiod', 'istio-system'],
    ]);
    expect(resources.some(({ type }) => type === RELEASE)).toBe(false);
    expect(valuesOf(resources)).toStrictEqual(valuesOf(await install()));
  });

  test('leaves out what another owns', async () => {
    const resources = await install({ createNamespace: false, installBase: false });
    expect(resources.map(({ name, dependencies }) => [name, dependencies])).toStrictEqual([
      ['istio', []],
      ['Release istio-system/istiod', []],
    ]);
  });

  test('gives the charts the values of the cdk8s class: by default', async () => {
    expect(valuesOf(await install())).toStrictEqual(plain(new ControlPlaneValue({ mesh: aMesh() }).helmValues));
  });

  test('gives the charts the values of the cdk8s class: with everything it can say', async () => {
    const common = {
      revision: '1-31',
      revisionTags: ['prod', 'stable'],
      defaultRevision: 'old',
      autoRegistration: false,
      healthChecks: false,
      disconnectGracePeriodSeconds: 20,
      maxServerConnectionAgeSeconds: 600,
      keepaliveIntervalSeconds: 7,
      keepaliveTimeoutSeconds: 3,
      trustDomainAliases: ['old.example'],
      accessLogProviders: ['file'],
      minReplicas: 3,
      maxReplicas: 9,
      istiodEnv: { PILOT_PUSH_THROTTLE: '50' },
      meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      istiodValues: { resources: { requests: { cpu: '1' } } },
    };
    const proxy = { accessLog: true, tracingProvider: 'otel', tracingSamplingPercent: 50 };
    const backend = { service: 'otel.observability.svc.cluster.local', port: 4317 };
    const gateway = { name: 'edge', namespace: 'gateways', minReplicas: 1, maxReplicas: 2, drainSeconds: 60 };
    const value = new ControlPlaneValue({
      ...common,
      mesh: aMesh({ proxy, revision: Revision.tag('prod') }),
      meshNetworks: [
        {
          name: 'dc-1',
          endpoints: [NetworkEndpoints.fromCidr('10.30.0.0/16'), NetworkEndpoints.fromRegistry('dc')],
          gateways: [NetworkGateway.address('192.0.2.7', 443), NetworkGateway.service('gw.dc.svc.cluster.local')],
        },
      ],
      extensionProviders: [
        ExtensionProvider.openTelemetryTracing('otel', { ...backend, httpPath: '/v1/traces' }),
        ExtensionProvider.zipkinTracing('zipkin', { ...backend, path: '/spans' }),
        ExtensionProvider.fileAccessLog('file', { path: '/var/log/istio', json: { at: '%START_TIME%' } }),
        ExtensionProvider.openTelemetryAccessLog('als', { ...backend, logName: 'mesh' }),
        ExtensionProvider.fromMeshConfig('ext', 'envoyExtAuthzGrpc', { ...backend, timeout: '1s' }),
      ],
      gateway: {
        ...gateway,
        loadBalancer: LoadBalancer.awsNlb({ crossZone: false }),
        exposeIstiod: IstiodExposure.istioApis({ webhook: true }),
        exposeServices: ServiceExposure.istioApis(),
        serviceAnnotations: { owner: 'mesh' },
      },
    });
    const resources = await install({
      ...common,
      mesh: meshArgs({ proxy, revision: { tag: 'prod' } }),
      meshNetworks: [
        {
          name: 'dc-1',
          endpoints: [{ fromCidr: later('10.30.0.0/16') }, { fromRegistry: 'dc' }],
          gateways: [{ address: later('192.0.2.7'), port: 443 }, { serviceHost: 'gw.dc.svc.cluster.local' }],
        },
      ],
      extensionProviders: [
        { name: 'otel', openTelemetryTracing: { ...backend, httpPath: '/v1/traces' } },
        { name: 'zipkin', zipkinTracing: { ...backend, path: '/spans' } },
        { name: 'file', fileAccessLog: { path: '/var/log/istio', json: { at: '%START_TIME%' } } },
        { name: 'als', openTelemetryAccessLog: { ...backend, logName: 'mesh' } },
        { name: 'ext', custom: { kind: 'envoyExtAuthzGrpc', settings: { ...backend, timeout: output('1s') } } },
      ],
      gateway: {
        ...gateway,
        loadBalancer: { awsNlb: { crossZone: false } },
        exposeIstiod: { istioApis: { webhook: true } },
        exposeServices: { istioApis: {} },
        serviceAnnotations: { owner: 'mesh' },
      },
    });
    expect(valuesOf(resources)).toStrictEqual(plain(value.helmValues));
    expect(named(resources, 'Release gateways/edge').inputs).toMatchObject({ name: 'edge', namespace: 'gateways' });
    expect(named(resources, 'Release istio-system/istiod-1-31').inputs.name).toBe('istiod-1-31');
  });

  test('tells what others need to know of it', async () => {
    const outputsOf = async (args: ControlPlaneArgs) => {
      const { value } = await runProgram(async () => {
        const { namespace, revision, istiodHost } = new ControlPlane('istio', args);
        return { all: await Promise.all([namespace, revision, istiodHost].map((each) => settled(each))) };
      });
      return value.all;
    };
    expect(await outputsOf({ mesh: meshArgs() })).toStrictEqual(['istio-system', '', 'istiod.istio-system.svc']);
    const mesh = meshArgs({ controlPlaneNamespace: 'mesh', revision: { named: '1-31' } });
    expect(await outputsOf({ mesh })).toStrictEqual(['mesh', '1-31', 'istiod-1-31.mesh.svc']);
  });

  test('waits with everything for what it depends on', async () => {
    const resources = await registered(() => {
      const first = new ControlPlane('first', {
        mesh: meshArgs({ revision: { named: 'one' }, controlPlaneNamespace: 'one' }),
      });
      const args = { mesh: meshArgs(), installBase: false, delivery: ControlPlaneDelivery.HelmTemplate };
      new ControlPlane('istio', args, { dependsOn: [first] });
    });
    for (const { name, dependencies } of resources.filter(({ parent }) => parent === 'istio')) {
      expect([name, dependencies]).toStrictEqual([
        name,
        expect.arrayContaining(['Namespace one', 'Release one/istiod-one']),
      ]);
    }
  });

  test('knows in a preview all values but the unknown ones, and keeps secrets', async () => {
    const resources = await registered(
      () =>
        new ControlPlane('istio', {
          mesh: meshArgs({ meshId: unknown() }),
          istiodEnv: { EXTERNAL_CA: secret('vault') },
        }),
      { preview: true },
    );
    const { inputs, secrets } = named(resources, 'Release istio-system/istiod');
    expect(secrets).toStrictEqual(['values']);
    expect(inputs.values.value.global.meshID).toEqual(UNKNOWN);
    expect(inputs.values.value.env.EXTERNAL_CA).toBe('vault');
    expect(inputs.values.value.global.network).toBe('vpc-prod');
    expect(named(resources, 'Release istio-system/istio-base').secrets).toStrictEqual([]);
  });
});

describe('ControlPlane refuses', () => {
  test('everything that is wrong at once, each with its path, before it registers anything', async () => {
    const args: ControlPlaneArgs = {
      mesh: meshArgs({ network: 'Vpc' }),
      chartSource: { helmRepository: 'charts.acme.example' },
      revision: 'x',
      keepaliveIntervalSeconds: 0,
      trustDomainAliases: ['spiffe://x'],
      meshNetworks: [
        {
          name: 'dc-1',
          endpoints: [{ fromCidr: '10.0.0.1/8' }],
          gateways: [{ address: 'a b', port: 0 }],
        },
      ],
      extensionProviders: [
        { name: '', zipkinTracing: { service: 'zipkin', port: 9411 } },
        { name: 'x', custom: { kind: 'envoyExtAuthzGrpc', settings: { service: 'a b', port: 0 } } },
      ],
      istiodEnv: { REVISION: 'x' },
      meshConfig: { trustDomain: 'x', unheardOf: 1 },
      istiodValues: { pilot: {} },
      gateway: { loadBalancer: { metalLb: { addresses: ['nowhere'] } }, name: 'Edge' },
    };
    expect(await refusal(() => new ControlPlane('istio', args))).toStrictEqual([
      'mesh.network [mesh/network-name]',
      'revision [control-plane/revision]',
      'keepaliveIntervalSeconds [control-plane/seconds]',
      'trustDomainAliases[0] [control-plane/trust-domain-alias]',
      'chartSource.helmRepository [chart-source/repository]',
      'meshNetworks[0].endpoints[0].fromCidr [address/cidr]',
      'meshNetworks[0].gateways[0].address [mesh-network/gateway-address]',
      'meshNetworks[0].gateways[0].port [port/number]',
      'extensionProviders[0].name [extension-provider/name]',
      'extensionProviders[0].zipkinTracing.service [extension-provider/service]',
      'extensionProviders[1].custom.settings.service [extension-provider/service]',
      'extensionProviders[1].custom.settings.port [port/number]',
      'istiodEnv["REVISION"] [control-plane/env-owned]',
      'meshConfig.unheardOf [control-plane/value-unknown]',
      'meshConfig.trustDomain [control-plane/value-owned]',
      'istiodValues.pilot [control-plane/value-reserved]',
      'gateway.loadBalancer.metalLb.addresses[0] [load-balancer/address]',
      'gateway.name [name/service]',
    ]);
  });

  test('everything whose shape is wrong, before it looks at anything else', async () => {
    const args = {
      mesh: meshArgs({ network: 'Vpc' }),
      delivery: 'Kustomize' as ControlPlaneDelivery,
      createNamespace: 'no' as unknown as boolean,
      installCrds: true,
      chartSource: {},
      meshNetworks: [{ name: 'dc-1', endpoints: [{}], gateways: [{ port: 1 }] }],
      extensionProviders: [{ name: 'none' }],
      gateway: { loadBalancer: { metalLb: {}, custom: {} } },
    };
    expect(await refusal(() => new ControlPlane('istio', args))).toStrictEqual([
      'delivery [shape/value]',
      'createNamespace [shape/type]',
      'installCrds [shape/unknown-property]',
      'chartSource [shape/choice]',
      'meshNetworks[0].endpoints[0] [shape/choice]',
      'meshNetworks[0].gateways[0] [shape/choice]',
      'extensionProviders[0] [shape/choice]',
      'gateway.loadBalancer [shape/choice]',
    ]);
  });

  test('a wrong provider once, not also where it is named', async () => {
    const mesh = meshArgs({ proxy: { tracingProvider: 'otel', accessLog: true } });
    const extensionProviders = [
      { name: 'otel', zipkinTracing: { service: 'otel', port: 1 } },
      { name: 'log', fileAccessLog: { text: 'a', json: {} } },
    ];
    const args = { mesh, extensionProviders, accessLogProviders: ['log'] };
    expect(await refusal(() => new ControlPlane('istio', args))).toStrictEqual([
      'extensionProviders[0].zipkinTracing.service [extension-provider/service]',
      'extensionProviders[1].fileAccessLog.json [extension-provider/log-format]',
    ]);
  });

  test('an environment variable that breaks out of its quotes when it becomes known', async () => {
    const istiodEnv = { EXTERNAL_CA: later('"\n  - name: X') };
    const errors = await failureOf(() => new ControlPlane('istio', { mesh: meshArgs(), istiodEnv }));
    const messages = errors.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('istiodEnv["EXTERNAL_CA"]: '));
  });

  test('settings whose structure is known only later', async () => {
    const meshConfig = { defaultConfig: later({ concurrency: 2 }) };
    const errors = await failureOf(() => new ControlPlane('istio', { mesh: meshArgs(), meshConfig }));
    const messages = errors.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('charts.1.values.meshConfig.defaultConfig: it depends on'));
  });
});

/** As it goes over the wire: without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
