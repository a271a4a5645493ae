import { Problems } from '../../lib/core/problems';
import { checkProbe } from '../../lib/machines/probe-checks';

describe('checkProbe', () => {
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
      'every bad threshold',
      { tcpSocket: { port: 80 }, initialDelaySeconds: -1, timeoutSeconds: 0.5, failureThreshold: 2 ** 31 },
      [
        'initialDelaySeconds [probe/threshold]',
        'timeoutSeconds [probe/threshold]',
        'failureThreshold [probe/threshold]',
      ],
    ],
  ])('with %s is refused', (_, probe, expected) => {
    const problems = new Problems();
    checkProbe(problems, probe);
    expect(problems.all.map(({ property, id }) => `${property} [${id}]`)).toStrictEqual(expected);
  });
});
