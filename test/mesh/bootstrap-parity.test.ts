import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  type Arbitrary,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  dictionary,
  integer,
  ipV4,
  ipV6,
  oneof,
  option,
  record,
  stringMatching,
  tuple,
  uniqueArray,
} from 'fast-check';
import {
  GroupNamespace,
  GroupServiceAccount,
  IstiodAccess,
  Locality,
  Mesh,
  MeshVmGroup,
  type MeshVmGroupProps,
  Network,
  Probe,
  Revision,
} from 'meshvm';
import { parse, stringify } from 'yaml';
import { ControlPlane as InstalledControlPlane } from '../../lib/control-plane/control-plane';
import { quoteAsIstioctl } from '../../lib/core/shell-quote';
import { machineBundle } from '../../lib/join/bootstrap-objects';
import { clusterEnv, type MachineAddress } from '../../lib/join/files/cluster-env';
import { meshYaml } from '../../lib/join/files/mesh-yaml';
import { resolveMember } from '../../lib/machines/resolve-member';
import { DIFFERENCES } from '../join/istioctl-differences';
import { ControlPlane, type KubernetesObject, runCommand } from './harness';
import { renderInstallation } from './harness/installation';

const GROUPS_PER_MESH = Number(process.env.MESHVM_PARITY_GROUPS ?? 40);
const NAMESPACES = ['payments', 'shop-eu'];
const SERVICE_ACCOUNTS = ['runner', 'vm.machines', 'default'];

/** Meshes that differ in everything that reaches the files; the installed revision of each. */
const MESHES: Readonly<Record<string, { readonly mesh: Mesh; readonly installed: string }>> = {
  default: { mesh: aMesh({}), installed: '' },
  'with a revision': { mesh: aMesh({ revision: Revision.named('1-31-1') }), installed: '1-31-1' },
  'with a revision tag': { mesh: aMesh({ revision: Revision.tag('prod') }), installed: 'stable' },
  'outside istio-system': { mesh: aMesh({ controlPlaneNamespace: 'mesh' }), installed: '' },
  'outside istio-system with a revision': {
    mesh: aMesh({ controlPlaneNamespace: 'mesh', revision: Revision.named('canary') }),
    installed: 'canary',
  },
  'with a DNS name of istiod': {
    mesh: aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') }),
    installed: '',
  },
  'with a DNS name of istiod and a revision': {
    mesh: aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com'), revision: Revision.named('blue') }),
    installed: 'blue',
  },
  'with its own trust domain and proxy settings': {
    mesh: aMesh({
      meshId: 'Acme_Mesh.1',
      clusterName: 'Prod.EU_1',
      network: '0net',
      trustDomain: 'Prod.acme.corp',
      proxy: {
        dnsCapture: false,
        dnsAutoAllocate: false,
        holdApplicationUntilProxyStarts: false,
        proxyMetadata: { EMPTY: '', SPACE: 'a $HOME #b', A: '-', A_B: 'x', A1: '1' },
      },
    }),
    installed: '',
  },
};

let controlPlane: ControlPlane;
const needed = new Set<string>();
let runs = 0;

// Random properties have warnings, too.
beforeEach(() => void jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  for (const name of NAMESPACES) {
    await controlPlane.client.mustApply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      ...SERVICE_ACCOUNTS.map((account) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: account, namespace: name },
      })),
    ]);
    await controlPlane.rootCertificate(name);
  }
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe.each(Object.entries(MESHES))('a mesh %s', (name, { mesh, installed }) => {
  let configured: (group: KubernetesObject, args: readonly string[]) => Promise<Files>;

  beforeAll(async () => {
    configured = await install(name, mesh, installed);
  });

  test('gives machines the files that istioctl would give them', async () => {
    const arbitrary = tuple(groups(mesh), addresses());
    await assert(
      asyncProperty(arbitrary, async ([props, address]) => {
        const { ours, workloadGroup } = filesOf(props, address);
        const theirs = await configured(workloadGroup, argsOf(mesh, address));
        const annotated = props.annotations?.['proxy.istio.io/config'];
        const { locality } = (workloadGroup as unknown as WithTemplate).spec.template;
        const expected = withDifferences(theirs, mesh, { annotated, locality });
        expect(ours.clusterEnv).toBe(expected.clusterEnv);
        expect(parse(ours.meshYaml)).toStrictEqual(parse(expected.meshYaml));
        runs += 1;
      }),
      { numRuns: GROUPS_PER_MESH, endOnFailure: true },
    );
  });
});

