import { Chart, Testing } from 'cdk8s';
import {
  CanaryRelease,
  type CanaryReleaseProps,
  EastWestGateway,
  GroupNamespace,
  type HostFirewall,
  LoadBalancer,
  MachineIdentity,
  MeshVm,
  MeshVmApp,
  MeshVmGroup,
  type MeshVmGroupProps,
  MutualTls,
  MutualTlsMode,
  Probe,
  ServiceEntryProtocol,
  SshAccess,
  TransportProtocol,
  VmServiceEndpoints,
  VmServiceEntry,
  WorkloadTarget,
} from 'meshvm';
import * as face from 'meshvm/pulumi';
import { aChart, aMesh, groupProps, problemsOf } from './fixtures';
import { groupArgs, joiningArgs, meshArgs } from './pulumi/fixtures';
import { runProgram } from './pulumi/program';

const MESH = aMesh();
const existing = GroupNamespace.existing('payments');
const WITHOUT_SIDECAR = 'mutual-tls/machine-without-sidecar';
const EXPORTED_TWICE = 'service-entry/host-exported-twice';

let told: jest.SpyInstance;

beforeEach(() => {
  told = jest.spyOn(console, 'warn').mockImplementation();
});

afterEach(() => jest.restoreAllMocks());

describe('a warning', () => {
  test('is printed once when a program is synthesized, with what to do and how to switch it off', () => {
    const app = new MeshVmApp();
    const chart = new Chart(app, 'payments', { namespace: 'payments' });
    strictBesideBareMachine(chart);
    expect(told).not.toHaveBeenCalled();
    app.synthYaml();
    app.synthYaml();
    Testing.synth(chart);
    expect(told.mock.calls).toStrictEqual([
      [
        [
          'warning: payments/strict: mode: "STRICT": payments/bare: some of the machines have no sidecar, and take plain text ' +
            `whatever the policy says [${WITHOUT_SIDECAR}]`,
          '  fix: give them a sidecar, a namespace of their own, or a firewall that lets nobody else in; if it is meant, ' +
            `acknowledge: ['${WITHOUT_SIDECAR}'] on payments/strict`,
        ].join('\n'),
      ],
    ]);
  });

  test('is metadata of its construct', () => {
    const chart = aChart();
    const strict = strictBesideBareMachine(chart);
    Testing.synth(chart);
    expect(strict.node.metadata.map(({ type, data }) => [type, String(data).includes(WITHOUT_SIDECAR)])).toStrictEqual([
      ['meshvm:warning', true],
    ]);
  });

  test('is switched off where it is acknowledged', () => {
    expect(warnings((chart) => strictBesideBareMachine(chart, [WITHOUT_SIDECAR]))).toStrictEqual([]);
  });

  test('that nobody knows is refused, with the one that was meant', () => {
    const strict = () => strictBesideBareMachine(aChart(), ['mutual-tls/machines-without-sidecar']);
    expect(problemsOf(strict)).toStrictEqual(['acknowledge[0] [warning/unknown]']);
    expect(strict).toThrow(`did you mean ${WITHOUT_SIDECAR}?`);
  });

  test('is logged once on its component', async () => {
    const log = jest.spyOn(require('@pulumi/pulumi').log, 'warn').mockResolvedValue(undefined);
    for (const acknowledge of [undefined, [WITHOUT_SIDECAR]]) {
      await runProgram(() => {
        const mesh = meshArgs();
        const strict = new face.MutualTls('strict', { mesh, target: { namespace: 'payments' }, acknowledge });
        new face.MeshVm('bare', { ...groupArgs(), address: '10.20.1.7', sidecar: false });
        return void strict;
      });
    }
    expect(log.mock.calls.map(([text, component]) => [text, component])).toStrictEqual([
      [expect.stringContaining(`strict: mode: "STRICT": bare: `), expect.any(face.MutualTls)],
    ]);
  });
});

describe('STRICT', () => {
  test('has a warning of port 22, which is outside of the capture', () => {
    const strict = (props: object) => (chart: Chart) =>
      group(chart, { ports: [{ name: 'tcp-ssh', port: 22 }] }).requireMutualTls(props);
    expect(warnings(strict({}))).toStrictEqual(['mutual-tls/port-outside-capture']);
    expect(warnings(strict({ ports: [{ port: 22, mode: MutualTlsMode.DISABLE }] }))).toStrictEqual([]);
    expect(warnings((chart) => group(chart).requireMutualTls())).toStrictEqual([]);
  });

  test('of the mesh has one of a machine without a sidecar in any namespace', () => {
    const ofMesh = (chart: Chart) => {
      new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.mesh() });
      bareMachine(chart);
    };
    expect(warnings(ofMesh)).toStrictEqual([WITHOUT_SIDECAR]);
  });
});

describe('a host that entries of two namespaces export to all', () => {
  const entry = (chart: Chart, namespace: string, exportTo?: readonly string[], host = 'api.example.com') =>
    new VmServiceEntry(chart, namespace, {
      mesh: aMesh(),
      namespace,
      hosts: [host],
      ports: [{ name: 'https', port: 443, protocol: ServiceEntryProtocol.HTTPS }],
      endpoints: VmServiceEndpoints.resolveHosts(),
      exportTo,
    });

  test('has a warning at the second, whichever that is', () => {
    for (const [one, other] of [
      ['shop', 'bank'],
      ['bank', 'shop'],
    ]) {
      const twice = (chart: Chart) => {
        entry(chart, one);
        entry(chart, other, ['*'], 'API.example.com.');
      };
      expect(warnings(twice)).toStrictEqual([EXPORTED_TWICE]);
    }
  });

  test('has none when one of them is for some alone', () => {
    const once = (chart: Chart) => {
      entry(chart, 'shop', ['.']);
      entry(chart, 'bank');
    };
    expect(warnings(once)).toStrictEqual([]);
  });
});

