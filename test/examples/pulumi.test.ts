import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { inAws } from '../pulumi/aws/fleet';
import { FakeProvider } from '../pulumi/aws/provider';
import { previewTree } from '../pulumi/preview-tree';
import { type ProgramResult, runProgram, settled } from '../pulumi/program';

const ROOT = join(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/pulumi.md'), 'utf8');

/** Runs an example as `pulumi up` would, with these settings. */
function runExample(
  name: string,
  config: Readonly<Record<string, string>>,
): Promise<ProgramResult<Readonly<Record<string, unknown>>>> {
  const provider = new FakeProvider({
    'aws:ec2/getAmi:getAmi': { id: 'ami-0arm', architecture: 'arm64', rootDeviceName: '/dev/xvda' },
    'aws:ec2/getSubnet:getSubnet': { cidrBlock: '10.20.0.0/24' },
  });
  return runProgram(() => {
    pulumi.runtime.setAllConfig(
      Object.fromEntries(Object.entries(config).map(([key, value]) => [`project:${key}`, value])),
    );
    return require(join(ROOT, 'examples', name, 'index.ts')) as Readonly<Record<string, unknown>>;
  }, inAws({ provider }));
}

describe('the fleets of examples/aws-payments', () => {
  let result: ProgramResult<Readonly<Record<string, unknown>>>;

  beforeAll(async () => {
    result = await runExample('aws-payments', {
      cluster: 'prod-eu',
      machineSubnets: '["subnet-a", "subnet-b"]',
      ledgerSubnets: '["subnet-c"]',
      gatewaySecurityGroup: 'sg-gateway',
    });
  });

  test('are three Auto Scaling groups in their subnets', () => {
    const groups = result.resources.filter(({ type }) => type === 'aws:autoscaling/group:Group');
    expect(groups.map(({ inputs }) => [inputs.name, inputs.vpcZoneIdentifiers])).toStrictEqual([
      ['project-stack-payment-service', ['subnet-a', 'subnet-b']],
      ['project-stack-payment-service-v2', ['subnet-a', 'subnet-b']],
      ['project-stack-ledger', ['subnet-c']],
    ]);
  });

  test('have the canary stand behind the Service of the first version', () => {
    const services = result.resources.filter(({ type }) => type === 'kubernetes:core/v1:Service');
    expect(services.map(({ inputs }) => inputs.metadata.name).sort()).toStrictEqual([
      'istio-eastwestgateway',
      'ledger',
      'payment-service',
    ]);
    const groups = result.resources.filter(({ type }) => type.endsWith(':WorkloadGroup'));
    expect(groups.map(({ inputs }) => inputs.spec.metadata.labels.app).sort()).toStrictEqual([
      'ledger',
      'payment-service',
      'payment-service',
    ]);
  });

  test('come after Istio', () => {
    const groups = result.resources.filter(({ type }) => type.endsWith(':WorkloadGroup'));
    for (const { dependencies } of groups)
      expect(dependencies).toEqual(expect.arrayContaining(['Release istio-system/istiod', 'payments']));
  });

  test('are told as docs/pulumi.md shows: the tree of a first preview', () => {
    expect(PAGE).toContain(previewTree('payments', 'prod', result.resources));
  });

  test('take fewer than 80 lines of program', () => {
    const program = readFileSync(join(ROOT, 'examples/aws-payments/index.ts'), 'utf8');
    expect(program.split('\n').length).toBeLessThan(80);
  });
});

describe('the machines of examples/onprem-payments', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-onprem-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('join by user-data in a file, and no cloud is asked for anything', async () => {
    const { value, resources } = await runExample('onprem-payments', {
      apiServer: 'https://10.20.0.2:6443',
      caCertificate: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      userDataFolder: folder,
    });
    expect(resources.filter(({ type }) => type.startsWith('aws:'))).toStrictEqual([]);
    expect(await settled(value.host as pulumi.Output<string>)).toBe('payment-service.payments.svc.cluster.local');
    const text = readFileSync(join(folder, 'payment-service.cloud-config'), 'utf8');
    expect(text).toMatch(/^#cloud-config\n/);
    expect(text).toContain('"credential":{"kind":"kubeconfig","path":"/etc/meshvm/kubeconfig"}');
    expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
  });
});

describe.each(['aws-payments', 'onprem-payments'])('examples/%s as a project of its own', (name) => {
  const folder = join(ROOT, 'examples', name);
  const { main, dependencies, devDependencies } = manifestOf(folder);
  const ours = manifestOf(ROOT);

  test('has its own program as what Pulumi runs', () => {
    expect(existsSync(join(folder, 'Pulumi.yaml'))).toBe(true);
    expect(main).toBe('index.ts');
  });

  test('has the packages that it imports and the peers of meshvm, in the versions that it is tested with', () => {
    const { meshvm, ...packages } = dependencies;
    expect(meshvm).toBe(`file:../../artifacts/meshvm-${ours.version}.tgz`);
    const program = readFileSync(join(folder, main), 'utf8');
    const imported = [...program.matchAll(/ from '((?:@[^/']+\/)?[^/']+)/g)].map(([, from]) => from);
    const peers = ours.peerDependenciesMeta;
    const needed = [...imported, ...Object.keys(ours.peerDependencies).filter((peer) => !(peer in peers))];
    const named = [...new Set(needed)].filter((each) => each !== 'meshvm' && !each.startsWith('node:')).sort();
    expect(Object.keys(packages).sort()).toStrictEqual([...new Set([...named, '@pulumi/kubernetes'])].sort());
    for (const [each, version] of Object.entries(packages))
      expect([each, version]).toStrictEqual([each, ours.devDependencies[each]]);
  });

  test('has the compiler that the repository has', () => {
    expect(devDependencies.typescript).toBe(manifestOf(join(ROOT, 'node_modules/typescript')).version);
  });
});

interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
