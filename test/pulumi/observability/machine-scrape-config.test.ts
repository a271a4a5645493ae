import { secret } from '@pulumi/pulumi';
import fc from 'fast-check';
import * as cdk8sFace from 'meshvm';
import { type MachineDiscoveryArgs, MachineMetrics, MachineScrapeConfig } from 'meshvm/pulumi';
import * as value from '../../mesh/differential/values';
import { later, named, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { cdk8sVerdict, pulumiVerdict } from '../parity';
import { failureOf, runProgram, settled } from '../program';

const EC2 = {
  region: 'eu-west-1',
  tags: { Name: 'payment-service' },
  roleArn: 'arn:aws:iam::123456789012:role/prometheus',
};
const GCE = { project: 'acme', zone: 'europe-west1-b', filter: 'labels.group=payment-service' };
const AZURE = { subscriptionId: '11111111-2222', resourceGroup: 'payments', tags: { group: 'pay.v1' }, clientId: 'id' };

const WAYS: readonly (readonly [MachineDiscoveryArgs, cdk8sFace.MachineDiscovery])[] = [
  [{ addresses: ['10.20.0.5', 'fd00::5'] }, cdk8sFace.MachineDiscovery.addresses(['10.20.0.5', 'fd00::5'])],
  [{ ec2: EC2 }, cdk8sFace.MachineDiscovery.ec2(EC2)],
  [{ gce: GCE }, cdk8sFace.MachineDiscovery.gce(GCE)],
  [{ azure: AZURE }, cdk8sFace.MachineDiscovery.azure(AZURE)],
  [{ files: ['/etc/machines-*.json'] }, cdk8sFace.MachineDiscovery.files(['/etc/machines-*.json'])],
  [{ http: 'https://inventory.acme.example' }, cdk8sFace.MachineDiscovery.http('https://inventory.acme.example')],
];

describe('MachineScrapeConfig', () => {
  test.each(WAYS)('declares what the cdk8s construct declares: %j', async (discovery, same) => {
    const more = { metrics: MachineMetrics.ENVOY, jobName: 'envoy', intervalSeconds: 30, timeoutSeconds: 10 };
    const labels = { release: 'prometheus' };
    const declared = await expectSame(
      (chart) => {
        const group = aGroup(chart, { canonicalService: 'pay', version: 'v2' });
        new cdk8sFace.MachineScrapeConfig(chart, 'a', { group, discovery: same, namespace: 'payments' });
        const object = { name: 'envoy', namespace: 'monitoring', labels };
        new cdk8sFace.MachineScrapeConfig(chart, 'b', { group, discovery: same, ...more, ...object });
      },
      () => {
        const group = theGroup({ canonicalService: 'pay', version: 'v2' });
        new MachineScrapeConfig('a', { group, discovery });
        new MachineScrapeConfig('b', { group, discovery, ...more, name: 'envoy', namespace: 'monitoring', labels });
      },
    );
    expect(Object.keys(declared)).toStrictEqual([
      'monitoring.coreos.com/v1alpha1 ScrapeConfig payments/payment-service-machines',
      'monitoring.coreos.com/v1alpha1 ScrapeConfig monitoring/envoy',
    ]);
  });

  test('says the same for a prometheus.yml', async () => {
    const group = { groupName: 'pay', namespace: later('payments'), serviceAccount: 'pay', labels: later(LABELS) };
    const { value } = await runProgram(async () =>
      settled(MachineScrapeConfig.prometheusJob({ group, discovery: { ec2: { ...EC2, region: later('eu-west-1') } } })),
    );
    const node = { path: 'pay' };
    const known = {
      groupName: 'pay',
      namespace: 'payments',
      serviceAccount: 'pay',
      labels: LABELS,
      serviceHosts: [],
      node,
    };
    const discovery = cdk8sFace.MachineDiscovery.ec2(EC2);
    expect(value).toStrictEqual(cdk8sFace.MachineScrapeConfig.prometheusJob({ group: known, discovery }));
  });

  test('takes Inputs and a group by its outputs, and tells what it is called', async () => {
    const group = { groupName: 'pay', namespace: later('payments'), serviceAccount: 'pay', labels: later(LABELS) };
    const { value, resources } = await runProgram(async () => {
      const discovery = { addresses: [later('fd00::7')] };
      const made = new MachineScrapeConfig('machines', { group, discovery, labels: { release: later('prom') } });
      return [await settled(made.scrapeConfigName), await settled(made.namespace)];
    });
    expect(value).toStrictEqual(['pay-machines', 'payments']);
    const { metadata, spec } = named(resources, 'machines-Resource').inputs;
    expect([metadata, spec]).toStrictEqual([
      { name: 'pay-machines', namespace: 'payments', labels: { release: 'prom' } },
      {
        jobName: 'meshvm/payments/pay',
        metricsPath: '/stats/prometheus',
        staticConfigs: [{ targets: ['[fd00::7]:15020'] }],
        relabelings: [
          { targetLabel: 'namespace', replacement: 'payments' },
          { targetLabel: 'workload', replacement: 'pay' },
          { targetLabel: 'app', replacement: 'shop' },
          { targetLabel: 'version', replacement: 'v2' },
          { targetLabel: 'service_istio_io_canonical_name', replacement: 'shop' },
          { targetLabel: 'service_istio_io_canonical_revision', replacement: 'v2' },
        ],
      },
    ]);
  });

  const group = {
    groupName: 'pay',
    namespace: 'payments',
    serviceAccount: 'pay',
    labels: { app: 'shop', version: 'v2' },
  };

  test.each<readonly [MachineDiscoveryArgs, readonly string[]]>([
    [{}, ['discovery [shape/choice]']],
    [{ http: 'https://a.b', files: ['a.json'] }, ['discovery [shape/choice]']],
    [{ addresses: ['10.0.0.1', 'vm-1'] }, ['discovery.addresses[1] [address/ip-required]']],
    [{ addresses: [] }, ['discovery.addresses [discovery/nothing]']],
    [
      { ec2: { region: '', tags: {} } },
      ['discovery.ec2.region [property/required]', 'discovery.ec2.tags [discovery/nothing]'],
    ],
    [{ azure: { ...AZURE, tags: { Name: '' } } }, ['discovery.azure.tags["Name"] [property/required]']],
    [{ files: ['a.txt'] }, ['discovery.files[0] [discovery/file]']],
    [{ http: 'inventory' }, ['discovery.http [discovery/url]']],
  ])('refuses a discovery %j', async (discovery, problems) => {
    expect(await refusal(() => new MachineScrapeConfig('machines', { group, discovery }))).toStrictEqual(problems);
    expect(await refusal(() => MachineScrapeConfig.prometheusJob({ group, discovery }))).toStrictEqual(problems);
  });

  test('refuses everything that is wrong at once', async () => {
    const wrong = { name: 'A', namespace: '', intervalSeconds: 0, jobName: '' };
    const args = { group: { ...group, labels: {} }, discovery: { files: [] }, ...wrong };
    expect(await refusal(() => new MachineScrapeConfig('machines', args))).toStrictEqual([
      'group.labels: label app is missing; give all labels of the machines',
      'group.labels: label version is missing; give all labels of the machines',
      'discovery.files [discovery/nothing]',
      'jobName [property/required]',
      'intervalSeconds [monitoring/seconds]',
      'name [name/dns-subdomain]',
      'namespace [property/required]',
    ]);
  });

  test('refuses metrics that there are not', async () => {
    const args = { group, discovery: { files: ['a.json'] }, metrics: 'envoy' as MachineMetrics };
    expect(await refusal(() => new MachineScrapeConfig('machines', args))).toStrictEqual(['metrics [shape/value]']);
  });

  test('leaves open in a preview what is not known, and keeps secret what is', async () => {
    const discovery = { http: 'https://a.example' };
    const args = { group: { ...group, namespace: unknown<string>() }, discovery };
    const previewed = await registered(() => new MachineScrapeConfig('machines', args), { preview: true });
    const { metadata, spec } = named(previewed, 'machines-Resource').inputs;
    expect(metadata).toEqual({ name: 'pay-machines', namespace: UNKNOWN });
    expect([spec.jobName, spec.httpSDConfigs]).toEqual([UNKNOWN, [{ url: 'https://a.example' }]]);

    const hidden = { group, discovery: { http: secret('https://a.example') } };
    const updated = await registered(() => new MachineScrapeConfig('machines', hidden));
    expect(named(updated, 'machines-Resource').secrets).toStrictEqual(['spec']);
  });

  test('refuses what becomes known to be wrong', async () => {
    const args = { group, discovery: { addresses: [later('vm-1')] } };
    const errors = await failureOf(() => new MachineScrapeConfig('machines', args));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[address/ip-required]'));
  });

  test('agrees with the cdk8s construct on random properties', async () => {
    const tally = { accepted: 0, refused: 0 };
    const seconds = value.maybe(value.mostly(fc.integer({ min: 1, max: 90 }), fc.constantFrom(0, -1, 0.5)));
    const random = fc.record({
      way: fc.constantFrom(...WAYS),
      name: value.maybe(value.name),
      namespace: value.name,
      labels: value.maybe(value.labels),
      jobName: value.maybe(value.mostly(fc.string({ minLength: 1 }), fc.constant(''))),
      metrics: value.maybe(fc.constantFrom(...Object.values(MachineMetrics))),
      intervalSeconds: seconds,
      timeoutSeconds: seconds,
    });
    await fc.assert(
      fc.asyncProperty(random, async ({ way: [discovery, same], ...props }) => {
        const manifests = cdk8sVerdict(
          (chart) => new cdk8sFace.MachineScrapeConfig(chart, 'm', { group: aGroup(chart), discovery: same, ...props }),
        );
        const resources = await pulumiVerdict(
          () => new MachineScrapeConfig('m', { group: theGroup(), discovery, ...props }),
          ['payment-service'],
        );
        expect(resources).toStrictEqual(manifests);
        tally[Array.isArray(manifests) ? 'refused' : 'accepted'] += 1;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(0);
  });
});

const LABELS = { app: 'shop', version: 'v2', team: 'payments' };