test('every difference that is named was met, and there is no other', () => {
  expect([...needed].sort()).toStrictEqual(DIFFERENCES.map(({ id }) => id).sort());
  console.info(`compared with istioctl: ${runs} groups`);
});

interface Files {
  readonly clusterEnv: string;
  readonly meshYaml: string;
}

/** What the differences depend on beside the mesh. */
interface OfGroup {
  readonly annotated: string | undefined;
  readonly locality: string | undefined;
}

interface WithTemplate {
  readonly spec: { readonly template: { readonly locality?: string } };
}

/** Puts the configuration of a mesh, as Istio's charts render it of our own settings, where istioctl reads it. */
async function install(name: string, mesh: Mesh, installed: string) {
  const { workspace, tools, client, apiServer } = controlPlane;
  const folder = workspace.subfolder('parity', name.replaceAll(/[^a-z]+/g, '-'));
  const revision = mesh.revision.tag === undefined ? undefined : installed;
  const settings = new InstalledControlPlane({ mesh, ...(revision === undefined ? {} : { revision }) });
  const operator = settings.istioOperator() as never;
  const { objects } = await renderInstallation(tools.istioctl, folder, { operator });
  await client.mustApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: mesh.controlPlaneNamespace } },
    ...objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && /^istio(-|$)/.test(metadata.name)),
  ]);
  let run = 0;
  return async (group: KubernetesObject, args: readonly string[]): Promise<Files> => {
    const output = join(folder, String(run++));
    mkdirSync(output, { recursive: true });
    const file = join(output, 'workload-group.yaml');
    // As JSON: Go's YAML would read a label y as true.
    writeFileSync(file, JSON.stringify(group));
    await runCommand(tools.istioctl, [
      ...['experimental', 'workload', 'entry', 'configure', '--file', file, '--output', output, '--autoregister'],
      // Without it istioctl asks the cluster for the revision of the default tag.
      ...['--revision', installed === '' ? 'default' : installed, '--ingressIP', '192.0.2.1'],
      ...['--kubeconfig', apiServer.adminKubeconfig(), '--istioNamespace', mesh.controlPlaneNamespace, ...args],
    ]);
    const read = (path: string) => readFileSync(join(output, path), 'utf8');
    return { clusterEnv: read('cluster.env'), meshYaml: read('mesh.yaml') };
  };
}

function argsOf(mesh: Mesh, address: MachineAddress | undefined): readonly string[] {
  return [
    ...(mesh.proxy.dnsCapture ? [] : ['--capture-dns=false']),
    ...(address === undefined ? [] : [address.external ? '--externalIP' : '--internalIP', address.address]),
  ];
}

/** Our files, and the WorkloadGroup that the group really emits. */
function filesOf(props: MeshVmGroupProps, address: MachineAddress | undefined) {
  const chart = new Chart(new App(), 'chart');
  new MeshVmGroup(chart, 'group', props);
  const workloadGroup = (chart.toJson() as KubernetesObject[]).find(({ kind }) => kind === 'WorkloadGroup');
  const bundle = machineBundle(props, resolveMember(props, 'group', ''));
  return {
    workloadGroup: workloadGroup as KubernetesObject,
    ours: { clusterEnv: clusterEnv(bundle, address), meshYaml: meshYaml(bundle) },
  };
}

