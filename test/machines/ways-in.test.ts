import type { Chart } from 'cdk8s';
import {
  GroupNamespace,
  MeshVm,
  MeshVmGroup,
  type MeshVmGroupProps,
  ServiceEntryProtocol,
  TargetPort,
  VmServiceEndpoints,
  VmServiceEntry,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const OTHER = 'service/protocol-other-than-way-in';

describe('ways into a port of machines', () => {
  test('of two Services of one group that differ are refused', () => {
    const behind = TargetPort.number(8080);
    const twoServices = () =>
      group(aChart(), {
        services: [
          { name: 'a', ports: [{ name: 'http', port: 80, targetPort: behind }] },
          { name: 'b', ports: [{ name: 'tcp', port: 3000, targetPort: behind }] },
        ],
      });
    expect(problemsOf(twoServices)).toStrictEqual([`services[1].ports[0].name [${OTHER}]`]);
    expect(errorOf(twoServices).problems[0].allowed).toBe(
      'HTTP/1.1, which Service a says of port 8080 of the machines',
    );
  });

  test.each([
    ['grpc', 'http'],
    ['http2', 'http'],
    ['tls', 'http'],
    ['grpc', 'tcp'],
  ])('of two ports of one Service that differ are refused: %s and %s', (one, other) => {
    for (const names of [
      [one, other],
      [other, one],
    ]) {
      const services = [{ name: 'a', ports: portsTo8080(names) }];
      expect(problemsOf(() => group(aChart(), { services }))).toStrictEqual([`services[0].ports[1].name [${OTHER}]`]);
    }
  });

  test.each([
    ['http', 'http-admin'],
    ['grpc', 'http2'],
    ['tcp', 'tls'],
    ['tcp', 'mysql'],
  ])('that the proxy makes the same of are accepted: %s and %s', (one, other) => {
    expect(() => group(aChart(), { services: [{ name: 'a', ports: portsTo8080([one, other]) }] })).not.toThrow();
  });

  test('are compared by appProtocol, where there is one', () => {
    const [first, second] = portsTo8080(['web', 'other']);
    const services = [
      {
        name: 'a',
        ports: [
          { ...first, appProtocol: 'http' },
          { ...second, appProtocol: 'kubernetes.io/h2c' },
        ],
      },
    ];
    expect(problemsOf(() => group(aChart(), { services }))).toStrictEqual([
      `services[0].ports[1].appProtocol [${OTHER}]`,
    ]);
  });

  test('of an entry and a Service that differ are refused in either order', () => {
    const chart = aChart();
    group(chart);
    expect(problemsOf(() => entry(chart, 'legacy', { app: 'pay' }))).toStrictEqual([
      'ports[0].protocol [service-entry/protocol-other-than-service]',
    ]);

    const reverse = aChart();
    entry(reverse, 'legacy', { app: 'pay' });
    expect(problemsOf(() => group(reverse))).toStrictEqual([`ports[0].name [${OTHER}]`]);
    expect(errorOf(() => group(reverse, {}, 'again')).problems[0].allowed).toContain('payments/legacy');
  });

  test('of two entries that differ are refused in either order', () => {
    for (const [first, second] of [
      [ServiceEntryProtocol.HTTP, ServiceEntryProtocol.TCP],
      [ServiceEntryProtocol.TCP, ServiceEntryProtocol.HTTP],
    ]) {
      const chart = aChart();
      group(chart, { services: [] });
      entry(chart, 'one', { app: 'pay' }, first);
      expect(problemsOf(() => entry(chart, 'two', { app: 'pay', version: 'latest' }, second))).toStrictEqual([
        'ports[0].protocol [service-entry/protocol-other-than-service]',
      ]);
    }
  });

  test('are found for a second version, which serves another port by the same name', () => {
    const chart = aChart();
    const byName = [{ name: 'http', port: 80, targetPort: TargetPort.named('http') }];
    group(chart, { services: [{ name: 'pay', ports: byName }] });
    group(
      chart,
      {
        version: 'v2',
        namespace: GroupNamespace.existing('payments'),
        ports: [{ name: 'http', port: 9090 }],
        services: [],
      },
      'second',
    );
    expect(() => entry(chart, 'unserved', { app: 'pay', version: 'v2' })).not.toThrow();
    expect(
      problemsOf(() => entry(chart, 'legacy', { app: 'pay', version: 'v2' }, ServiceEntryProtocol.TCP, 9090)),
    ).toStrictEqual(['ports[0].protocol [service-entry/protocol-other-than-service]']);
  });

  test('of a Service go by the name of its port before they go by the number of the target', () => {
    const ports = [
      { name: 'http', port: 8080 },
      { name: 'http-admin', port: 9090 },
    ];
    const to9090 = [{ name: 'a', ports: [{ name: 'http', port: 80, targetPort: TargetPort.number(9090) }] }];
    const lost = () => group(aChart(), { ports, services: to9090 });
    expect(problemsOf(lost)).toStrictEqual(['services[0].ports[0].targetPort [service/target-port-ignored]']);
    expect(errorOf(lost).problems[0].allowed).toBe('8080, which port http of the machines is');

    const chart = aChart();
    group(chart, { services: [{ name: 'pay', ports: [{ name: 'http', port: 80 }] }] });
    const second = { version: 'v2', namespace: GroupNamespace.existing('payments'), services: [] };
    const swapped = [
      { name: 'http', port: 9090 },
      { name: 'http-old', port: 8080 },
    ];
    expect(problemsOf(() => group(chart, { ...second, ports: swapped }, 'second'))).toStrictEqual([
      'ports [service/target-port-ignored]',
    ]);

    const reverse = aChart();
    group(reverse, { ...second, ports: swapped }, 'second');
    expect(
      problemsOf(() => group(reverse, { services: [{ name: 'pay', ports: [{ name: 'http', port: 80 }] }] })),
    ).toStrictEqual(['services[0].ports[0].targetPort [service/target-port-ignored]']);
  });

  test('may differ where no sidecar stands in the way', () => {
    const services = [{ name: 'a', ports: portsTo8080(['http', 'tcp']) }];
    const machine = { ...groupProps({ services }), address: '10.20.1.7' };
    expect(() => new MeshVm(aChart(), 'vm', { ...machine, sidecar: false })).not.toThrow();
    expect(problemsOf(() => new MeshVm(aChart(), 'vm', machine))).toStrictEqual([
      `services[0].ports[1].name [${OTHER}]`,
    ]);
  });
});

function group(chart: Chart, props: Partial<MeshVmGroupProps> = {}, id = 'pay'): MeshVmGroup {
  return new MeshVmGroup(chart, id, groupProps({ canonicalService: 'pay', ...props }));
}

function entry(
  chart: Chart,
  id: string,
  labels: Record<string, string>,
  protocol = ServiceEntryProtocol.TCP,
  targetPort = 8080,
): VmServiceEntry {
  return new VmServiceEntry(chart, id, {
    mesh: aMesh(),
    hosts: [`${id}.example.com`],
    addresses: [`240.1.2.${id.length}`],
    ports: [{ name: 'web', port: 80, protocol, targetPort }],
    endpoints: VmServiceEndpoints.fromLabels(labels),
  });
}

function portsTo8080(names: readonly string[]) {
  return names.map((name, index) => ({ name, port: 80 + index, targetPort: TargetPort.number(8080) }));
}
