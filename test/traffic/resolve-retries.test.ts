import { type Retries, RetryOn } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkRetries, resolveRetries } from '../../lib/traffic/resolve-retries';
import { type TrafficPort, trafficPort } from '../../lib/traffic/traffic-hosts';

const port = (name: string) => trafficPort({ name, port: 80 });

function conditionsOf(ports: readonly TrafficPort[] | undefined): string {
  return resolveRetries({ attempts: 2 }, ports).retryOn?.join(',') ?? '';
}

function problemsOf(retries: Retries, ports?: readonly TrafficPort[], timeoutSeconds?: number): readonly string[] {
  const problems = new Problems();
  checkRetries(problems, retries, timeoutSeconds, ports);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('resolveRetries', () => {
  test.each<[string, readonly TrafficPort[] | undefined, string]>([
    ['HTTP', [port('http')], '503'],
    ['gRPC', [port('grpc')], 'unavailable'],
    ['gRPC-Web', [port('grpc-web')], 'unavailable'],
    ['both', [port('http'), port('grpc'), port('tcp')], '503,unavailable'],
    ['nobody knows what', undefined, '503'],
  ])('tries again by default what is safe: with ports of %s', (_what, ports, expected) => {
    expect(conditionsOf(ports)).toBe(`connect-failure,refused-stream,reset-before-request,${expected}`);
  });

  test('has no conditions without retries: Istio refuses them', () => {
    expect(resolveRetries({ attempts: 0 }, undefined).retryOn).toBeUndefined();
  });

  test('takes conditions as they are given', () => {
    const retryOn = [RetryOn.SERVER_ERROR, RetryOn.status(429)];
    expect(resolveRetries({ attempts: 1, retryOn }, undefined).retryOn).toStrictEqual(['5xx', '429']);
  });
});

describe('checkRetries', () => {
  test.each<[string, Retries, readonly string[]]>([
    ['a negative number', { attempts: -1 }, ['attempts [retries/attempts]']],
    ['a fraction', { attempts: 1.5 }, ['attempts [retries/attempts]']],
    [
      'conditions without retries',
      { attempts: 0, perTryTimeoutSeconds: 1 },
      ['attempts [retries/off-with-conditions]'],
    ],
    ['a pause without retries', { attempts: 0, backoffSeconds: 1 }, ['backoffSeconds [retries/off-with-backoff]']],
    ['no condition', { attempts: 1, retryOn: [] }, ['retryOn [retries/no-condition]']],
    ['a status that is none', { attempts: 1, retryOn: [RetryOn.status(509)] }, ['retryOn[0].status [retries/status]']],
    ['no number', { attempts: 1, retryOn: [RetryOn.status(Number.NaN)] }, ['retryOn[0].status [retries/status]']],
    [
      'no time',
      { attempts: 1, perTryTimeoutSeconds: 0, backoffSeconds: 0 },
      ['perTryTimeoutSeconds [duration/seconds]', 'backoffSeconds [duration/seconds]'],
    ],
  ])('refuses %s', (_what, retries, expected) => {
    expect(problemsOf(retries)).toStrictEqual(expected);
  });

  test('refuses a try that leaves no time for another', () => {
    const retries = { attempts: 1, perTryTimeoutSeconds: 2 };
    expect(problemsOf(retries, undefined, 2)).toStrictEqual([
      'perTryTimeoutSeconds [retries/per-try-timeout-too-long]',
    ]);
    expect(problemsOf(retries, undefined, 2.1)).toStrictEqual([]);
  });

  test.each<[RetryOn, readonly string[], readonly string[]]>([
    [RetryOn.GRPC_CANCELLED, ['http'], ['retryOn[0].condition [retries/grpc-status-without-grpc]']],
    [RetryOn.GRPC_CANCELLED, ['http', 'grpc'], []],
    [RetryOn.SERVER_ERROR, ['grpc'], ['retryOn[0].condition [retries/http-status-with-grpc]']],
    [RetryOn.status(503), ['grpc'], ['retryOn[0].status [retries/http-status-with-grpc]']],
    [RetryOn.status(503), ['http'], []],
    [RetryOn.RESET, ['grpc'], []],
  ])('knows what $condition means for ports %j', (condition, names, expected) => {
    expect(problemsOf({ attempts: 1, retryOn: [condition] }, names.map(port))).toStrictEqual(expected);
  });
});
