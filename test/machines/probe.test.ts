import { Probe } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('Probe', () => {
  test('httpGet', () => {
    const probe = Probe.httpGet('/healthz', { port: 8080, periodSeconds: 5, httpHeaders: { 'X-Probe': 'mesh' } });
    expect(probe.spec).toEqual({
      periodSeconds: 5,
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP', httpHeaders: [{ name: 'X-Probe', value: 'mesh' }] },
    });
  });

  test('httpsGet', () => {
    expect(Probe.httpsGet('/', { port: 8443, host: '127.0.0.1' }).spec).toEqual({
      httpGet: { path: '/', port: 8443, scheme: 'HTTPS', host: '127.0.0.1' },
    });
  });

  test('tcpSocket and exec', () => {
    expect(Probe.tcpSocket(5432, { failureThreshold: 3 }).spec).toEqual({
      failureThreshold: 3,
      tcpSocket: { port: 5432 },
    });
    expect(Probe.exec(['pg_isready', '-q']).spec).toEqual({ exec: { command: ['pg_isready', '-q'] } });
  });

  test("a Pod's probe is taken as it is", () => {
    const spec = { httpGet: { port: 80, scheme: 'HTTPS' }, successThreshold: 2 };
    expect(Probe.fromKubernetes(spec).spec).toBe(spec);
  });

  test.each([
    ['no method', {}, [' [probe/one-method]']],
    ['two methods', { tcpSocket: { port: 1 }, exec: { command: ['x'] } }, [' [probe/one-method]']],
    ["gRPC, which Istio's webhook refuses", { grpc: { port: 9000 } }, ['grpc [probe/grpc]']],
    ['a scheme in lower case', { httpGet: { port: 80, scheme: 'https' } }, ['httpGet.scheme [probe/scheme]']],
    ['no port', { tcpSocket: { port: 0 } }, ['tcpSocket.port [port/number]']],
    ['a path that is none', { httpGet: { port: 80, path: 'healthz' } }, ['httpGet.path [probe/path]']],
    ['an empty command', { exec: { command: [] } }, ['exec.command [probe/command]']],
    ['an empty word in a command', { exec: { command: ['sh', ''] } }, ['exec.command [probe/command]']],
    [
      'a header name with "_", which the CRD takes and the webhook does not',
      { httpGet: { port: 80, httpHeaders: [{ name: 'a_b', value: '' }] } },
      ['httpGet.httpHeaders[0].name [probe/header-name]'],
    ],
    [
      'a header value that is a number',
      { httpGet: { port: 80, httpHeaders: [{ name: 'a', value: 7 as unknown as string }] } },
      ['httpGet.httpHeaders[0].value [probe/header-value]'],
    ],
    [
      'every bad threshold',
      { tcpSocket: { port: 80 }, initialDelaySeconds: -1, timeoutSeconds: 0.5, failureThreshold: 2 ** 31 },
      [
        'initialDelaySeconds [probe/threshold]',
        'timeoutSeconds [probe/threshold]',
        'failureThreshold [probe/threshold]',
      ],
    ],
  ])('refuses %s', (_, spec, expected) => {
    expect(problemsOf(() => Probe.fromKubernetes(spec))).toStrictEqual(expected);
  });
});
