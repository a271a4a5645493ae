import * as pulumi from '@pulumi/pulumi';
import * as aws from 'meshvm/pulumi/aws';
import { MeshvmProvider } from '../../../provider/meshvm-provider';
import { later, vmArgs } from '../fixtures';
import { runProgram, settled } from '../program';

const loadAws = async () => aws;
const property = { type: 'string' };
const SCHEMA = JSON.stringify({
  version: '1.2.3',
  resources: {
    'meshvm:index:MeshVm': { inputProperties: { mesh: { plain: true } }, properties: { machineName: property } },
    'meshvm:index:IstiodPrivateZone': { inputProperties: {}, properties: { dnsName: property } },
  },
  types: {},
});

function construct(type: string, args: object): Promise<Readonly<Record<string, unknown>>> {
  return runProgram(async () => {
    const { state } = await new MeshvmProvider(SCHEMA, loadAws).construct('db', type, args as pulumi.Inputs, {});
    return settled(pulumi.output(state));
  }).then(({ value }) => value as Readonly<Record<string, unknown>>);
}

test('tells its schema and version', async () => {
  const provider = new MeshvmProvider(SCHEMA, loadAws);
  expect([provider.version, await provider.getSchema()]).toStrictEqual(['1.2.3', SCHEMA]);
});

test('makes a component, and tells of it what the schema names', async () => {
  expect(await construct('meshvm:index:MeshVm', vmArgs())).toStrictEqual({ machineName: 'db' });
});

test('makes one whose structure comes as one value', async () => {
  const args = vmArgs();
  expect(await construct('meshvm:index:MeshVm', { ...args, mesh: later(args.mesh) })).toStrictEqual({
    machineName: 'db',
  });
});

test('makes components of a cloud', async () => {
  const args = { dnsName: 'istiod.example.com', gatewayAddress: 'lb.example.com', vpcs: [{ id: 'vpc-0a' }] };
  expect(await construct('meshvm:index:IstiodPrivateZone', args)).toStrictEqual({ dnsName: 'istiod.example.com' });
});

test('names the resource of a type that it does not know', async () => {
  await expect(construct('meshvm:index:Nothing', {})).rejects.toThrow(
    'db: meshvm has no component meshvm:index:Nothing',
  );
});

test('leaves it to the engine to list the problems, which it does for each property', async () => {
  const failure = await construct('meshvm:index:MeshVm', { ...vmArgs(), address: 'nowhere!' }).catch((error) => error);
  expect(failure.message).toBe('MeshVm db: 1 problem');
  expect(failure.errors).toStrictEqual([
    { propertyPath: 'address', reason: expect.stringContaining('"nowhere!" is not allowed') },
  ]);
});

test('says what to install for a cloud whose package is missing', async () => {
  const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  const provider = new MeshvmProvider(SCHEMA, () => Promise.reject(missing));
  await expect(provider.construct('zone', 'meshvm:index:IstiodPrivateZone', {}, {})).rejects.toThrow(
    'IstiodPrivateZone needs the package @pulumi/aws; install it beside meshvm: npm install @pulumi/aws',
  );
});

describe('functions', () => {
  const invoke = (name: string, args: object) =>
    runProgram(() => new MeshvmProvider(SCHEMA, loadAws).invoke(`meshvm:index:${name}`, args)).then(
      ({ value }) => value,
    );
  const labels = { app: 'pay', version: 'v1' };
  const group = { groupName: 'pay', namespace: 'payments', serviceAccount: 'pay', labels };

  test('give what static functions of components give', async () => {
    const { outputs } = await invoke('alertRuleFile', { groups: [{ group }] });
    expect(outputs.ruleFile.groups[0].rules.length).toBeGreaterThan(3);
    const { outputs: job } = await invoke('prometheusJob', { group, discovery: { addresses: ['10.20.1.7'] } });
    expect(job).toMatchObject({ job: { job_name: expect.stringContaining('pay') } });
    const { outputs: grafana } = await invoke('dashboardJson', { groups: [{ group }] });
    expect(grafana.dashboard.panels.length).toBeGreaterThan(3);
  });

  test('tell what is wrong with each property', async () => {
    expect(await invoke('alertRuleFile', { groups: [{ group }], runbookUrl: 'no url' })).toStrictEqual({
      failures: [{ property: 'runbookUrl', reason: expect.stringContaining('"no url" is not allowed') }],
    });
  });

  test('are refused by name when there is no such', async () => {
    await expect(invoke('nothing', {})).rejects.toThrow('meshvm has no function meshvm:index:nothing');
  });
});
