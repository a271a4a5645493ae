import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ControlPlane } from '../../lib/control-plane/control-plane';
import { ISTIOD_CHART_VALUES } from '../../lib/control-plane/private/istiod-settings';
import { checkIstiodEnv } from '../../lib/control-plane/private/passthrough-settings';
import { Problems } from '../../lib/core/problems';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../lib/gateway/service-exposure';
import { Revision } from '../../lib/mesh/revision';
import { aMesh } from '../fixtures';
import { everything, plain, releaseOf } from './charts/control-planes';
import { configurationOf, containerOf, maximum, minimum, portsOf, templateOf } from './charts/installed';
import { find, IstioCharts, type Release } from './charts/istio-charts';
import { MeshConfigOracle } from './charts/mesh-config-oracle';
import type { Manifest } from './harness';

let charts: IstioCharts;
let oracle: MeshConfigOracle;

beforeAll(async () => {
  [charts, oracle] = await Promise.all([IstioCharts.open(), MeshConfigOracle.open()]);
});

afterAll(() => oracle?.close());

describe('values of the charts', () => {
  it.each(['base', 'istiod', 'gateway'])('are all read by the templates of %s', async (chart) => {
    const release = releaseOf(everything(), chart);
    const rendered = await effectOf(release);
    const unread: string[] = [];
    for (const { path, values } of changesOf(release.values)) {
      if ((await effectOf({ ...release, values })) === rendered) unread.push(path);
    }
    // Sidecars are injected with these, which shows in no object: the injection template reads them.
    expect(unread.filter((path) => !isReadByInjection(path))).toEqual([]);
    expect(unread).toEqual(chart === 'istiod' ? ['global.network'] : []);
  });

  it('that a user may add are those that the templates of istiod read', () => {
    const templates = filesIn(join(charts.folderOf('istiod'), 'templates'));
    const read = new Set(
      templates.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\.Values\.(\w+)/g)]).map(([, key]) => key),
    );
    for (const internal of ['_internal_defaults_do_not_set', '_original', 'defaults']) read.delete(internal);
    // By name only: pick .Values "cni".
    expect([...ISTIOD_CHART_VALUES].sort()).toEqual([...read, 'cni'].sort());
  });

  it('that a user adds arrive', async () => {
    const objects = await render(everything(), 'istiod');
    const container = containerOf(find(objects, 'Deployment', 'istiod-1-31-1'));
    expect(container.resources.requests.cpu).toBe(2);
    expect(container.args).toContain('--log_as_json');
    expect(container.env.PILOT_PUSH_THROTTLE).toBe('50');
  });
});

