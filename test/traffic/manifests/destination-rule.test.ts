import {
  HashAlgorithm,
  HashKey,
  LoadBalancing,
  Locality,
  LocalityBalancing,
  type TrafficSettings,
  UpstreamHttpProtocol,
  UpstreamTls,
} from 'meshvm';
import { destinationRule } from '../../../lib/traffic/manifests/destination-rule';

function policyOf(settings: TrafficSettings): unknown {
  const rule = { name: 'shop', namespace: 'payments', host: 'shop.example.com', settings, ports: [], subsets: [] };
  return destinationRule(rule).spec?.trafficPolicy;
}

describe('destinationRule', () => {
  test('has settings, ports and subsets where there are any', () => {
    const tls = { tls: UpstreamTls.disable() };
    expect(
      destinationRule({
        name: 'shop',
        namespace: 'payments',
        host: 'shop.example.com',
        settings: tls,
        ports: [{ port: 80, settings: tls }],
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      }),
    ).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        host: 'shop.example.com',
        trafficPolicy: {
          tls: { mode: 'DISABLE' },
          portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }],
        },
        subsets: [{ name: 'v1', labels: { version: 'v1' } }],
      },
    });
  });

  test('has no traffic policy without settings: Istio refuses an empty one', () => {
    expect(policyOf({})).toBeUndefined();
  });

  test('writes limits, with durations in seconds', () => {
    const connectionPool = {
      tcp: {
        maxConnections: 10,
        connectTimeoutSeconds: 0.25,
        idleTimeoutSeconds: 0,
        maxConnectionDurationSeconds: 60,
        keepAlive: { timeSeconds: 30, intervalSeconds: 5, probes: 3 },
      },
      http: {
        http1MaxPendingRequests: 1,
        http2MaxRequests: 2,
        maxRequestsPerConnection: 3,
        maxRetries: 4,
        maxConcurrentStreams: 5,
        idleTimeoutSeconds: 6,
        http2KeepAlive: { intervalSeconds: 7, timeoutSeconds: 8 },
        protocol: UpstreamHttpProtocol.HTTP2,
      },
    };
    expect(policyOf({ connectionPool })).toStrictEqual({
      connectionPool: {
        tcp: {
          maxConnections: 10,
          connectTimeout: '0.25s',
          idleTimeout: '0s',
          maxConnectionDuration: '60s',
          tcpKeepalive: { time: '30s', interval: '5s', probes: 3 },
        },
        http: {
          http1MaxPendingRequests: 1,
          http2MaxRequests: 2,
          maxRequestsPerConnection: 3,
          maxRetries: 4,
          maxConcurrentStreams: 5,
          idleTimeout: '6s',
          http2KeepAlive: { interval: '7s', timeout: '8s' },
          h2UpgradePolicy: 'UPGRADE',
        },
      },
    });
  });

  test.each<[UpstreamHttpProtocol, object]>([
    [UpstreamHttpProtocol.OF_CLIENT, { useClientProtocol: true }],
    [UpstreamHttpProtocol.OF_PORT, { h2UpgradePolicy: 'DO_NOT_UPGRADE' }],
  ])('writes protocol %s as Istio has it', (protocol, http) => {
    expect(policyOf({ connectionPool: { http: { protocol } } })).toStrictEqual({ connectionPool: { http } });
  });

  test('counts failures of the caller apart where they have a limit', () => {
    const outlierDetection = { consecutiveLocalOriginFailures: 3, baseEjectionTimeSeconds: 30, intervalSeconds: 1 };
    expect(policyOf({ outlierDetection })).toStrictEqual({
      outlierDetection: {
        consecutiveLocalOriginFailures: 3,
        splitExternalLocalOriginErrors: true,
        baseEjectionTime: '30s',
        interval: '1s',
      },
    });
    expect(policyOf({ outlierDetection: { consecutive5xxErrors: 0 } })).toStrictEqual({
      outlierDetection: { consecutive5xxErrors: 0 },
    });
  });

  test.each<[string, LoadBalancing, object]>([
    ['least requests', LoadBalancing.leastRequest(), { simple: 'LEAST_REQUEST' }],
    ['any', LoadBalancing.random(), { simple: 'RANDOM' }],
    [
      'one after the other, warmed up',
      LoadBalancing.roundRobin({ warmup: { durationSeconds: 30, minimumPercent: 5, aggression: 2 } }),
      { simple: 'ROUND_ROBIN', warmup: { duration: '30s', minimumPercent: 5, aggression: 2 } },
    ],
    [
      'a header',
      LoadBalancing.consistentHash(HashKey.header('x-user')),
      { consistentHash: { httpHeaderName: 'x-user', ringHash: { minimumRingSize: 1024 } } },
    ],
    [
      'a query parameter',
      LoadBalancing.consistentHash(HashKey.queryParameter('user'), HashAlgorithm.ringHash(64)),
      { consistentHash: { httpQueryParameterName: 'user', ringHash: { minimumRingSize: 64 } } },
    ],
    [
      'an address',
      LoadBalancing.consistentHash(HashKey.sourceIp(), HashAlgorithm.maglev()),
      { consistentHash: { useSourceIp: true, maglev: { tableSize: 65537 } } },
    ],
    [
      'a cookie',
      LoadBalancing.consistentHash(HashKey.cookie('id', { ttlSeconds: 0, path: '/' }), HashAlgorithm.maglev(101)),
      { consistentHash: { httpCookie: { name: 'id', ttl: '0s', path: '/' }, maglev: { tableSize: 101 } } },
    ],
  ])('balances by %s', (_what, loadBalancing, loadBalancer) => {
    expect(policyOf({ loadBalancing })).toStrictEqual({ loadBalancer });
  });

  test.each<[string, LocalityBalancing, object]>([
    ['nearest', LocalityBalancing.nearest(), { enabled: true }],
    ['disabled', LocalityBalancing.disabled(), { enabled: false }],
    [
      'failover',
      LocalityBalancing.failover([{ from: Locality.of('eu'), to: Locality.of('us') }]),
      { enabled: true, failover: [{ from: 'eu', to: 'us' }] },
    ],
    [
      'priorities',
      LocalityBalancing.failoverPriority(['topology.kubernetes.io/region']),
      { enabled: true, failoverPriority: ['topology.kubernetes.io/region'] },
    ],
    [
      'shares',
      LocalityBalancing.distribute([
        { from: Locality.of('eu', 'a'), to: [{ locality: Locality.of('eu', 'b'), percent: 100 }] },
        {
          to: [
            { locality: Locality.of('eu'), percent: 80 },
            { locality: Locality.of('us'), percent: 20 },
          ],
        },
      ]),
      {
        enabled: true,
        distribute: [
          { from: 'eu/a', to: { 'eu/b': 100 } },
          { from: '*', to: { eu: 80, us: 20 } },
        ],
      },
    ],
  ])('writes localities: %s', (_what, locality, localityLbSetting) => {
    expect(policyOf({ locality, loadBalancing: LoadBalancing.random() })).toStrictEqual({
      loadBalancer: { simple: 'RANDOM', localityLbSetting },
    });
  });

  test.each<[UpstreamTls, object]>([
    [UpstreamTls.istioMutual(), { mode: 'ISTIO_MUTUAL' }],
    [
      UpstreamTls.simple({ sni: 'a.b', subjectAltNames: ['a.b'] }),
      { mode: 'SIMPLE', sni: 'a.b', subjectAltNames: ['a.b'] },
    ],
    [
      UpstreamTls.mutual({ clientCertificate: '/c', privateKey: '/k', caCertificates: '/a' }),
      { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k', caCertificates: '/a' },
    ],
  ])('speaks TLS as $mode', (tls, expected) => {
    expect(policyOf({ tls })).toStrictEqual({ tls: expected });
  });
});
