import { Problems } from '../../../lib/core/problems';
import {
  checkMachinePort,
  checkServicePort,
  checkUniqueMachinePorts,
  checkUniqueServicePorts,
  isPortNumber,
} from '../../../lib/core/values/ports';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('ports', () => {
  test.each([1, 80, 65535])('%p is a port', (value) => expect(isPortNumber(value)).toBe(true));
  test.each([0, -1, 65536, 1.5, '80', Number.NaN, undefined])('%p is no port', (value) =>
    expect(isPortNumber(value)).toBe(false),
  );

  test.each([15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090])(
    'the sidecar listens on %p, so no application can',
    (port) => {
      expect(verdict((p) => checkMachinePort(p, { name: 'http', port }))).toStrictEqual([
        'port [port/reserved-by-sidecar]',
      ]);
    },
  );

  test.each(['http', 'http2-admin', 'grpc-web', 'grpc-web-x', 'tcp-1', 'mysql', 'redis'])(
    'name %p says the protocol',
    (name) => {
      expect(verdict((p) => checkServicePort(p, { name }))).toStrictEqual([]);
    },
  );

  test.each(['web', 'admin', 'httpx', 'http1-x', 'udp'])('name %p says none', (name) => {
    expect(verdict((p) => checkServicePort(p, { name }))).toStrictEqual(['name [port/name-selects-no-protocol]']);
  });

  test.each([
    ['web_1', 'name [port/machine-name]'],
    [`http-${'x'.repeat(58)}`, 'name [port/machine-name]'],
    ['HTTP', 'name [port/machine-name-not-for-services]'],
  ])('a port of machines is not named %p', (name, expected) => {
    expect(verdict((p) => checkMachinePort(p, { name, port: 80 }))).toStrictEqual([expected]);
  });

  test('a port has a name, even where Kubernetes needs none', () => {
    expect(verdict((p) => checkServicePort(p, { name: '' }))).toStrictEqual(['name [port/unnamed]']);
  });

  test('a bad name is reported once', () => {
    expect(verdict((p) => checkServicePort(p, { name: 'Web!' }))).toStrictEqual(['name [port/name]']);
  });

  test('appProtocol stands in for the name', () => {
    expect(verdict((p) => checkServicePort(p, { name: 'web', appProtocol: 'kubernetes.io/h2c' }))).toStrictEqual([]);
  });

  test.each(['HTTP', 'h2c', 'udp', '', 7])('appProtocol %p would be ignored', (appProtocol) => {
    expect(verdict((p) => checkServicePort(p, { name: 'web', appProtocol }))).toStrictEqual([
      'appProtocol [port/app-protocol]',
    ]);
  });

  test('the second of two equal names and of two equal numbers is reported', () => {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'grpc', port: 80 },
      { name: 'http', port: 81 },
    ];
    expect(verdict((p) => checkUniqueServicePorts(p, 'ports', ports))).toStrictEqual([
      'ports[2].name [port/duplicate]',
      'ports[1].port [port/duplicate]',
    ]);
    expect(verdict((p) => checkUniqueMachinePorts(p, 'ports', ports))).toStrictEqual([
      'ports[2].name [port/duplicate-on-machine]',
      'ports[1].port [port/duplicate-on-machine]',
    ]);
  });
});