describe('istiod by the Helm chart', () => {
  it('accepts machines', async () => {
    const { args, env } = containerOf(find(await render(plain(), 'istiod'), 'Deployment', 'istiod'));
    expect(env).toMatchObject({
      CLUSTER_ID: 'prod-eu',
      PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION: 'true',
      PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS: 'true',
      PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '10s',
      GRPC_KEEPALIVE_INTERVAL: '10s',
      GRPC_KEEPALIVE_TIMEOUT: '10s',
      PILOT_ENABLE_IP_AUTOALLOCATE: 'true',
      PILOT_TRACE_SAMPLING: '1',
    });
    expect(env).not.toHaveProperty('ISTIOD_CUSTOM_HOST');
    expect(args.slice(args.indexOf('--keepaliveMaxServerConnectionAge'))).toContain('1800s');
  });

  it('follows every property', async () => {
    const { args, env } = containerOf(find(await render(everything(), 'istiod'), 'Deployment', 'istiod-1-31-1'));
    expect(env).toMatchObject({
      REVISION: '1-31-1',
      ISTIOD_CUSTOM_HOST: 'istiod.mesh.example.com',
      PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION: 'false',
      PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS: 'false',
      PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '30s',
      GRPC_KEEPALIVE_INTERVAL: '5s',
      GRPC_KEEPALIVE_TIMEOUT: '4s',
      PILOT_ENABLE_IP_AUTOALLOCATE: 'false',
      PILOT_TRACE_SAMPLING: '7.5',
    });
    expect(args.slice(args.indexOf('--keepaliveMaxServerConnectionAge'))).toContain('600s');
  });

  it('has every variable that a user may give it, to the letter', async () => {
    const strings = fc.sample(fc.oneof(fc.string(), fc.string({ unit: 'binary-ascii' })), 3000);
    const given = Object.fromEntries(strings.map((value, index) => [`GIVEN_${index}`, value]));
    const refused = new Problems();
    checkIstiodEnv(refused, given);
    for (const { property } of refused.all) delete given[property.slice('istiodEnv["'.length, -'"]'.length)];
    expect(Object.keys(given).length).toBeGreaterThan(1000);

    const { env } = containerOf(find(await render(plain({ istiodEnv: given }), 'istiod'), 'Deployment', 'istiod'));
    expect(env).toMatchObject(given);
  });

  it('samples no traces for 0 %, where the chart alone would sample 1 %', async () => {
    const { env } = containerOf(
      find(
        await render(plain({ mesh: aMesh({ proxy: { tracingSamplingPercent: 0 } }) }), 'istiod'),
        'Deployment',
        'istiod',
      ),
    );
    expect(env.PILOT_TRACE_SAMPLING).toBe('0');
  });

  it('keeps its metrics beside the providers of ours', async () => {
    const { config } = await readBy(everything());
    expect(config).toMatchObject({
      defaultProviders: { metrics: ['prometheus'], tracing: ['otel'], accessLogging: ['envoy', 'otel-log'] },
    });
  });

  it('is given a mesh configuration that it takes as it is meant', async () => {
    const { mesh, networks, providers, config } = await readBy(everything());
    expect({ mesh, networks, providers }).toEqual({ mesh: '', networks: '', providers: '' });
    const { extensionProviders, ...rest } = everything().helmValues.istiod.meshConfig as Record<string, unknown>;
    expect(config).toMatchObject(rest);
    expect(config).toMatchObject({
      defaultConfig: { meshId: 'acme', discoveryAddress: 'istiod-1-31-1.mesh.svc:15012' },
    });
    expect((config as { extensionProviders: unknown[] }).extensionProviders).toEqual(
      expect.arrayContaining(extensionProviders as unknown[]),
    );
  });

  it('knows the other networks', async () => {
    const { networks } = configurationOf(await render(everything(), 'istiod'), everything());
    expect(networks).toEqual({
      networks: {
        'dc-1': {
          endpoints: [{ fromCidr: '10.20.0.0/16' }],
          gateways: [{ address: 'gw.dc-1.example.com', port: 15443 }],
        },
        'vpc-us': {
          endpoints: [{ fromRegistry: 'prod-us' }],
          gateways: [{ registryServiceName: 'istio-eastwestgateway.mesh.svc.cluster.local', port: 15443 }],
        },
      },
    });
  });

  it('has the Services that the mesh names, and no other tag', async () => {
    const control = everything();
    const services = (await render(control, 'istiod')).filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata }) => metadata.name).sort()).toEqual(
      ['istiod-1-31-1', 'istiod-revision-tag-stable', control.mesh.istiodServiceName].sort(),
    );
  });

  it('survives the loss of a node', async () => {
    const objects = await render(plain(), 'istiod');
    expect(find(objects, 'HorizontalPodAutoscaler', 'istiod').spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect(find(objects, 'PodDisruptionBudget', 'istiod').spec).toMatchObject({ minAvailable: 1 });
    const { labels } = templateOf(find(objects, 'Deployment', 'istiod')).metadata;
    const { affinity } = templateOf(find(objects, 'Deployment', 'istiod')).spec;
    const [{ podAffinityTerm }] = affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    expect(labels).toMatchObject(podAffinityTerm.labelSelector.matchLabels);
  });
});

describe('the base chart', () => {
  it.each([
    ['the unrevisioned control plane', aMesh(), 'istiod'],
    ['a revision', aMesh({ revision: Revision.named('1-31-1') }), 'istiod-1-31-1'],
  ])('lets %s validate what names no revision', async (_, mesh, service) => {
    const webhook = find(
      await render(plain({ mesh }), 'base'),
      'ValidatingWebhookConfiguration',
      'istiod-default-validator',
    );
    expect(webhook.webhooks).toMatchObject([
      { clientConfig: { service: { name: service, namespace: 'istio-system' } } },
    ]);
    const services = (await render(plain({ mesh }), 'istiod')).filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata }) => metadata.name)).toContain(service);
  });
});

