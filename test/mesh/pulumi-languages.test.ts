import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePackageSchema } from '../../projenrc/provider/package-schema';
import { Cluster } from './engine/cluster';
import { type CliResult, Engine } from './engine/engine';
import { CERTIFICATE } from './engine/everything';
import { install } from './engine/install';
import { ProgramHost, pythonRunner } from './engine/program-host';
import { toolFolder } from './tools/tools';

/**
 * Programs in other languages on Pulumi's own engine and a real cluster, with the provider as the package has it. Pulumi's language host for
 * YAML is the real one; for Python ours stands in, which runs the program with Pulumi's SDK and that which Pulumi's generator makes of the
 * package's schema.
 */
const ROOT = join(__dirname, '../..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshvm-languages-')));
const schema = join(folder, 'schema.json');
const SETTINGS = { apiServer: 'https://10.20.0.2:6443', caCertificate: CERTIFICATE };
let cluster: Cluster;
let engine: Engine;
let python: ProgramHost;

beforeAll(async () => {
  cluster = await Cluster.start();
  engine = await Engine.start(cluster.controlPlane, ['pulumi-language-yaml']);
  await writePackageSchema(schema);
  const sdk = join(folder, 'sdk');
  execFileSync(join(await toolFolder('pulumi-sdk'), 'pulumi-sdk'), [schema, 'python', sdk]);
  // What pip writes when it installs the SDK, which looks for its own version.
  mkdirSync(join(sdk, 'meshvm-0.0.0.dist-info'));
  writeFileSync(join(sdk, 'meshvm-0.0.0.dist-info/METADATA'), 'Metadata-Version: 2.1\nName: meshvm\nVersion: 0.0.0\n');
  python = await ProgramHost.start(pythonRunner(join(await toolFolder('pulumi-python'), 'bin/python'), sdk));
});

