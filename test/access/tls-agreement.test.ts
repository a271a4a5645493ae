import { Chart, Testing } from 'cdk8s';
import {
  GroupNamespace,
  type HostTraffic,
  MeshVm,
  MeshVmApp,
  MeshVmGroup,
  MutualTls,
  MutualTlsMode,
  Network,
  type PortMutualTls,
  ServiceEntryProtocol,
  TrafficPolicy,
  TrafficTarget,
  UpstreamTls,
  VmServiceEndpoints,
  VmServiceEntry,
  WorkloadTarget,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const STRICT = 'traffic/not-the-mutual-tls-that-machines-require';
const { DISABLE, PERMISSIVE, UNSET } = MutualTlsMode;
const files = { clientCertificate: '/etc/bank/cert.pem', privateKey: '/etc/bank/key.pem' };

let chart: Chart;
let group: MeshVmGroup;

beforeEach(() => {
  chart = aChart();
  group = aGroup(chart);
});

describe('the TLS of callers and the mutual TLS of machines', () => {
  test.each([
    ['disable', UpstreamTls.disable()],
    ['simple', UpstreamTls.simple()],
    ['mutual', UpstreamTls.mutual(files)],
  ])(
    'contradict each other where machines take mutual TLS alone and callers speak something else: %s',
    (_mode, tls) => {
      group.requireMutualTls();
      expect(problemsOf(() => callers({ tls }))).toStrictEqual([`tls [${STRICT}]`]);
    },
  );

  test('contradict each other in the other order, too', () => {
    callers({ tls: UpstreamTls.disable() });
    expect(problemsOf(() => group.requireMutualTls())).toStrictEqual(['mode [mutual-tls/refuses-callers-of-program]']);
  });

  test('are compared port by port of the machines, whatever callers name it', () => {
    group.requireMutualTls({ ports: [{ port: 5432, mode: DISABLE }] });
    expect(problemsOf(() => callers({ tls: UpstreamTls.disable() }))).toStrictEqual([`tls [${STRICT}]`]);
    const ports = [
      { port: 80, tls: UpstreamTls.istioMutual() },
      { port: 5432, tls: UpstreamTls.istioMutual() },
    ];
    expect(problemsOf(() => callers({ ports }))).toStrictEqual([
      'ports[1].tls [traffic/mutual-tls-that-machines-do-not-take]',
    ]);
    expect(() => callers({ ports: [{ port: 5432, tls: UpstreamTls.disable() }] })).not.toThrow();
  });

  test('are compared port by port in the other order, too', () => {
    callers({ ports: [{ port: 5432, tls: UpstreamTls.disable() }] });
    const other: readonly PortMutualTls[] = [{ port: 8080, mode: DISABLE }];
    expect(problemsOf(() => group.requireMutualTls({ ports: other }))).toStrictEqual([
      'mode [mutual-tls/refuses-callers-of-program]',
    ]);
    expect(() => group.requireMutualTls({ ports: [{ port: 5432, mode: PERMISSIVE }] })).not.toThrow();
  });

  test('are compared by the hosts of a ServiceEntry over the machines, too', () => {
    const ports = [{ name: 'tcp-postgres', port: 5432, protocol: ServiceEntryProtocol.TCP }];
    const entry = new VmServiceEntry(chart, 'entry', {
      mesh: aMesh(),
      hosts: ['pay.example.com'],
      endpoints: VmServiceEndpoints.group(group),
      ports,
    });
    const target = TrafficTarget.serviceEntry(entry);
    new TrafficPolicy(chart, 'plain', { target, tls: UpstreamTls.disable() });
    expect(errorOf(() => group.requireMutualTls()).message).toContain('takes what payments/plain says in tls: disable');
  });

  test.each([
    ['namespace', WorkloadTarget.namespace()],
    ['mesh', WorkloadTarget.mesh()],
  ])('are compared with what holds for the %s once the program is complete, in either order', (_what, target) => {
    for (const first of [true, false]) {
      chart = aChart();
      group = aGroup(chart);
      const strict = () => new MutualTls(chart, 'strict', { mesh: aMesh(), target });
      if (first) strict();
      callers({ tls: UpstreamTls.disable() });
      if (!first) strict();
      expect(() => Testing.synth(chart)).toThrow(
        /payments\/callers: 1 problem\n.*tls: \{"disable":true\} is not allowed \[traffic\/not-the-mutual-tls/,
      );
      expect(() => Testing.synth(chart)).toThrow('takes: payments/strict says STRICT');
    }
  });

  test('agree where the group has a mode of its own, wherever in the program it stands', () => {
    new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.namespace() });
    callers({ tls: UpstreamTls.disable() });
    new MutualTls(chart, 'own', { mesh: aMesh(), target: WorkloadTarget.group(group), mode: PERMISSIVE });
    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test.each([
    [5432, false],
    [80, true],
  ])('are those of the namespace for ports of which the group says nothing: %d', (port, isRefused) => {
    new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.namespace() });
    new MutualTls(chart, 'own', {
      mesh: aMesh(),
      target: WorkloadTarget.group(group),
      mode: UNSET,
      ports: [{ port: 5432, mode: PERMISSIVE }],
    });
    callers({ ports: [{ port, tls: UpstreamTls.disable() }] });
    const synthesis = expect(() => Testing.synth(chart));
    if (isRefused) synthesis.toThrow(/payments\/callers: 1 problem\n.*ports\[0\]\.tls/);
    else synthesis.not.toThrow();
  });

  test('stop the synthesis of a MeshVmApp, too', () => {
    const app = new MeshVmApp();
    chart = new Chart(app, 'payments', { namespace: 'payments' });
    group = aGroup(chart);
    callers({ tls: UpstreamTls.disable() });
    new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.namespace() });
    expect(() => app.synthYaml()).toThrow(STRICT);
  });

  test('need not be said: without tls callers speak what each endpoint understands', () => {
    group.requireMutualTls();
    expect(() => callers({ tls: UpstreamTls.istioMutual() })).not.toThrow();
    new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.namespace() });
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});

