import { createServer, type Server } from 'node:http';
import { App, Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  MachineDiscovery,
  MachineMetrics,
  MachineScrapeConfig,
  type MachineScrapeProps,
  MeshVmAlerts,
  MeshVmDashboard,
  MeshVmGroup,
  ValidationError,
} from 'meshvm';
import { scrapeConfig } from '../../lib/observability/manifests/machine-scrape';
import { resolveScrape } from '../../lib/observability/private/machine-scrape-config';
import { groupProps } from '../fixtures';
import * as value from './differential/values';
import { ControlPlane, type KubernetesObject } from './harness';
import { Prometheus } from './machines/prometheus';
import {
  applyPrometheusOperatorDefinitions,
  type Configuration,
  PrometheusOperator,
} from './machines/prometheus-operator';

const NAMESPACE = 'monitoring';
const LABELS = { release: 'prometheus' };
/** Where the test answers for a machine. */
const MACHINE = '127.77.0.5';

const GROUP = new MeshVmGroup(aChart('payments'), 'payment-service', groupProps({ version: 'v2' }));

const WAYS: Readonly<Record<string, MachineDiscovery>> = {
  addresses: MachineDiscovery.addresses([MACHINE, 'fd00:20::5']),
  ec2: MachineDiscovery.ec2({
    region: 'eu-west-1',
    tags: { Name: 'payment-service' },
    roleArn: 'arn:aws:iam::123456789012:role/prometheus',
  }),
  gce: MachineDiscovery.gce({ project: 'acme', zone: 'europe-west1-b', filter: 'labels.group=payment-service' }),
  azure: MachineDiscovery.azure({
    subscriptionId: '11111111-2222-3333-4444-555555555555',
    resourceGroup: 'payments',
    tags: { 'mesh-group': 'payment.service' },
    clientId: '66666666-7777-8888-9999-000000000000',
  }),
  files: MachineDiscovery.files(['/etc/prometheus/machines-*.json']),
  http: MachineDiscovery.http('https://inventory.acme.example/payment-service'),
};
const ALERTS = { groups: [{ group: GROUP, minimumMachines: 2 }], alertLabels: { team: 'payments' } };

let controlPlane: ControlPlane;
let operator: PrometheusOperator;

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  const { client } = controlPlane;
  await applyPrometheusOperatorDefinitions(controlPlane);
  await client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  operator = await PrometheusOperator.start(controlPlane);
}, 600_000);

afterAll(async () => {
  await controlPlane?.stop();
});

