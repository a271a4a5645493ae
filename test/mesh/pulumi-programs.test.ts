import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, Engine } from './engine/engine';
import { CERTIFICATE } from './engine/everything';
import { install } from './engine/install';
import { nodeRunner, ProgramHost } from './engine/program-host';
import { Workspace } from './harness/workspace';

/**
 * Programs in folders of their own, as people have them: Pulumi's command line, its engine and its runner of programs. No cluster is there,
 * and no cloud.
 */
const ROOT = join(__dirname, '../..');
const workspace = new Workspace();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshvm-programs-')));
let engine: Engine;
let host: ProgramHost;

beforeAll(async () => {
  engine = await Engine.start({ workspace });
  // The built package has no declarations, which a program's types are checked against; `npm run package:check` does that.
  host = await ProgramHost.start(nodeRunner({ PULUMI_NODEJS_TRANSPILE_ONLY: 'true' }));
});

afterAll(async () => {
  host?.stop();
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function preview(program: string, config: Readonly<Record<string, string>>, name: string): Promise<CliResult> {
  const stack = ['--stack', name];
  const settings = Object.entries(config).flatMap(([key, value]) => ['--plaintext', `${key}=${value}`]);
  await expectSuccess(engine.cli(['stack', 'init', ...stack], program));
  if (settings.length > 0) await expectSuccess(engine.cli(['config', 'set-all', ...stack, ...settings], program));
  return engine.cli(['preview', ...stack, `--client=${host.address}`], program);
}

async function expectSuccess(running: Promise<CliResult>): Promise<void> {
  expect(await running).toMatchObject({ code: 0 });
}

describe('an example with Pulumi', () => {
  const SETTINGS = {
    'aws-payments': {
      cluster: 'prod-eu',
      machineSubnets: '["subnet-a"]',
      ledgerSubnets: '["subnet-b"]',
      gatewaySecurityGroup: 'sg-gateway',
    },
    'onprem-payments': { apiServer: 'https://10.20.0.2:6443', caCertificate: CERTIFICATE },
  };

  // How far each comes: AWS's provider, and what Istio's charts are fetched from, are not here.
  test.each([
    ['aws-payments', 'pulumi:providers:aws default_7_48_0'],
    ['onprem-payments', '+  meshvm:index:ControlPlane istio create'],
  ] as const)('%s runs where it lies', async (name, shown) => {
    const program = join(folder, name);
    cpSync(join(ROOT, 'examples', name), program, { recursive: true });
    install(program, ['@pulumi/aws', '@types', 'typescript']);
    const { stdout } = await preview(program, SETTINGS[name], name);
    expect(stdout).toContain(shown);
  });

  test.each(Object.entries(SETTINGS))('%s names the settings that it needs', async (name, settings) => {
    const { code, stderr } = await preview(join(folder, name), {}, `${name}-without`);
    expect(code).not.toBe(0);
    const named = [...stderr.matchAll(/'payments:(\w+)'/g)].map(([, setting]) => setting);
    expect(named.sort()).toStrictEqual(Object.keys(settings).sort());
  });
});

describe('what is wrong with arguments', () => {
  const program = join(folder, 'wrong');

  beforeAll(() => {
    mkdirSync(program);
    install(program, ['@pulumi/aws', '@types', 'typescript']);
    writeFileSync(join(program, 'Pulumi.yaml'), 'name: wrong\nruntime: nodejs\n');
    writeFileSync(join(program, 'package.json'), '{ "main": "index.ts" }');
    cpSync(join(ROOT, 'examples/onprem-payments/tsconfig.json'), join(program, 'tsconfig.json'));
    writeFileSync(join(program, 'index.ts'), WRONG);
  });

  test.each([
    ['at once', 'now'],
    ['when a value is known', 'later'],
  ])('is told once for each property, %s', async (_, when) => {
    const { code, stdout } = await preview(program, { when }, when);
    expect(code).not.toBe(0);
    const [, diagnostics] = stdout.split('Diagnostics:');
    for (const problem of ['mesh.network: "vpc prod!" is not allowed', 'namespace: "Wrong_Name" is not allowed'])
      expect(diagnostics.split(problem)).toHaveLength(2);
    expect(diagnostics).not.toContain('propertyPath');
    expect(stdout).not.toContain('kubernetes:');
  });

  test('keeps an up from making any object of the component', async () => {
    const up = ['up', '--skip-preview', '--yes', '--stack', 'later', `--client=${host.address}`];
    const { code, stdout } = await engine.cli(up, program);
    expect(code).not.toBe(0);
    expect(stdout).toContain('meshvm:index:MeshVmGroup pay created');
    expect(stdout).not.toContain('kubernetes:');
  });
});

const WRONG = `
import * as pulumi from '@pulumi/pulumi';
import { MeshVmGroup } from 'meshvm/pulumi';

const late = new pulumi.Config().require('when') === 'later';
const given = (value: string) =>
  late ? pulumi.output(new Promise<string>((resolve) => setTimeout(() => resolve(value), 20))) : value;

new MeshVmGroup('pay', {
  mesh: { meshId: 'acme', clusterName: 'prod-eu', network: given('vpc prod!'), istioVersion: '1.31.1' },
  namespace: given('Wrong_Name'),
  ports: [{ name: 'http', port: 8080 }],
  network: { flat: { cidrs: ['10.20.0.0/16'] } },
  gateway: { serviceName: 'istio-eastwestgateway' },
  identity: { kubeconfig: { path: '/etc/meshvm/kubeconfig', subject: { user: 'vm-payments' } } },
});
`;