describe('a probe', () => {
  const probed = (probe: MeshVmGroupProps['probe'], acknowledge?: readonly string[]) => (chart: Chart) =>
    group(chart, { probe, acknowledge }).addMachine('vm', { address: '10.20.0.1' });

  test('has a warning of a port that the machines do not declare', () => {
    expect(warnings(probed(Probe.httpGet('/healthz', { port: 8081 })))).toStrictEqual(['probe/port-not-served']);
    expect(warnings(probed(Probe.tcpSocket(8081)))).toStrictEqual(['probe/port-not-served']);
    expect(warnings(probed(Probe.tcpSocket(8080)))).toStrictEqual([]);
    expect(warnings(probed(Probe.tcpSocket(8081), ['probe/port-not-served']))).toStrictEqual([]);
  });
});

describe('a port outside of the capture', () => {
  const excluded =
    (port: number, hostFirewall: HostFirewall | undefined, acknowledge?: readonly string[]) => (chart: Chart) =>
      group(chart, {
        identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
        gateway: new EastWestGateway(chart, 'edge', { mesh: MESH, loadBalancer: LoadBalancer.metalLb() }),
        mesh: MESH,
        bootstrap: { excludeInboundPorts: [port], hostFirewall },
        acknowledge,
      });
  const ssh = SshAccess.closed();
  const open = (port: number, protocol?: TransportProtocol) => ({
    ssh,
    openPorts: [{ port, protocol, cidrs: ['10.0.0.0/8'] }],
  });
  const CLOSED = 'host-firewall/excluded-port-closed';

  test('has a warning when the firewall opens it to nobody', () => {
    expect(warnings(excluded(9100, { ssh }))).toStrictEqual([CLOSED]);
    expect(warnings(excluded(9100, open(9101)))).toStrictEqual([CLOSED]);
    expect(warnings(excluded(9100, open(9100, TransportProtocol.UDP)))).toStrictEqual([CLOSED]);
  });

  test('has none when the firewall opens it, where there is no firewall, or where it is meant', () => {
    expect(warnings(excluded(9100, open(9100)))).toStrictEqual([]);
    expect(warnings(excluded(9100, undefined))).toStrictEqual([]);
    expect(warnings(excluded(22, { ssh: SshAccess.from(['10.0.0.0/24']) }))).toStrictEqual([]);
    expect(warnings(excluded(9100, { ssh }, [CLOSED]))).toStrictEqual([]);
  });

  test('has it on the component, too', async () => {
    const log = jest.spyOn(require('@pulumi/pulumi').log, 'warn').mockResolvedValue(undefined);
    await runProgram(() => {
      const bootstrap = { excludeInboundPorts: [9100], hostFirewall: { ssh: { closed: true as const } } };
      return void new face.MeshVmGroup('pay', joiningArgs({ bootstrap }));
    });
    expect(log.mock.calls.map(([text]) => text)).toStrictEqual([
      expect.stringContaining(`pay: bootstrap.excludeInboundPorts[0]: 9100: `),
    ]);
  });
});

describe('a canary release', () => {
  const release =
    (machines: number, props: Partial<MeshVmGroupProps> = {}, percent = 10) =>
    (chart: Chart) => {
      const first = group(chart, { version: 'v1' });
      const second = group(chart, { version: 'v2', services: [], namespace: existing, ...props }, 'second');
      const versions: CanaryReleaseProps['versions'] = [
        { group: first, percent: 100 - percent },
        { group: second, percent },
      ];
      new CanaryRelease(chart, 'release', { versions });
      for (let index = 1; index <= machines; index += 1) {
        second.addMachine(`vm-${index}`, { address: `10.20.0.${index}` });
      }
    };

  test('has a warning of a version that one machine alone serves', () => {
    expect(warnings(release(1))).toStrictEqual(['release/single-machine']);
    expect(warnings(release(2))).toStrictEqual([]);
    expect(warnings(release(1, {}, 0))).toStrictEqual([]);
  });
});

/** Ids of the warnings of a program. */
function warnings(declare: (chart: Chart) => unknown): readonly string[] {
  const chart = aChart();
  declare(chart);
  told.mockClear();
  Testing.synth(chart);
  return told.mock.calls.map(([text]) => /\[([a-z-]+\/[a-z-]+)\]/.exec(String(text))?.[1] ?? '');
}

function strictBesideBareMachine(chart: Chart, acknowledge?: readonly string[]): MutualTls {
  const strict = new MutualTls(chart, 'strict', { mesh: aMesh(), target: WorkloadTarget.namespace(), acknowledge });
  bareMachine(chart);
  return strict;
}

function bareMachine(chart: Chart): void {
  new MeshVm(chart, 'bare', { ...groupProps(), address: '10.20.1.7', sidecar: false });
}

function group(chart: Chart, props: Partial<MeshVmGroupProps> = {}, id = 'pay'): MeshVmGroup {
  return new MeshVmGroup(chart, id, groupProps({ canonicalService: 'pay', ...props }));
}
