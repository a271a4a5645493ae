import { App, Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  MachineDiscovery,
  MachineMetrics,
  MachineScrapeConfig,
  type MachineScrapeConfigProps,
  MeshVmGroup,
} from 'meshvm';
import { aChart, groupProps, problemsOf } from '../fixtures';

const TARGET_LABELS = [
  { targetLabel: 'namespace', replacement: 'payments' },
  { targetLabel: 'workload', replacement: 'pay' },
  { targetLabel: 'app', replacement: 'shop' },
  { targetLabel: 'version', replacement: 'v2' },
  { targetLabel: 'service_istio_io_canonical_name', replacement: 'shop' },
  { targetLabel: 'service_istio_io_canonical_revision', replacement: 'v2' },
];

function groupIn(chart: Chart): MeshVmGroup {
  return new MeshVmGroup(chart, 'pay', groupProps({ canonicalService: 'shop', version: 'v2' }));
}

function props(chart: Chart, more: Partial<MachineScrapeConfigProps> = {}): MachineScrapeConfigProps {
  return { group: groupIn(chart), discovery: MachineDiscovery.addresses(['10.20.0.5']), ...more };
}

describe('MachineScrapeConfig', () => {
  test('has machines with fixed addresses scraped, with the labels of their group', () => {
    const chart = aChart();
    const discovery = MachineDiscovery.addresses(['10.20.0.5', 'fd00:20::5']);
    const made = new MachineScrapeConfig(chart, 'machines', props(chart, { discovery, labels: { release: 'prom' } }));
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'ScrapeConfig',
      metadata: { name: 'pay-machines', namespace: 'payments', labels: { release: 'prom' } },
      spec: {
        jobName: 'meshvm/payments/pay',
        metricsPath: '/stats/prometheus',
        staticConfigs: [{ targets: ['10.20.0.5:15020', '[fd00:20::5]:15020'] }],
        relabelings: TARGET_LABELS,
      },
    });
    expect([made.scrapeConfigName, made.namespace]).toStrictEqual(['pay-machines', 'payments']);
  });

  test('says the same for a prometheus.yml', () => {
    const job = MachineScrapeConfig.prometheusJob({
      ...props(aChart()),
      discovery: MachineDiscovery.ec2({ region: 'eu-west-1', tags: { camelCase: 'TagValue' }, roleArn: 'arn:x' }),
      metrics: MachineMetrics.ENVOY,
      jobName: 'envoy',
      intervalSeconds: 30,
      timeoutSeconds: 10,
    });
    expect(job).toStrictEqual({
      job_name: 'envoy',
      metrics_path: '/stats/prometheus',
      scrape_interval: '30s',
      scrape_timeout: '10s',
      ec2_sd_configs: [
        {
          region: 'eu-west-1',
          role_arn: 'arn:x',
          filters: [
            { name: 'instance-state-name', values: ['running'] },
            { name: 'tag:camelCase', values: ['TagValue'] },
          ],
          port: 15090,
        },
      ],
      relabel_configs: [
        { source_labels: ['__meta_ec2_instance_id'], target_label: 'machine' },
        ...TARGET_LABELS.map(({ targetLabel, replacement }) => ({ target_label: targetLabel, replacement })),
      ],
    });
  });

  test('keeps tags as they are, whatever they are called', () => {
    const group = groupIn(aChart());
    const tags = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), { minKeys: 1 });
    fc.assert(
      fc.property(tags, (wanted) => {
        const discovery = MachineDiscovery.ec2({ region: 'eu-west-1', tags: wanted });
        const job = MachineScrapeConfig.prometheusJob({ group, discovery });
        const [{ filters }] = job.ec2_sd_configs as [{ filters: { name: string; values: string[] }[] }];
        const seen = filters.slice(1).map(({ name, values }) => [name.slice('tag:'.length), ...values]);
        expect(seen).toStrictEqual(Object.entries(wanted));
      }),
      { examples: [[JSON.parse('{"__proto__":"a","constructor":"b"}')]] },
    );
  });

  test('leaves the port to an inventory', () => {
    const job = MachineScrapeConfig.prometheusJob({
      ...props(aChart()),
      discovery: MachineDiscovery.http('https://inventory.acme.example/pay'),
    });
    expect(job.http_sd_configs).toStrictEqual([{ url: 'https://inventory.acme.example/pay' }]);
  });

  test.each([
    [{ intervalSeconds: 0 }, ['intervalSeconds [monitoring/seconds]']],
    [{ timeoutSeconds: 1.5 }, ['timeoutSeconds [monitoring/seconds]']],
    [{ intervalSeconds: 10, timeoutSeconds: 11 }, ['timeoutSeconds [monitoring/timeout-above-interval]']],
    [{ jobName: '' }, ['jobName [property/required]']],
    [{ metrics: 'envoy' as MachineMetrics }, ['metrics [shape/value]']],
  ])('refuses %j', (wrong, problems) => {
    expect(problemsOf(() => MachineScrapeConfig.prometheusJob(props(aChart(), wrong)))).toStrictEqual(problems);
  });

  test('refuses a discovery of which nothing is said, or too much', () => {
    const made = (discovery: MachineDiscovery) => () =>
      MachineScrapeConfig.prometheusJob({ group: groupIn(aChart()), discovery });
    expect(problemsOf(made({}))).toStrictEqual(['discovery [shape/choice]']);
    expect(problemsOf(made({ http: 'https://a.b', files: ['a.json'] }))).toStrictEqual(['discovery [shape/choice]']);
  });

  test('stands in the namespace of the group where the chart has none', () => {
    const chart = new Chart(new App(), 'monitoring');
    expect(new MachineScrapeConfig(chart, 'machines', props(aChart())).namespace).toBe('payments');
  });

  test.each([
    [MachineDiscovery.addresses([]), ['addresses [discovery/nothing]']],
    [MachineDiscovery.addresses(['10.0.0.1', 'vm-1']), ['addresses[1] [address/ip-required]']],
    [
      MachineDiscovery.ec2({ region: '', tags: {} }),
      ['ec2.region [property/required]', 'ec2.tags [discovery/nothing]'],
    ],
    [MachineDiscovery.ec2({ region: 'eu-west-1', tags: { Name: '' } }), ['ec2.tags["Name"] [property/required]']],
    [
      MachineDiscovery.gce({ project: '', zone: '', filter: '' }),
      ['gce.project [property/required]', 'gce.zone [property/required]', 'gce.filter [property/required]'],
    ],
    [
      MachineDiscovery.azure({ subscriptionId: '', resourceGroup: '', tags: {} }),
      [
        'azure.subscriptionId [property/required]',
        'azure.resourceGroup [property/required]',
        'azure.tags [discovery/nothing]',
      ],
    ],
    [MachineDiscovery.files([]), ['files [discovery/nothing]']],
    [MachineDiscovery.files(['targets.txt', 'a*/b.json']), ['files[0] [discovery/file]', 'files[1] [discovery/file]']],
    [MachineDiscovery.http('inventory'), ['http [discovery/url]']],
    [MachineDiscovery.http('ftp://inventory'), ['http [discovery/url]']],
  ])('refuses a discovery that finds nothing: %#', (discovery, problems) => {
    const made = () => MachineScrapeConfig.prometheusJob({ group: groupIn(aChart()), discovery });
    expect(problemsOf(made)).toStrictEqual(problems.map((each) => `discovery.${each}`));
  });

  test('refuses names and labels that Kubernetes does', () => {
    const chart = aChart();
    const wrong = { name: 'A', namespace: 'a.b', labels: { 'a b': 'c' } };
    expect(problemsOf(() => new MachineScrapeConfig(chart, 'machines', props(chart, wrong)))).toStrictEqual([
      'name [name/dns-subdomain]',
      'namespace [name/dns-label]',
      'labels["a b"] [label/key]',
    ]);
  });
});