describe('machines behind a gateway, which hands on mutual TLS alone,', () => {
  const behind = Network.behindGateway('dc-1', ['10.20.0.0/16']);

  beforeEach(() => {
    chart = aChart();
    group = aGroup(chart, behind);
  });

  test('are called by nobody in another TLS', () => {
    const postgres = [{ port: 5432, tls: UpstreamTls.disable() }];
    expect(problemsOf(() => callers({ ports: postgres }))).toStrictEqual([
      'ports[0].tls [traffic/not-mutual-tls-through-gateway]',
    ]);
    expect(() => callers({ tls: UpstreamTls.istioMutual() })).not.toThrow();
  });

  test.each([
    ['the group', () => WorkloadTarget.group(group)],
    ['the namespace', () => WorkloadTarget.namespace()],
    ['the mesh', () => WorkloadTarget.mesh()],
  ])('take mutual TLS, as the complete program tells: %s', (_what, target) => {
    new MutualTls(chart, 'off', { mesh: aMesh(), target: target(), mode: DISABLE });
    expect(() => Testing.synth(chart)).toThrow(
      /payments\/off: 1 problem\n.*mode: "DISABLE" is not allowed \[mutual-tls\/disabled-behind-gateway\]/,
    );
  });

  test('take it on each of their ports', () => {
    group.requireMutualTls({ ports: [{ port: 5432, mode: DISABLE }] });
    expect(() => Testing.synth(chart)).toThrow(/ports\[0\]\.mode: "DISABLE"/);
  });

  test('may overrule their namespace, wherever in the program that stands', () => {
    new MutualTls(chart, 'off', { mesh: aMesh(), target: WorkloadTarget.namespace(), mode: DISABLE });
    group.requireMutualTls();
    expect(() => Testing.synth(chart)).not.toThrow();
  });

  test('have a sidecar', () => {
    const machine = { ...groupProps({ network: behind }), address: '10.20.1.7', sidecar: false };
    expect(problemsOf(() => new MeshVm(aChart(), 'bare', machine))).toStrictEqual([
      'sidecar [machine/no-sidecar-behind-gateway]',
    ]);
  });
});

describe('the TLS of callers', () => {
  test('is none that the sidecars of a port of HTTP know nothing of', () => {
    expect(problemsOf(() => callers({ ports: [{ port: 80, tls: UpstreamTls.simple() }] }))).toStrictEqual([
      'ports[0].tls [traffic/tls-to-port-of-http]',
    ]);
    expect(() => callers({ ports: [{ port: 5432, tls: UpstreamTls.simple() }] })).not.toThrow();
  });

  test('is no mutual TLS to a machine without a sidecar, in either order', () => {
    const bare = () =>
      new MeshVm(chart, 'bare', {
        ...groupProps({
          canonicalService: 'pay',
          services: [],
          ports: PORTS,
          namespace: GroupNamespace.existing('payments'),
        }),
        address: '10.20.1.7',
        sidecar: false,
      });
    callers({ tls: UpstreamTls.istioMutual() });
    expect(() => Testing.synth(chart)).not.toThrow();
    bare();
    expect(() => Testing.synth(chart)).toThrow(/tls: .*\[traffic\/mutual-tls-without-sidecar\]/);
  });
});

const PORTS = [
  { name: 'http', port: 8080 },
  { name: 'tcp-postgres', port: 5432 },
];

function aGroup(scope: Chart, network = Network.flat(['10.20.0.0/16'])): MeshVmGroup {
  return new MeshVmGroup(
    scope,
    'pay',
    groupProps({
      network,
      ports: PORTS,
      services: [
        {
          name: 'pay',
          ports: [
            { name: 'http', port: 80 },
            { name: 'tcp-postgres', port: 5432 },
          ],
        },
        { name: 'pay-admin', ports: [{ name: 'http', port: 81 }] },
      ],
    }),
  );
}

function callers(traffic: HostTraffic): void {
  const others = chart.node.children.filter((child) => child.node.id.startsWith('callers'));
  const id = ['callers', ...others.map(() => 'again')].join('-');
  new TrafficPolicy(chart, id, { target: TrafficTarget.group(group), ...traffic });
}