/** What istioctl wrote, with each difference that DIFFERENCES names put in; records those that changed something. */
function withDifferences(files: Files, mesh: Mesh, { annotated, locality }: OfGroup): Files {
  const given = (annotated === undefined ? {} : parse(annotated)) as {
    readonly discoveryAddress?: string;
    readonly proxyMetadata?: Readonly<Record<string, string>>;
  };
  const env = new Map(files.clusterEnv.trimEnd().split('\n').map(unquotedLine));
  const config = parse(files.meshYaml) as { readonly defaultConfig: ProxyConfig };
  const note = (id: string, changed: boolean) => changed && needed.add(id);

  const ports = env.get('ISTIO_INBOUND_PORTS') ?? '';
  const sorted =
    ports === '*'
      ? '15006'
      : ports
          .split(',')
          .map(Number)
          .sort((a, b) => a - b)
          .join(',');
  note(ports === '*' ? 'no-ports-no-capture' : 'inbound-ports-sorted', sorted !== ports);
  env.set('ISTIO_INBOUND_PORTS', sorted);

  const ownAccess = given.discoveryAddress ?? mesh.istiodAddress;
  const discovery = config.defaultConfig.discoveryAddress;
  note(mesh.revision.tag === undefined ? 'istiod-access' : 'revision-tag', discovery !== ownAccess);
  config.defaultConfig.discoveryAddress = ownAccess;

  note('locality-label', locality !== undefined);
  if (locality !== undefined) {
    const labels = withPlace(env.get('ISTIO_METAJSON_LABELS') ?? '', locality);
    env.set('ISTIO_METAJSON_LABELS', labels);
    config.defaultConfig.proxyMetadata.ISTIO_METAJSON_LABELS = labels;
  }

  const standard = mesh.istiodAddress === 'istiod.istio-system.svc:15012';
  const ca =
    mesh.proxy.proxyMetadata.CA_ADDR ?? given.proxyMetadata?.CA_ADDR ?? (standard ? undefined : mesh.istiodAddress);
  note('ca-address', ca !== env.get('CA_ADDR'));
  if (ca === undefined) env.delete('CA_ADDR');
  else env.set('CA_ADDR', ca);

  const lines = [...env].map(([key, value]) => {
    note('backslash-quoted', /^[\\w@%+=:,./-]+$/.test(value) && value.includes('\\'));
    return `${key}=${quoteAsIstioctl(value)}`;
  });
  lines.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { clusterEnv: `${lines.join('\n')}\n`, meshYaml: stringify(config) };
}

interface ProxyConfig {
  discoveryAddress?: unknown;
  readonly proxyMetadata: Record<string, string>;
}

/** The labels that a machine reports, with its place, sorted as Go sorts keys. */
function withPlace(labels: string, locality: string): string {
  const all = { ...(JSON.parse(labels) as Readonly<Record<string, string>>), 'istio-locality': locality };
  return JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A line of istioctl's, whose quoting is checked against ours on the way. */
function unquotedLine(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  const [key, quoted] = [line.slice(0, at), line.slice(at + 1)];
  const value = quoted.startsWith("'") ? quoted.slice(1, -1).replaceAll(`'"'"'`, "'") : quoted;
  if (!value.includes('\\')) expect(quoted).toBe(quoteAsIstioctl(value));
  return [key, value];
}

const dnsLabel = stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/);
const labelValue = oneof(constant(''), stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?$/));
const labelKey = stringMatching(/^(example\.com\/)?[a-z]([-A-Za-z0-9_.]{0,12}[A-Za-z0-9])?$/);

