import { LocalityBalancing, type OutlierDetection, type TrafficSettings, UpstreamTls } from 'meshvm';
import { Problems } from '../../../lib/core/problems';
import { checkSettings, saysNothing } from '../../../lib/traffic/private/traffic-settings';

function problemsOf(settings: TrafficSettings): readonly string[] {
  const problems = new Problems();
  checkSettings(problems, settings, settings, undefined);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('checkSettings', () => {
  test('looks at every limit', () => {
    const tcp = {
      maxConnections: 0,
      connectTimeoutSeconds: 0,
      idleTimeoutSeconds: -1,
      maxConnectionDurationSeconds: 0,
      keepAlive: { timeSeconds: 0, intervalSeconds: 0, probes: 0 },
    };
    const http = {
      http1MaxPendingRequests: 0,
      http2MaxRequests: -1,
      maxRequestsPerConnection: 1.5,
      maxRetries: 0,
      maxConcurrentStreams: 0,
      idleTimeoutSeconds: 0,
      http2KeepAlive: { intervalSeconds: 0, timeoutSeconds: 0 },
    };
    expect(problemsOf({ connectionPool: { tcp, http } })).toStrictEqual([
      'connectionPool.tcp.maxConnections [traffic/zero-is-no-limit]',
      'connectionPool.tcp.connectTimeoutSeconds [duration/seconds]',
      'connectionPool.tcp.idleTimeoutSeconds [duration/seconds-or-zero]',
      'connectionPool.tcp.maxConnectionDurationSeconds [duration/seconds]',
      'connectionPool.tcp.keepAlive.timeSeconds [duration/seconds]',
      'connectionPool.tcp.keepAlive.intervalSeconds [duration/seconds]',
      'connectionPool.tcp.keepAlive.probes [traffic/zero-is-no-limit]',
      'connectionPool.http.http1MaxPendingRequests [traffic/zero-is-no-limit]',
      'connectionPool.http.http2MaxRequests [traffic/count]',
      'connectionPool.http.maxRequestsPerConnection [traffic/count]',
      'connectionPool.http.maxRetries [traffic/zero-is-no-limit]',
      'connectionPool.http.maxConcurrentStreams [traffic/zero-is-no-limit]',
      'connectionPool.http.idleTimeoutSeconds [duration/seconds]',
      'connectionPool.http.http2KeepAlive.intervalSeconds [duration/seconds]',
      'connectionPool.http.http2KeepAlive.timeoutSeconds [duration/seconds]',
    ]);
  });

  test.each<[OutlierDetection, readonly string[]]>([
    [{ consecutiveGatewayErrors: 4 }, []],
    [
      { consecutiveGatewayErrors: 5 },
      ['outlierDetection.consecutiveGatewayErrors [traffic/gateway-errors-never-reached]'],
    ],
    [{ consecutiveGatewayErrors: 5, consecutive5xxErrors: 6 }, []],
    [{ consecutiveGatewayErrors: 5, consecutive5xxErrors: 0 }, []],
    [
      { consecutiveLocalOriginFailures: 0 },
      ['outlierDetection.consecutiveLocalOriginFailures [traffic/zero-is-no-limit]'],
    ],
    [{ maxEjectionPercent: 0 }, ['outlierDetection.maxEjectionPercent [traffic/zero-is-no-limit]']],
    [{ minHealthPercent: 0, maxEjectionPercent: 101 }, ['outlierDetection.maxEjectionPercent [traffic/percent]']],
    [
      { intervalSeconds: 0, baseEjectionTimeSeconds: 0 },
      [
        'outlierDetection.intervalSeconds [duration/seconds]',
        'outlierDetection.baseEjectionTimeSeconds [duration/seconds]',
      ],
    ],
  ])('judges outlier detection %j', (outlierDetection, expected) => {
    expect(problemsOf({ outlierDetection })).toStrictEqual(expected);
  });

  test('wants outlier detection where localities are ordered', () => {
    const expected = ['outlierDetection [locality/needs-outlier-detection]'];
    expect(problemsOf({ locality: LocalityBalancing.nearest() })).toStrictEqual(expected);
    expect(problemsOf({ locality: LocalityBalancing.nearest(), outlierDetection: {} })).toStrictEqual([]);
    expect(problemsOf({ locality: LocalityBalancing.disabled() })).toStrictEqual([]);
  });

  test('wants names and files of TLS to say something', () => {
    expect(
      problemsOf({ tls: UpstreamTls.simple({ sni: '', caCertificates: '', subjectAltNames: [''] }) }),
    ).toStrictEqual([
      'tls.simple.sni [property/required]',
      'tls.simple.caCertificates [property/required]',
      'tls.simple.subjectAltNames[0] [property/required]',
    ]);
    expect(problemsOf({ tls: UpstreamTls.mutual({ clientCertificate: '', privateKey: '' }) })).toStrictEqual([
      'tls.mutual.clientCertificate [traffic/tls-client-certificate]',
      'tls.mutual.privateKey [traffic/tls-client-certificate]',
    ]);
  });
});

describe('saysNothing', () => {
  test('tells settings from none', () => {
    expect([saysNothing({}), saysNothing({ tls: UpstreamTls.disable() })]).toStrictEqual([true, false]);
  });
});