afterAll(async () => {
  python?.stop();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A program in a folder of its own, where the package is installed. */
class Program {
  private readonly folder: string;

  /** @param host Who runs it; undefined for the host that the CLI finds. */
  constructor(
    private readonly name: string,
    files: string | Readonly<Record<string, string>>,
    private readonly host?: ProgramHost,
    others: readonly string[] = [],
  ) {
    this.folder = join(folder, name);
    mkdirSync(this.folder);
    if (typeof files === 'string') cpSync(files, this.folder, { recursive: true });
    else for (const [file, text] of Object.entries(files)) writeFileSync(join(this.folder, file), text);
    install(this.folder, others);
    cpSync(schema, join(this.folder, 'node_modules/meshvm/dist/provider/schema.json'));
  }

  async init(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.must('stack', 'init', this.name);
    const given = Object.entries(settings).flatMap(([key, value]) => ['--plaintext', `${key}=${value}`]);
    if (given.length > 0) await this.must('config', 'set-all', ...given);
  }

  /** Runs the CLI as a person would. */
  run(...args: readonly string[]): Promise<CliResult> {
    const [command = ''] = args;
    const client =
      this.host !== undefined && ['up', 'preview'].includes(command) ? [`--client=${this.host.address}`] : [];
    return engine.cli([...args, ...(command === 'stack' ? [] : ['--stack', this.name]), ...client], this.folder);
  }

  /** The same, and it succeeds. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    expect([code, code === 0 ? '' : stdout + stderr]).toStrictEqual([0, '']);
    return stdout;
  }
}

const OBJECTS: readonly (readonly [apiVersion: string, kind: string, name: string, namespace: string])[] = [
  ['v1', 'Service', 'istio-eastwestgateway', 'istio-system'],
  ['networking.istio.io/v1', 'WorkloadGroup', 'payment-service', 'payments'],
  ['security.istio.io/v1', 'PeerAuthentication', 'payment-service', 'payments'],
  ['v1', 'ConfigMap', 'payment-service-bootstrap', 'payments'],
];

describe.each<readonly [string, () => ProgramHost | undefined]>([
  ['payments-yaml', () => undefined],
  ['payments-python', () => python],
])('examples/%s', (name, host) => {
  let program: Program;

  beforeAll(async () => {
    program = new Program(name, join(ROOT, 'examples', name), host());
    await program.init(SETTINGS);
  });

  test('is previewed', async () => {
    expect(await program.must('preview')).toContain('kubernetes:networking.istio.io/v1:WorkloadGroup');
  });

  test('makes its objects in the cluster', async () => {
    const stdout = await program.must('up', '--yes', '--skip-preview');
    expect(stdout).toContain('payment-service.payments.svc.cluster.local');
    for (const object of OBJECTS) expect(await cluster.client.get(...object)).toBeDefined();
    const policies = await cluster.client.list('security.istio.io/v1', 'AuthorizationPolicy', 'payments');
    expect(policies.map(({ metadata }) => metadata.name).sort()).toStrictEqual([
      'callers',
      'payment-service-deny-by-default',
    ]);
    const group = await cluster.client.get('networking.istio.io/v1', 'WorkloadGroup', 'payment-service', 'payments');
    expect(group).toMatchObject({ spec: { metadata: { labels: { app: 'payment-service', version: 'v1' } } } });
  });

  test('changes nothing the second time', async () => {
    expect(await program.must('up', '--yes', '--skip-preview')).toMatch(/Resources:\n +\d+ unchanged\n/);
  });

  test('is destroyed', async () => {
    await program.must('destroy', '--yes', '--skip-preview');
    for (const object of OBJECTS) expect(await cluster.client.get(...object)).toBeUndefined();
  });
});

const yaml = (properties: string, type = 'MeshVmGroup') => `name: wrong
runtime: yaml
plugins: { providers: [{ name: meshvm, path: ./node_modules/meshvm/dist/provider }] }
resources: { pay: { type: 'meshvm:${type}', properties: ${properties} } }
`;

describe('what is wrong', () => {
  test('with arguments is told with the resource, the property, the value and what is allowed', async () => {
    const properties = JSON.stringify({
      mesh: { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc prod!', istioVersion: '1.31.1' },
      namespace: 'Wrong_Name',
      ports: [{ name: 'http', port: 8080 }],
      network: { flat: { cidrs: ['10.20.0.0/16'] } },
    });
    const program = new Program('wrong', { 'Pulumi.yaml': yaml(properties) });
    await program.init();
    const { code, stdout } = await program.run('preview');
    expect(code).not.toBe(0);
    const [, diagnostics = ''] = stdout.split('Diagnostics:');
    expect(diagnostics).toContain("meshvm:index:MeshVmGroup resource 'pay' has a problem: MeshVmGroup pay: 2 problems");
    for (const problem of ['mesh.network', 'namespace'])
      expect(diagnostics.split(`property ${problem} `)).toHaveLength(2);
    expect(diagnostics).toContain('"vpc prod!" is not allowed; allowed:');
  });

  test('when the package of a cloud is missing is told with what to install', async () => {
    const program = new Program('no-cloud', {
      'Pulumi.yaml': yaml(
        '{ dnsName: istiod.example.com, gatewayAddress: lb.example.com, vpcs: [{ id: vpc-0a }] }',
        'IstiodPrivateZone',
      ),
    });
    await program.init();
    const { code, stdout } = await program.run('preview');
    expect(code).not.toBe(0);
    expect(stdout).toContain('IstiodPrivateZone needs the package @pulumi/aws; install it beside meshvm');
  });
});

test('functions of the package give what Prometheus reads outside of the cluster', async () => {
  const group = {
    groupName: 'pay',
    namespace: 'payments',
    serviceAccount: 'pay',
    labels: { app: 'pay', version: 'v1' },
  };
  const rules = {
    'fn::invoke': { function: 'meshvm:alertRuleFile', arguments: { groups: [{ group }] }, return: 'ruleFile' },
  };
  const program = new Program('functions', {
    'Pulumi.yaml': JSON.stringify({
      name: 'functions',
      runtime: 'yaml',
      plugins: { providers: [{ name: 'meshvm', path: './node_modules/meshvm/dist/provider' }] },
      outputs: { rules },
    }),
  });
  await program.init();
  await program.must('up', '--yes', '--skip-preview');
  const { rules: told } = JSON.parse(await program.must('stack', 'output', '--json', '--stack', 'functions'));
  expect(told.groups[0].rules[0]).toMatchObject({ alert: expect.stringContaining('MeshVm') });
});

test("Pulumi's CLI reads the schema from the provider, as it is published", async () => {
  const program = new Program('schema', { 'Pulumi.yaml': 'name: schema\nruntime: yaml\n' });
  const stdout = (
    await engine.cli(
      ['package', 'get-schema', './node_modules/meshvm/dist/provider/pulumi-resource-meshvm'],
      join(folder, 'schema'),
    )
  ).stdout;
  expect(program).toBeDefined();
  const published = JSON.parse(readFileSync(schema, 'utf8')) as Readonly<Record<string, object>>;
  const read = JSON.parse(stdout) as Readonly<Record<string, object>>;
  expect(read.name).toBe('meshvm');
  for (const part of ['resources', 'types'])
    expect(Object.keys(read[part] ?? {}).sort()).toStrictEqual(Object.keys(published[part] ?? {}).sort());
});