describe('the gateway chart', () => {
  it('opens istiod alone, in a network of one', async () => {
    const service = find(await render(plain(), 'gateway'), 'Service', 'istio-eastwestgateway');
    expect(portsOf(service)).toEqual([15021, 15012]);
    expect(service.metadata.labels).not.toHaveProperty(['topology.istio.io/network']);
    expect(service.metadata.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    });
  });

  it('does what networkGateway does, without the port of the webhooks', async () => {
    const gateway = { loadBalancer: LoadBalancer.awsNlb(), exposeServices: ServiceExposure.istioApis() };
    const release = releaseOf(plain({ gateway }), 'gateway');
    const { env, labels, ...rest } = release.values as { env: unknown; labels: Record<string, string> };
    const { 'topology.istio.io/network': network, ...others } = labels;
    const theirs = await charts.render({ ...release, values: { ...rest, labels: others, networkGateway: network } });
    const ours = await charts.render(release);

    expect(portsOf(find(theirs, 'Service', 'istio-eastwestgateway'))).toEqual([15021, 15443, 15012, 15017]);
    expect(portsOf(find(ours, 'Service', 'istio-eastwestgateway'))).toEqual([15021, 15443, 15012]);
    for (const objects of [ours, theirs]) {
      const service = find(objects, 'Service', 'istio-eastwestgateway');
      const deployment = find(objects, 'Deployment', 'istio-eastwestgateway');
      expect(service.metadata.labels).toMatchObject({ 'topology.istio.io/network': 'vpc-prod' });
      expect(templateOf(deployment).metadata.labels).toMatchObject({ 'topology.istio.io/network': 'vpc-prod' });
      expect(containerOf(deployment).env).toEqual({ ISTIO_META_REQUESTED_NETWORK_VIEW: 'vpc-prod' });
    }
    expect(templateOf(find(ours, 'Deployment', 'istio-eastwestgateway')).spec).toEqual(
      templateOf(find(theirs, 'Deployment', 'istio-eastwestgateway')).spec,
    );
  });

  it('follows every property', async () => {
    const objects = await render(everything(), 'gateway');
    const service = find(objects, 'Service', 'istio-machines');
    expect(portsOf(service)).toEqual([15021, 15443, 15012, 15017]);
    expect(service.metadata).toMatchObject({ namespace: 'machines', annotations: { 'example.com/owner': 'platform' } });
    expect(service.spec).toMatchObject({
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      selector: { app: 'istio-machines', istio: 'machines' },
    });
    const { metadata, spec } = templateOf(find(objects, 'Deployment', 'istio-machines'));
    expect(metadata.labels).toMatchObject({ 'istio.io/rev': 'prod', 'sidecar.istio.io/inject': 'true' });
    expect(metadata.annotations).toMatchObject({
      'inject.istio.io/templates': 'gateway',
      'proxy.istio.io/config': '{"terminationDrainDuration":"60s"}',
    });
    expect(spec.terminationGracePeriodSeconds).toBe(75);
    expect(find(objects, 'HorizontalPodAutoscaler', 'istio-machines').spec).toMatchObject({
      minReplicas: 4,
      maxReplicas: 8,
    });
    expect(find(objects, 'PodDisruptionBudget', 'istio-machines').spec).toMatchObject({ maxUnavailable: 1 });
  });

  it('gives the gateway no right to the secrets of its namespace', async () => {
    const kinds = (await render(plain(), 'gateway')).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([
      'Deployment',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
  });
});

describe('the IstioOperator', () => {
  it.each([
    ['defaults', plain],
    ['every property', everything],
  ])('makes istioctl install what Helm installs, with %s', async (_, control) => {
    const name = control().revision === '' ? 'istiod' : `istiod-${control().revision}`;
    const byHelm = await render(control(), 'istiod');
    const byIstioctl = await charts.generate(control().istioOperator());
    for (const objects of [byHelm, byIstioctl]) expect(objects.length).toBeGreaterThan(10);
    const [helm, istioctl] = [byHelm, byIstioctl].map((objects) => ({
      container: containerOf(find(objects, 'Deployment', name)),
      affinity: templateOf(find(objects, 'Deployment', name)).spec.affinity.podAntiAffinity,
      autoscaler: find(objects, 'HorizontalPodAutoscaler', name).spec,
      budget: find(objects, 'PodDisruptionBudget', name).spec,
      configuration: configurationOf(objects, control()),
      services: objects
        .filter(({ kind, metadata }) => kind === 'Service' && metadata.name.startsWith('istiod'))
        .map(({ metadata, spec }) => ({ name: metadata.name, namespace: metadata.namespace, spec }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      webhooks: objects
        .filter(({ kind }) => kind === 'MutatingWebhookConfiguration')
        .map(({ metadata }) => metadata.name)
        .sort(),
    }));
    expect(istioctl).toEqual(helm);
  });

  it('makes istioctl install the gateway that Helm installs', async () => {
    const byHelm = await render(everything(), 'gateway');
    const byIstioctl = await charts.generate(everything().istioOperator());
    const [helm, istioctl] = [byHelm, byIstioctl].map((objects) => {
      const { metadata, spec } = find(objects, 'Service', 'istio-machines');
      const deployment = find(objects, 'Deployment', 'istio-machines');
      const { selector, ...service } = spec as { selector: Record<string, string>; ports: unknown };
      return {
        service,
        selected: { app: selector.app, istio: selector.istio },
        namespace: metadata.namespace,
        annotations: metadata.annotations,
        network: metadata.labels?.['topology.istio.io/network'],
        view: containerOf(deployment).env.ISTIO_META_REQUESTED_NETWORK_VIEW,
        injection: templateOf(deployment).metadata.annotations?.['inject.istio.io/templates'],
        drain: templateOf(deployment).metadata.annotations?.['proxy.istio.io/config'],
        termination: templateOf(deployment).spec.terminationGracePeriodSeconds,
        spread: templateOf(deployment).spec.affinity.podAntiAffinity,
        replicas: [minimum, maximum].map((of) => of(find(objects, 'HorizontalPodAutoscaler', 'istio-machines'))),
      };
    });
    expect(istioctl).toEqual(helm);
  });

  it('installs no other gateway', async () => {
    const objects = await charts.generate(new ControlPlane({ mesh: aMesh() }).istioOperator());
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['istiod']);
  });

  it('is read strictly: a value that istioctl does not know is an error', async () => {
    const { spec, ...rest } = plain().istioOperator() as { spec: { values: { pilot: object } } };
    const values = { ...spec.values, pilot: { ...spec.values.pilot, notAValue: true } };
    await expect(charts.generate({ ...rest, spec: { ...spec, values } })).rejects.toThrow('notAValue');
  });
});

function render(control: ControlPlane, chart: string): Promise<readonly Manifest[]> {
  return charts.render(releaseOf(control, chart));
}

/** What istiod makes of the ConfigMap of a rendered chart. */
async function readBy(control: ControlPlane) {
  return oracle.ask(configurationOf(await render(control, 'istiod'), control));
}

/** What a chart renders, without the ConfigMaps that repeat all values for debugging and for injection. */
async function effectOf(release: Release): Promise<string> {
  const documents = (await charts.text(release)).split(/^---$/m);
  const repeating = /^kind: ConfigMap\nmetadata:\n {2}name: (values|istio-sidecar-injector)/m;
  return documents.filter((text) => !repeating.test(text)).join('---');
}

function isReadByInjection(path: string): boolean {
  const template = readFileSync(join(charts.folderOf('istiod'), 'files', 'injection-template.yaml'), 'utf8');
  return template.includes(`.Values.${path}`);
}

/** The values with one leaf changed, for each leaf. */
function changesOf(values: unknown): readonly { readonly path: string; readonly values: Record<string, unknown> }[] {
  if (Array.isArray(values)) {
    return values.flatMap((value, index) =>
      changesOf(value).map((change) => ({
        path: `[${index}].${change.path}`,
        values: Object.assign([...values], { [index]: change.values }) as unknown as Record<string, unknown>,
      })),
    );
  }
  if (typeof values === 'object' && values !== null) {
    return Object.entries(values).flatMap(([key, value]) =>
      changesOf(value).map((change) => ({
        path: change.path === '' ? key : `${key}.${change.path}`,
        values: { ...values, [key]: change.values },
      })),
    );
  }
  return [{ path: '', values: changed(values) as Record<string, unknown> }];
}

function changed(leaf: unknown): unknown {
  if (typeof leaf === 'boolean') return !leaf;
  return typeof leaf === 'number' ? leaf + 1 : `${leaf}x`;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
