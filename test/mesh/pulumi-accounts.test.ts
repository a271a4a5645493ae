import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as aws from '@pulumi/aws';
import { VmAutoScalingGroup } from 'meshvm/pulumi/aws';
import { writePackageSchema } from '../../projenrc/provider/package-schema';
import { fleetArgs } from '../pulumi/aws/fleet';
import type { AwsCall } from './engine/aws-provider';
import { Cluster } from './engine/cluster';
import { Engine } from './engine/engine';
import { install } from './engine/install';

/**
 * Machines in one AWS account, their cluster in another, on Pulumi's own engine: which of two providers is asked, and makes what. The objects in
 * the cluster are real; in the place of AWS's provider stands one that makes nothing and tells what it is asked.
 */
const ROOT = join(__dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshvm-accounts-')));
const calls = join(folder, 'calls');
const MACHINES = '111111111111';
const CLUSTERS = '222222222222';
let cluster: Cluster;
let engine: Engine;

beforeAll(async () => {
  cluster = await Cluster.start();
  engine = await Engine.start(cluster.controlPlane, ['pulumi-language-yaml']);
  const loader = join(ROOT, 'node_modules/tsx/dist/loader.mjs');
  const provider = join(__dirname, 'engine/aws-provider.ts');
  const script = `#!/bin/sh\nexport MESHVM_FAKE_AWS='${calls}'\nexec '${process.execPath}' --import '${loader}' '${provider}' "$@"\n`;
  writeFileSync(join(engine.folder, 'bin/pulumi-resource-aws'), script, { mode: 0o755 });
});

beforeEach(() => rmSync(calls, { force: true }));

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What was made, and what was asked, in each account. */
function byAccount(): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, Set<string>> = {};
  for (const line of readFileSync(calls, 'utf8').trim().split('\n')) {
    const { account, what, name = what.split(':').pop() ?? '' } = JSON.parse(line) as AwsCall;
    found[account] ??= new Set();
    found[account].add(name);
  }
  return Object.fromEntries(Object.entries(found).map(([account, names]) => [account, [...names].sort()]));
}

const IN_CLUSTERS = [
  'getCallerIdentity',
  'getCluster',
  'getRegion',
  'pay-access-entry',
  'pay-api-server-0-peer',
  'pay-istiod-0-peer',
];

test('a fleet is made by its own provider, and let in by that of the cluster', async () => {
  const provider = (name: string, account: string) =>
    new aws.Provider(name, { region: 'eu-west-1', allowedAccountIds: [account], skipCredentialsValidation: true });
  const stack = await engine.stack();
  stack.set(() => {
    const machines = provider('machines', MACHINES);
    const cluster = { name: 'prod-eu', provider: provider('clusters', CLUSTERS) };
    new VmAutoScalingGroup('pay', fleetArgs({ cluster, vpcId: 'vpc-0machines' }), { providers: [machines] });
  });
  expect((await stack.up()).failure).toBeUndefined();
  const { [MACHINES]: made = [], [CLUSTERS]: letIn, ...others } = byAccount();
  expect(others).toStrictEqual({});
  expect(letIn).toStrictEqual(IN_CLUSTERS);
  expect(made).toStrictEqual(expect.arrayContaining(['pay-role', 'pay-launch-template', 'pay-auto-scaling-group']));
  expect(made.filter((name) => IN_CLUSTERS.includes(name))).toStrictEqual(['getCallerIdentity', 'getRegion']);
  expect(await stack.up()).toMatchObject({ failure: undefined, changes: [] });
  expect((await stack.destroy()).failure).toBeUndefined();
});

test('so it is from a program in another language, which gives the provider as a reference', async () => {
  const program = join(folder, 'program');
  mkdirSync(program);
  install(program, ['@pulumi/aws']);
  const schema = join(folder, 'schema.json');
  await writePackageSchema(schema);
  cpSync(schema, join(program, 'node_modules/meshvm/dist/provider/schema.json'));
  const { mesh, ...args } = fleetArgs({ vpcId: 'vpc-0machines' });
  const properties = { ...args, mesh, cluster: { name: 'prod-eu', provider: '$' + '{clusters}' } };
  const provider = (account: string) => ({
    type: 'pulumi:providers:aws',
    properties: { region: 'eu-west-1', allowedAccountIds: [account] },
  });
  const text = {
    name: 'program',
    runtime: 'yaml',
    plugins: { providers: [{ name: 'meshvm', path: './node_modules/meshvm/dist/provider' }] },
    resources: {
      machines: provider(MACHINES),
      clusters: provider(CLUSTERS),
      pay: { type: 'meshvm:VmAutoScalingGroup', properties, options: { providers: ['$' + '{machines}'] } },
    },
  };
  writeFileSync(join(program, 'Pulumi.yaml'), JSON.stringify(text));
  for (const command of [
    ['stack', 'init', 'test'],
    ['up', '--yes', '--skip-preview'],
  ]) {
    const { code, stdout, stderr } = await engine.cli(command, program);
    expect([code, code === 0 ? '' : stdout + stderr]).toStrictEqual([0, '']);
  }
  expect(byAccount()[CLUSTERS]).toStrictEqual(IN_CLUSTERS);
  expect(byAccount()[MACHINES]).toStrictEqual(expect.arrayContaining(['pay-role', 'pay-auto-scaling-group']));
});
