import { type Chart, Testing } from 'cdk8s';
import {
  GroupNamespace,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupProps,
  MutualTls,
  MutualTlsMode,
  type MutualTlsProps,
  WorkloadTarget,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const { STRICT, PERMISSIVE, DISABLE, UNSET } = MutualTlsMode;

function aGroup(chart: Chart, props: Partial<MeshVmGroupProps> = {}): MeshVmGroup {
  return new MeshVmGroup(chart, 'shop', groupProps(props));
}

/** What is said of a policy for a group that serves 8080. */
function refusal(props: Partial<MutualTlsProps>, group: Partial<MeshVmGroupProps> = {}): readonly string[] {
  const chart = aChart();
  const target = WorkloadTarget.group(aGroup(chart, group));
  return problemsOf(() => new MutualTls(chart, 'mtls', { mesh: aMesh(), target, ...props }));
}

describe('MutualTls', () => {
  test('for a group takes mutual TLS alone, but on ports that say otherwise', () => {
    const chart = aChart();
    const target = WorkloadTarget.group(aGroup(chart, { version: 'v2', labels: { team: 'a' } }));
    const policy = new MutualTls(chart, 'mtls', { mesh: aMesh(), target, ports: [{ port: 8080, mode: PERMISSIVE }] });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'shop', version: 'v2' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { '8080': { mode: 'PERMISSIVE' } },
      },
    });
    expect([policy.policyName, policy.namespace]).toStrictEqual(['shop', 'payments']);
  });

  test.each<[string, WorkloadTarget, Partial<MutualTlsProps>, object]>([
    ['the namespace of the chart', WorkloadTarget.namespace(), {}, { name: 'default', namespace: 'payments' }],
    ['a namespace', WorkloadTarget.namespace('shop'), { name: 'mtls' }, { name: 'mtls', namespace: 'shop' }],
    ['the mesh', WorkloadTarget.mesh(), {}, { name: 'default', namespace: 'istio-system' }],
    [
      'a mesh whose control plane is elsewhere',
      WorkloadTarget.mesh(),
      { mesh: aMesh({ controlPlaneNamespace: 'mesh' }) },
      { name: 'default', namespace: 'mesh' },
    ],
  ])('for %s selects no labels', (_what, target, props, metadata) => {
    const chart = aChart();
    new MutualTls(chart, 'mtls', { mesh: aMesh(), target, mode: DISABLE, ...props });
    expect(Testing.synth(chart)).toStrictEqual([
      { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata, spec: { mtls: { mode: 'DISABLE' } } },
    ]);
  });

  test('for a machine selects that machine', () => {
    const chart = aChart();
    aGroup(chart);
    const vm = new MeshVm(chart, 'db', {
      ...groupProps({ namespace: GroupNamespace.existing() }),
      address: '10.20.0.9',
    });
    new MutualTls(chart, 'mtls', { mesh: aMesh(), target: WorkloadTarget.machine(vm) });
    expect(Testing.synth(chart).at(-1)).toMatchObject({
      metadata: { name: 'db', namespace: 'payments' },
      spec: { selector: { matchLabels: { app: 'db', version: 'latest' } } },
    });
  });

  test('of a group may leave the mode to the namespace and speak of ports alone', () => {
    const chart = aChart();
    const target = WorkloadTarget.group(aGroup(chart));
    const ports = [{ port: 8080, mode: DISABLE }];
    expect(() => new MutualTls(chart, 'mtls', { mesh: aMesh(), target, mode: UNSET, ports })).not.toThrow();
  });

  test.each<[string, Partial<MutualTlsProps>, readonly string[]]>([
    ['a name that is none', { name: 'A' }, ['name [name/dns-subdomain]']],
    ['a namespace that is none', { target: WorkloadTarget.namespace('a.b') }, ['target.namespace [name/dns-label]']],
    ['a mode that is none', { mode: 'strict' as MutualTlsMode }, ['mode [shape/value]']],
    ['a mode that says nothing', { mode: UNSET }, ['mode [mutual-tls/unset]']],
    [
      'a mode of a port that says nothing',
      { ports: [{ port: 8080, mode: UNSET }] },
      ['ports[0].mode [mutual-tls/unset]'],
    ],
    [
      'a mode of a port that is none',
      { ports: [{ port: 8080, mode: 'x' as MutualTlsMode }] },
      ['ports[0].mode [shape/value]'],
    ],
    [
      'ports of a namespace',
      { target: WorkloadTarget.namespace(), ports: [{ port: 8080, mode: STRICT }] },
      ['ports [mutual-tls/port-without-selector]'],
    ],
    [
      'ports of the mesh',
      { target: WorkloadTarget.mesh(), ports: [{ port: 8080, mode: STRICT }] },
      ['ports [mutual-tls/port-without-selector]'],
    ],
    [
      'a port out of range',
      { ports: [{ port: 0, mode: STRICT }] },
      ['ports[0].port [port/number]', 'ports[0].port [target/port-nobody-serves]'],
    ],
    ['a port of nobody', { ports: [{ port: 80, mode: STRICT }] }, ['ports[0].port [target/port-nobody-serves]']],
    [
      'a port twice',
      {
        ports: [
          { port: 8080, mode: STRICT },
          { port: 8080, mode: DISABLE },
        ],
      },
      ['ports[1].port [mutual-tls/port-twice]'],
    ],
    [
      'the namespace of the control plane',
      { target: WorkloadTarget.namespace('istio-system') },
      ['target [target/namespace-is-root]'],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test('refuses a group in the namespace of the control plane', () => {
    expect(refusal({}, { namespace: GroupNamespace.existing('istio-system') })).toStrictEqual([
      'target [target/machines-in-root-namespace]',
    ]);
  });

  test('refuses a machine without a sidecar, and a machine that shares its labels', () => {
    const chart = aChart();
    const group = aGroup(chart);
    const policy = (vm: MeshVm) =>
      problemsOf(() => new MutualTls(vm, 'mtls', { mesh: aMesh(), target: WorkloadTarget.machine(vm) }));
    const bare = new MeshVm(chart, 'db', {
      ...groupProps({ namespace: GroupNamespace.existing() }),
      address: '10.20.0.9',
      sidecar: false,
    });
    expect(policy(bare)).toStrictEqual(['target [target/no-sidecar]']);
    expect(policy(group.addMachine('old', { address: '10.20.0.8' }))).toStrictEqual([
      'target [target/selects-other-machines]',
    ]);
  });

  test('knows the ports of the fixed machines of a group', () => {
    const chart = aChart();
    const group = aGroup(chart, { services: [] });
    group.addMachine('old', { address: '10.20.0.8', ports: [{ name: 'http', port: 8081 }] });
    const ports = [{ port: 8081, mode: PERMISSIVE }];
    expect(
      () => new MutualTls(chart, 'mtls', { mesh: aMesh(), target: WorkloadTarget.group(group), ports }),
    ).not.toThrow();
  });

  test.each<[string, (chart: Chart) => WorkloadTarget]>([
    ['group', (chart) => WorkloadTarget.group((chart.node.tryFindChild('shop') as MeshVmGroup) ?? aGroup(chart))],
    ['namespace', () => WorkloadTarget.namespace()],
    ['mesh', () => WorkloadTarget.mesh()],
  ])('refuses a second policy of a %s, whatever its name', (_what, target) => {
    const chart = aChart();
    const mesh = aMesh();
    new MutualTls(chart, 'first', { mesh, target: target(chart) });
    const error = errorOf(() => new MutualTls(chart, 'second', { mesh, target: target(chart), name: 'other' }));
    expect(error.problems).toMatchObject([
      { id: 'mutual-tls/target-twice', property: 'target', allowed: 'targets other than that of payments/first' },
    ]);
  });

  test('is one line for a group', () => {
    const chart = aChart();
    const policy = aGroup(chart).requireMutualTls({ ports: [{ port: 8080, mode: DISABLE }] });
    expect(policy.policyName).toBe('shop');
    expect(Testing.synth(chart).at(-1)).toMatchObject({
      spec: { mtls: { mode: 'STRICT' }, portLevelMtls: { '8080': { mode: 'DISABLE' } } },
    });
  });

  test('says the same of data as of what factories make of it', () => {
    const made = (data: boolean) => {
      const chart = aChart();
      const group = aGroup(chart);
      new MutualTls(chart, 'group', { mesh: aMesh(), target: data ? { group } : WorkloadTarget.group(group) });
      const target = data ? { namespace: 'shop' } : WorkloadTarget.namespace('shop');
      new MutualTls(chart, 'namespace', { mesh: aMesh(), target });
      new MutualTls(chart, 'mesh', { mesh: aMesh(), target: data ? { mesh: true } : WorkloadTarget.mesh() });
      return Testing.synth(chart);
    };
    expect(made(true)).toStrictEqual(made(false));
  });

  test.each<[string, object, readonly string[]]>([
    ['an unknown property', { port: 8080 }, ['port [shape/unknown-property]']],
    ['a port by its name', { ports: [{ port: 'http', mode: STRICT }] }, ['ports[0].port [shape/type]']],
  ])('of a group refuses %s', (_what, props, expected) => {
    expect(problemsOf(() => aGroup(aChart()).requireMutualTls(props))).toStrictEqual(expected);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['is missing', undefined, ['mesh [shape/missing]']],
    ['is a name', 'acme', ['mesh [shape/type]']],
  ])('says so when the mesh %s', (_what, mesh, expected) => {
    const target = WorkloadTarget.namespace();
    expect(problemsOf(() => new MutualTls(aChart(), 'mtls', { mesh, target } as MutualTlsProps))).toStrictEqual(
      expected,
    );
  });

  test('takes versions of an application for targets of their own', () => {
    const chart = aChart();
    const canary = { canonicalService: 'shop', version: 'v2', services: [], namespace: GroupNamespace.existing() };
    const groups = [aGroup(chart), new MeshVmGroup(chart, 'canary', groupProps(canary))];
    for (const group of groups) new MutualTls(group, 'mtls', { mesh: aMesh(), target: WorkloadTarget.group(group) });
    const names = Testing.synth(chart).filter(({ kind }) => kind === 'PeerAuthentication');
    expect(names.map(({ metadata }) => metadata.name)).toStrictEqual(['shop', 'canary']);
  });
});