describe('the API server, with the CRDs of prometheus-operator', () => {
  test('takes a ScrapeConfig of every way to find machines, alerts and a dashboard, without a warning', async () => {
    for (const object of declared()) {
      const [outcome] = await controlPlane.client.apply(object);
      expect([object.kind, outcome]).toEqual([
        object.kind,
        expect.objectContaining({ outcome: 'accepted', warnings: [] }),
      ]);
    }
  });

  test('takes every ScrapeConfig that meshvm takes', async () => {
    const tally = { taken: 0, refused: 0 };
    const seconds = value.maybe(value.mostly(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(0, -1, 0.5)));
    const random = fc.record({
      discovery: fc.constantFrom(...Object.values(WAYS)),
      metrics: value.maybe(fc.constantFrom(...Object.values(MachineMetrics))),
      jobName: value.maybe(value.mostly(fc.string({ minLength: 1 }), fc.constant(''))),
      intervalSeconds: seconds,
      timeoutSeconds: seconds,
      name: value.maybe(value.name),
      labels: value.maybe(value.labels),
    });
    await fc.assert(
      fc.asyncProperty(random, async (props) => {
        const chart = aChart(NAMESPACE);
        try {
          new MachineScrapeConfig(chart, 'machines', { group: GROUP, ...props });
        } catch (error) {
          if (!(error instanceof ValidationError)) throw error;
          tally.refused += 1;
          return;
        }
        tally.taken += 1;
        const [object] = Testing.synth(chart) as readonly KubernetesObject[];
        const renamed = { ...object, metadata: { ...object.metadata, name: `dry-run-${object.metadata.name}` } };
        const outcome = await controlPlane.client.dryRun(renamed);
        expect(outcome).toEqual(expect.objectContaining({ outcome: 'accepted', warnings: [] }));
      }),
      { numRuns: 200 },
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(0);
  });

  test.each([
    ['discovery/file', { section: 'fileSDConfigs', settings: { files: ['targets.txt'] }, relabelings: [] }],
    ['discovery/url', { section: 'httpSDConfigs', settings: { url: 'inventory' }, relabelings: [] }],
  ])('refuses what %s refuses', async (_, discovery) => {
    const settings = resolveScrape({ group: GROUP, discovery: discovery as unknown as MachineDiscovery });
    const object = scrapeConfig({ ...settings, name: 'wrong', namespace: NAMESPACE, labels: {} });
    const outcome = await controlPlane.client.dryRun(object as unknown as KubernetesObject);
    expect(outcome).toMatchObject({ outcome: 'refused', reason: 'Invalid' });
  });
});

describe('prometheus-operator', () => {
  let configuration: Configuration;

  beforeAll(async () => {
    await controlPlane.client.mustApply([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'prometheus', namespace: NAMESPACE } },
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'Prometheus',
        metadata: { name: 'main', namespace: NAMESPACE },
        spec: {
          version: 'v2.42.0',
          serviceAccountName: 'prometheus',
          scrapeConfigSelector: { matchLabels: LABELS },
          scrapeConfigNamespaceSelector: {},
          ruleSelector: { matchLabels: LABELS },
          ruleNamespaceSelector: {},
        },
      },
    ] as unknown as readonly KubernetesObject[]);
    const all = Object.keys(WAYS).length;
    configuration = await operator.configuration(
      NAMESPACE,
      'main',
      ({ scrape_configs }) => scrape_configs.length >= all,
    );
  });

  test.each(Object.keys(WAYS))('makes of a ScrapeConfig what MachineScrapeConfig.prometheusJob says: %s', (way) => {
    const made = configuration.scrape_configs.find(({ job_name }) => job_name === `scrapeConfig/${NAMESPACE}/${way}`);
    expect(withoutOwnMarks(made)).toStrictEqual(explicit(MachineScrapeConfig.prometheusJob(scrapeProps(way))));
  });

  test('makes of a PrometheusRule what MeshVmAlerts.ruleFile says', async () => {
    expect(await operator.rules(NAMESPACE, 'main')).toStrictEqual([MeshVmAlerts.ruleFile(ALERTS)]);
  });

  test('has a real Prometheus see the same machine with the same labels as the plain configuration', async () => {
    const server = await answeringMachine();
    try {
      const jobs = configuration.scrape_configs.filter(({ job_name }) => String(job_name).endsWith('/addresses'));
      const plain = { ...MachineScrapeConfig.prometheusJob(scrapeProps('addresses')), job_name: 'plain' };
      const prometheus = await Prometheus.start(controlPlane, [...jobs, plain], { groups: [] });
      const instance = `${MACHINE}:15020`;
      const samples = await prometheus.until(
        'both have scraped',
        `up{instance="${instance}"} == 1`,
        ({ length }) => length === 2,
      );
      const labels = samples.map(({ metric }) => metric);
      const common = {
        __name__: 'up',
        instance,
        namespace: 'payments',
        workload: 'payment-service',
        app: 'payment-service',
        version: 'v2',
        service_istio_io_canonical_name: 'payment-service',
        service_istio_io_canonical_revision: 'v2',
      };
      expect(labels.sort((a, b) => (a.job < b.job ? -1 : 1))).toStrictEqual([
        { ...common, job: 'addresses' },
        { ...common, job: 'plain' },
      ]);
    } finally {
      server.close();
    }
  });
});

function aChart(namespace: string): Chart {
  return new Chart(new App(), 'chart', { namespace });
}

function scrapeProps(way: string): MachineScrapeProps {
  return { group: GROUP, discovery: WAYS[way], jobName: way, intervalSeconds: 30, timeoutSeconds: 10 };
}

/** What a program of a user comes to. */
function declared(): readonly KubernetesObject[] {
  const chart = aChart(NAMESPACE);
  for (const way of Object.keys(WAYS)) {
    new MachineScrapeConfig(chart, way, { ...scrapeProps(way), name: way, labels: LABELS });
  }
  new MeshVmAlerts(chart, 'alerts', { ...ALERTS, labels: LABELS });
  new MeshVmDashboard(chart, 'dashboard', { groups: ALERTS.groups });
  return Testing.synth(chart) as readonly KubernetesObject[];
}

/**
 * A job of the operator as its author would have written it. The operator calls jobs after their objects, sets the label `job` to what
 * the object says, and keeps the name of the job in a label that is dropped (promcfg.go generateScrapeConfig, initRelabelings).
 */
function withoutOwnMarks(job: Readonly<Record<string, unknown>> | undefined): unknown {
  type Relabeling = Readonly<Record<string, unknown>>;
  const { job_name: _, relabel_configs, ...others } = job ?? {};
  const [initial, named, ...ours] = relabel_configs as readonly Relabeling[];
  expect(initial).toStrictEqual({ source_labels: ['job'], target_label: '__tmp_prometheus_job_name' });
  expect(named).toStrictEqual({ target_label: 'job', action: 'replace', replacement: expect.any(String) });
  return { job_name: named.replacement, ...others, relabel_configs: ours };
}

/** With what Prometheus takes by default written out, as the operator does: the action of relabelings, no labels of static targets. */
function explicit({ static_configs: lists, relabel_configs, ...job }: Readonly<Record<string, unknown>>): unknown {
  const relabelings = relabel_configs as readonly Readonly<Record<string, unknown>>[];
  return {
    ...job,
    ...(lists === undefined
      ? {}
      : { static_configs: (lists as readonly object[]).map((list) => ({ labels: {}, ...list })) }),
    relabel_configs: relabelings.map((relabeling) => ({ action: 'replace', ...relabeling })),
  };
}

async function answeringMachine(): Promise<Server> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/plain').end('up_and_well 1\n'));
  await new Promise<void>((resolve) => server.listen(15020, MACHINE, resolve));
  return server;
}
