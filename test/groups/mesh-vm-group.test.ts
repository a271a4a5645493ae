import { Testing } from 'cdk8s';
import {
  GroupNamespace,
  GroupServiceAccount,
  IstiodAccess,
  KubernetesSubject,
  MachineIdentity,
  MeshVmGroup,
  type MeshVmGroupProps,
  MutualTlsMode,
  Network,
  Probe,
  Revision,
  TargetPort,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

function objects(props: Partial<MeshVmGroupProps> = {}) {
  const chart = aChart();
  new MeshVmGroup(chart, 'shop', groupProps(props));
  return Testing.synth(chart);
}

function kinds(props: Partial<MeshVmGroupProps>): readonly string[] {
  return objects(props).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`);
}

function refusal(props: Partial<MeshVmGroupProps>): readonly string[] {
  return problemsOf(() => new MeshVmGroup(aChart(), 'shop', groupProps(props)));
}

describe('MeshVmGroup', () => {
  test('makes everything that machines need to be registered and called', () => {
    expect(objects({ probe: Probe.tcpSocket(8080), version: 'v2' })).toStrictEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'payments', labels: { 'istio-injection': 'enabled' } },
      },
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'shop', namespace: 'payments' },
        automountServiceAccountToken: false,
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'WorkloadGroup',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          metadata: {
            labels: {
              app: 'shop',
              version: 'v2',
              'service.istio.io/canonical-name': 'shop',
              'service.istio.io/canonical-revision': 'v2',
            },
            annotations: { 'meshvm/application': 'shop' },
          },
          template: { ports: { http: 8080 }, serviceAccount: 'shop', network: 'vpc-prod' },
          probe: { tcpSocket: { port: 8080 } },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          selector: { app: 'shop' },
          ports: [{ name: 'http', port: 8080, targetPort: 8080, protocol: 'TCP' }],
        },
      },
    ]);
  });

  test.each<[string, Partial<MeshVmGroupProps>, readonly string[]]>([
    [
      'an existing namespace is not emitted',
      { namespace: GroupNamespace.existing() },
      ['ServiceAccount payments/shop', 'WorkloadGroup payments/shop', 'Service payments/shop'],
    ],
    [
      'a namespace of its own holds all of it',
      { namespace: GroupNamespace.create('vms') },
      ['Namespace -/vms', 'ServiceAccount vms/shop', 'WorkloadGroup vms/shop', 'Service vms/shop'],
    ],
    [
      'an existing ServiceAccount is not emitted',
      { serviceAccount: GroupServiceAccount.existing('till') },
      ['Namespace -/payments', 'WorkloadGroup payments/shop', 'Service payments/shop'],
    ],
    [
      'machines without ports have no Service',
      { ports: [] },
      ['Namespace -/payments', 'ServiceAccount payments/shop', 'WorkloadGroup payments/shop'],
    ],
    [
      'several Services stand over the same machines',
      { services: [{ name: 'shop' }, { name: 'till', ports: [{ name: 'http', port: 80 }] }] },
      [
        'Namespace -/payments',
        'ServiceAccount payments/shop',
        'WorkloadGroup payments/shop',
        'Service payments/shop',
        'Service payments/till',
      ],
    ],
  ])('%s', (_, props, expected) => expect(kinds(props)).toStrictEqual(expected));

  test('a namespace carries the revision label, or no label where only machines are in the mesh', () => {
    const [revisioned] = objects({ mesh: aMesh({ revision: Revision.named('1-31-1') }) });
    expect(revisioned.metadata.labels).toStrictEqual({ 'istio.io/rev': '1-31-1' });
    const [plain] = objects({ namespace: GroupNamespace.createWithoutInjection() });
    expect(plain.metadata).toStrictEqual({ name: 'payments' });
  });

  test('machines behind a gateway carry their own network', () => {
    const group = objects({ network: Network.behindGateway('dc-1') }).find(({ kind }) => kind === 'WorkloadGroup');
    expect(group.spec.template.network).toBe('dc-1');
  });

  test('a Service port finds its target by name or number, and takes its protocol over', () => {
    const props = {
      ports: [
        { name: 'web', port: 8080, appProtocol: 'http' },
        { name: 'grpc', port: 9000 },
      ],
      services: [
        {
          name: 'shop',
          ports: [
            { name: 'web', port: 80 },
            { name: 'http-alt', port: 81, targetPort: TargetPort.named('web') },
            { name: 'grpc-alt', port: 82, targetPort: TargetPort.number(9000) },
          ],
        },
      ],
    };
    const service = objects(props).find(({ kind }) => kind === 'Service');
    expect(service.spec.ports).toStrictEqual([
      { name: 'web', port: 80, protocol: 'TCP', targetPort: 8080, appProtocol: 'http' },
      { name: 'http-alt', port: 81, protocol: 'TCP', targetPort: 'web', appProtocol: 'http' },
      { name: 'grpc-alt', port: 82, protocol: 'TCP', targetPort: 9000 },
    ]);
  });

  test('tells others its names', () => {
    const group = new MeshVmGroup(aChart(), 'shop', groupProps({ services: [{ name: 'a' }, { name: 'b' }] }));
    expect(group.serviceHosts).toStrictEqual(['a.payments.svc.cluster.local', 'b.payments.svc.cluster.local']);
    expect(group.spiffeId).toBe('spiffe://cluster.local/ns/payments/sa/shop');
  });

  test.each<[string, Partial<MeshVmGroupProps>, readonly string[]]>([
    ['a name that is none', { name: 'Shop' }, ['name [name/dns-subdomain]']],
    [
      'an empty serviceAccount',
      { serviceAccount: GroupServiceAccount.existing('') },
      ['serviceAccount [machine/service-account]'],
    ],
    ['a namespace that is none', { namespace: GroupNamespace.existing('a.b') }, ['namespace [name/dns-label]']],
    ['a version that is no label', { version: 'a b' }, ['version [label/machine]']],
    ['a label that a property owns', { labels: { app: 'x' } }, ['labels["app"] [label/owned-by-meshvm]']],
    [
      'an annotation of Istio',
      { annotations: { 'istio.io/dry-run': 'true' } },
      ['annotations["istio.io/dry-run"] [annotation/forbidden]'],
    ],
    [
      'a port name without a protocol',
      { ports: [{ name: 'web', port: 80 }] },
      ['ports[0].name [port/name-selects-no-protocol]'],
    ],
    [
      'a port name of 63 characters',
      { ports: [{ name: `http-${'x'.repeat(58)}`, port: 80 }] },
      ['ports[0].name [port/machine-name]'],
    ],
    ['a port of the sidecar', { ports: [{ name: 'http', port: 15001 }] }, ['ports[0].port [port/reserved-by-sidecar]']],
    [
      'a network name that istiod can not append',
      { network: Network.behindGateway('DC_1') },
      ['network.behindGateway.name [network/name]'],
    ],
    [
      "the mesh's own network behind a gateway",
      { network: Network.behindGateway('vpc-prod') },
      ['network.behindGateway.name [network/behind-gateway-of-own-network]'],
    ],
    ['a weight of 0, which Istio reads as 1', { weight: 0 }, ['weight [machine/weight]']],
    [
      'a Service port that no machine serves',
      { services: [{ name: 'shop', ports: [{ name: 'http', port: 80, targetPort: TargetPort.number(81) }] }] },
      ['services[0].ports[0].targetPort [service/port-nobody-serves]'],
    ],
    [
      'a target port name that the group lacks',
      { services: [{ name: 'shop', ports: [{ name: 'http', port: 80, targetPort: TargetPort.named('grpc') }] }] },
      ['services[0].ports[0].targetPort [service/port-nobody-serves]'],
    ],
    [
      'a target port name that Kubernetes refuses',
      {
        ports: [{ name: 'http-administration', port: 80 }],
        services: [
          { name: 'shop', ports: [{ name: 'http', port: 80, targetPort: TargetPort.named('http-administration') }] },
        ],
      },
      ['services[0].ports[0].targetPort [service/target-port-name]'],
    ],
    ['a Service without ports', { services: [{ name: 'shop', ports: [] }] }, ['services[0].ports [service/no-ports]']],
    [
      'two Services of one name',
      { services: [{ name: 'shop' }, { name: 'shop' }] },
      ['services[1].name [service/duplicate-name]'],
    ],
  ])('refuses %s', (_, props, expected) => expect(refusal(props)).toStrictEqual(expected));

  test('refuses a name that leaves no room for the address of a machine', () => {
    const name = Array.from({ length: 4 }, () => 'x'.repeat(50)).join('.');
    expect(
      refusal({ name, ports: [], canonicalService: 'shop', network: Network.behindGateway('n'.repeat(20)) }),
    ).toStrictEqual(['name [group/registered-name-too-long]']);
  });

  test('reports the path of the construct', () => {
    expect(errorOf(() => new MeshVmGroup(aChart(), 'shop', groupProps({ weight: 0 }))).path).toBe('payments/shop');
  });
});

describe('two groups of one program', () => {
  const existing = { namespace: GroupNamespace.existing() };

  function second(props: Partial<MeshVmGroupProps>): readonly string[] {
    const chart = aChart();
    new MeshVmGroup(chart, 'shop', groupProps());
    return problemsOf(() => new MeshVmGroup(chart, 'canary', groupProps({ ...existing, ...props })));
  }

  test('stand behind the same Services with different versions', () => {
    const chart = aChart();
    new MeshVmGroup(chart, 'shop', groupProps());
    new MeshVmGroup(
      chart,
      'canary',
      groupProps({ ...existing, canonicalService: 'shop', version: 'v2', services: [] }),
    );
    expect(Testing.synth(chart).filter(({ kind }) => kind === 'WorkloadGroup')).toHaveLength(2);
  });

  test('are two sites behind one Service, each with an identity of its own, when their versions name the site', () => {
    const chart = aChart();
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.mesh.example.com') });
    const site = (name: string, props: Partial<MeshVmGroupProps>) => {
      const subject = KubernetesSubject.user(`vm-${name}`);
      const identity = MachineIdentity.tokenFile({ path: '/etc/token', subject });
      const common = { mesh, canonicalService: 'shop', version: `v1-${name}`, identity };
      new MeshVmGroup(chart, `shop-${name}`, groupProps({ ...common, labels: { site: name }, ...props }));
    };
    site('dc', {});
    site('ec2', { ...existing, services: [] });
    const made = Testing.synth(chart);
    expect(made.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.selector)).toStrictEqual([
      { app: 'shop' },
    ]);
    const groups = made.filter(({ kind }) => kind === 'WorkloadGroup');
    expect(groups.map(({ spec }) => spec.template.serviceAccount)).toStrictEqual(['shop-dc', 'shop-ec2']);
  });

  test.each([
    ['the same labels', {}],
    ['labels that differ where no policy looks', { labels: { site: 'ec2' } }],
  ])('can not carry %s', (_what, props) => {
    expect(second({ canonicalService: 'shop', services: [], ...props })).toStrictEqual(['version [group/same-labels]']);
  });

  test('can not both have Services over the same machines', () => {
    expect(second({ canonicalService: 'shop', version: 'v2' })).toStrictEqual(['services [group/same-selector]']);
  });

  test('must both serve the ports of the Services over them', () => {
    const ports = [{ name: 'http', port: 9090 }];
    expect(second({ canonicalService: 'shop', version: 'v2', services: [], ports })).toStrictEqual([
      'ports [group/not-served-behind-shared-service]',
    ]);
  });

  test('can not both create the namespace', () => {
    expect(second({ namespace: GroupNamespace.create() })).toStrictEqual(['name [object/declared-twice]']);
  });

  test('of different namespaces have nothing to do with each other', () => {
    const chart = aChart();
    new MeshVmGroup(chart, 'shop', groupProps());
    expect(
      () => new MeshVmGroup(chart, 'twin', groupProps({ name: 'shop', namespace: GroupNamespace.create('other') })),
    ).not.toThrow();
  });
});

describe('MeshVmGroup.addMachine', () => {
  test('puts a machine with a fixed address behind the Services of the group', () => {
    const chart = aChart();
    const group = new MeshVmGroup(chart, 'shop', groupProps({ version: 'v1' }));
    group.addMachine('legacy', { address: '10.20.1.9', weight: 2 });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'shop-legacy', namespace: 'payments' },
      spec: {
        address: '10.20.1.9',
        labels: group.labels,
        ports: { http: 8080 },
        serviceAccount: 'shop',
        network: 'vpc-prod',
        weight: 2,
      },
    });
  });

  test('refuses ports that do not serve the Services of the group', () => {
    const group = new MeshVmGroup(aChart(), 'shop', groupProps());
    const ports = [{ name: 'http', port: 9090 }];
    expect(problemsOf(() => group.addMachine('legacy', { address: '10.20.1.9', ports }))).toStrictEqual([
      'ports [group/not-served-behind-shared-service]',
    ]);
  });

  test('takes another number for a port that the Services know by name', () => {
    const services = [{ name: 'shop', ports: [{ name: 'http', port: 80, targetPort: TargetPort.named('http') }] }];
    const group = new MeshVmGroup(aChart(), 'shop', groupProps({ services }));
    const ports = [{ name: 'http', port: 9090 }];
    expect(() => group.addMachine('legacy', { address: '10.20.1.9', ports })).not.toThrow();
  });
});

describe('MeshVmGroup.requireMutualTls', () => {
  test('lets the machines of the group take mutual TLS alone, but for the ports that it names', () => {
    const chart = aChart();
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'http-metrics', port: 9090 },
    ];
    const group = new MeshVmGroup(chart, 'shop', groupProps({ ports, version: 'v1' }));
    group.requireMutualTls({ ports: [{ port: 9090, mode: MutualTlsMode.PERMISSIVE }] });
    expect(Testing.synth(chart).at(-1)).toStrictEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        selector: { matchLabels: { app: 'shop', version: 'v1' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { '9090': { mode: 'PERMISSIVE' } },
      },
    });
  });

  test('refuses a second policy', () => {
    const group = new MeshVmGroup(aChart(), 'shop', groupProps());
    group.requireMutualTls();
    expect(problemsOf(() => group.requireMutualTls())).toHaveLength(1);
  });
});