function groups(mesh: Mesh): Arbitrary<MeshVmGroupProps> {
  return record({
    mesh: constant(mesh),
    name: dnsLabel,
    namespace: constantFrom(...NAMESPACES).map((name) => GroupNamespace.existing(name)),
    serviceAccount: constantFrom(...SERVICE_ACCOUNTS).map((name) => GroupServiceAccount.existing(name)),
    canonicalService: option(stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/), { nil: undefined }),
    version: option(stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,20}[a-z0-9])?$/), { nil: undefined }),
    ports: ports(),
    network: constantFrom(
      Network.flat(['10.20.0.0/16']),
      Network.flat(['fd00:20::/64', '10.20.0.0/16']),
      Network.behindGateway('dc-1', ['192.168.0.0/16']),
    ),
    weight: option(integer({ min: 1, max: 65535 }), { nil: undefined }),
    locality: constantFrom(undefined, Locality.of('us-east-1', 'us-east-1a'), Locality.of('dc', 'hall-1', 'rack-7')),
    labels: dictionary(
      labelKey.filter((key) => !['app', 'version'].includes(key)),
      labelValue,
      { maxKeys: 4 },
    ),
    annotations: option(annotations(), { nil: undefined }).map((text) => ({
      'example.com/note': 'kept',
      ...(text === undefined ? {} : { 'proxy.istio.io/config': text }),
    })),
    probe: option(probes(), { nil: undefined }),
  });
}

function ports() {
  const numbers = uniqueArray(integer({ min: 1024, max: 14000 }), { maxLength: 4 });
  const names = uniqueArray(stringMatching(/^(http|tcp|grpc)-[a-z]{1,8}$/), { minLength: 4, maxLength: 4 });
  return tuple(numbers, names).map(([list, named]) => list.map((port, index) => ({ name: named[index], port })));
}

function probes(): Arbitrary<Probe> {
  const number = (min: number) => option(integer({ min, max: 30 }), { nil: undefined });
  const thresholds = record({
    initialDelaySeconds: number(0),
    timeoutSeconds: number(1),
    periodSeconds: number(1),
    successThreshold: number(1),
    failureThreshold: number(1),
  });
  const host = option(constantFrom('127.0.0.1', '::1'), { nil: undefined });
  const port = integer({ min: 1, max: 65535 });
  const headers = constantFrom(undefined, { 'X-Probe': `it's "1"` });
  return oneof(
    tuple(thresholds, host, port, headers).map(([t, h, p, httpHeaders]) =>
      Probe.httpGet('/healthz?a=b&c', { ...t, host: h, port: p, httpHeaders }),
    ),
    tuple(thresholds, port).map(([t, p]) => Probe.httpsGet('/', { ...t, port: p })),
    tuple(thresholds, host, port).map(([t, h, p]) => Probe.tcpSocket(p, { ...t, host: h })),
    tuple(thresholds).map(([t]) => Probe.exec(['/bin/check', `it's`, '<&>'], t)),
  );
}

/** Texts of `proxy.istio.io/config`, in block and flow style and in both spellings of a field. */
function annotations(): Arbitrary<string> {
  return constantFrom(
    'concurrency: 4\n',
    JSON.stringify({ proxyMetadata: { QUOTE: `it's "quoted" $HOME`, BACKSLASH: '\\w\\', DOLLAR: '$(id)`id`' } }),
    'statusPort: 15021',
    'statusPort: 15090\nterminationDrainDuration: 30s',
    '{"status_port": 16020, "proxyMetadata": {"FROM_GROUP": "yes \' no", "ISTIO_META_NETWORK": "cannot win"}}',
    'holdApplicationUntilProxyStarts: yes\nproxyMetadata:\n  CA_ADDR: ca.example.com:15012\n  A: over\n',
    'discoveryAddress: istiod.elsewhere.example.com:15012\n',
    'tracing:\n  sampling: 12.5\n  customTags:\n    site: {literal: {value: dc}}\n',
    'proxyStatsMatcher:\n  inclusionPrefixes: [a, b]\ndrainDuration: 12s\n',
  );
}

function addresses(): Arbitrary<MachineAddress | undefined> {
  const address = oneof(ipV4(), ipV6());
  return option(
    tuple(address, constantFrom(true, false)).map(([ip, external]) => ({ address: ip, external })),
    {
      nil: undefined,
    },
  );
}

function aMesh(props: Partial<ConstructorParameters<typeof Mesh>[0]>): Mesh {
  return new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1', ...props });
}
