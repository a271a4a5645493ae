import { Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  GroupNamespace,
  HashAlgorithm,
  HashKey,
  type HostTraffic,
  type Http2KeepAlive,
  LoadBalancing,
  Locality,
  LocalityBalancing,
  Mesh,
  MeshVmGroup,
  Network,
  TrafficPolicy,
  type TrafficPolicyProps,
  type TrafficSettings,
  TrafficTarget,
  UpstreamHttpProtocol,
  UpstreamTls,
} from 'meshvm';
import { localityName } from '../../../lib/mesh/locality-name';
import { destinationRule } from '../../../lib/traffic/manifests/destination-rule';
import { resolveTrafficPolicy } from '../../../lib/traffic/private/traffic-policy';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

/** Seconds of a duration. */
export const seconds = value.mostly(
  fc.constantFrom(0.001, 0.25, 1, 30, 3600, 1.001, 9223372036),
  fc.constantFrom(0, -1, 0.0005, 0.0015, 1e10, 9223372037),
  32,
);
const limit = value.mostly(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 31 - 1), 32);
const count = value.mostly(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, -1, 1.5, 2 ** 32, 2 ** 32 - 1), 32);
const percent = value.mostly(fc.integer({ min: 1, max: 100 }), fc.constantFrom(0, -1, 101, 1.5), 32);

/** Objects whose properties are mostly left out. */
function sparse<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  const optional = Object.entries<fc.Arbitrary<unknown>>(model).map(([key, arbitrary]) => [
    key,
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary }),
  ]);
  return fc.record(Object.fromEntries(optional)) as fc.Arbitrary<Partial<T>>;
}

const tcp = sparse({
  maxConnections: limit,
  connectTimeoutSeconds: seconds,
  idleTimeoutSeconds: seconds,
  maxConnectionDurationSeconds: seconds,
  keepAlive: sparse({ timeSeconds: seconds, intervalSeconds: seconds, probes: count }),
});
const http = sparse({
  http1MaxPendingRequests: limit,
  http2MaxRequests: limit,
  maxRequestsPerConnection: limit,
  maxRetries: limit,
  maxConcurrentStreams: limit,
  idleTimeoutSeconds: seconds,
  http2KeepAlive: value.mostly(
    fc.record({ intervalSeconds: seconds, timeoutSeconds: seconds }),
    fc.constantFrom({ intervalSeconds: 1 } as Http2KeepAlive, { timeoutSeconds: 1 } as Http2KeepAlive),
    12,
  ),
  protocol: fc.constantFrom(...Object.values(UpstreamHttpProtocol)),
});
const outlierDetection = sparse({
  consecutive5xxErrors: count,
  consecutiveGatewayErrors: count,
  consecutiveLocalOriginFailures: count,
  intervalSeconds: seconds,
  baseEjectionTimeSeconds: seconds,
  maxEjectionPercent: percent,
  minHealthPercent: percent,
});
const warmup = fc.record(
  {
    durationSeconds: seconds,
    minimumPercent: value.mostly(fc.constantFrom(0, 12.5, 100), fc.constantFrom(-1, 100.5), 8),
    aggression: value.mostly(fc.constantFrom(0.5, 1, 3), fc.constantFrom(0, -1), 8),
  },
  { requiredKeys: ['durationSeconds'] },
);
const token = value.mostly(fc.constantFrom('x-user', 'session', 'a_b.c'), fc.constantFrom('', 'a b', 'ü'), 8);
const hashKey = fc.oneof(
  token.map(HashKey.header),
  token.map(HashKey.queryParameter),
  fc.constant(HashKey.sourceIp()),
  fc
    .record({ name: token, ttlSeconds: value.maybe(seconds), path: value.maybe(fc.constant('/a')) })
    .map(({ name, ...options }) => HashKey.cookie(name, options)),
);
const hashAlgorithm = fc.oneof(
  value.mostly(fc.constantFrom(1, 1024, 8388608), fc.constantFrom(0, 8388609), 8).map(HashAlgorithm.ringHash),
  value
    .mostly(fc.constantFrom(1, 2, 3, 101, 65537, 4999999), fc.constantFrom(0, 4, 9, 65536, 5000011), 6)
    .map(HashAlgorithm.maglev),
);
const loadBalancing = fc.oneof(
  fc.constant(LoadBalancing.random()),
  value.maybe(warmup).map((options) => LoadBalancing.leastRequest({ warmup: options })),
  value.maybe(warmup).map((options) => LoadBalancing.roundRobin({ warmup: options })),
  fc.tuple(hashKey, hashAlgorithm).map(([key, algorithm]) => LoadBalancing.consistentHash(key, algorithm)),
);
const region = value.mostly(fc.constantFrom('eu-west-1', 'eu-west-2', 'us'), fc.constant('eu-west-1/a'), 12);
const localityOf = (text: string) => Locality.of(...(text.split('/') as [string]));
const failover = fc.array(fc.record({ from: region.map(localityOf), to: region.map(localityOf) }), { maxLength: 2 });
const place = fc.constantFrom('a', 'b', 'b/1', 'b/2', 'b/1/x').map(localityOf);
const shares = fc
  .uniqueArray(place, { minLength: 1, maxLength: 2, selector: localityName })
  .chain((places) =>
    value
      .mostly(fc.constant(places.length === 1 ? [100] : [70, 30]), fc.constantFrom([100, 0], [50, 51], [99.5, 0.5]), 6)
      .map((percents) => places.map((locality, index) => ({ locality, percent: percents[index] as number }))),
  );
const distribution = fc.record({ from: value.maybe(place), to: shares });
const locality = fc.oneof(
  fc.constantFrom(LocalityBalancing.nearest(), LocalityBalancing.disabled()),
  failover.map(LocalityBalancing.failover),
  fc
    .array(fc.constantFrom('topology.kubernetes.io/region', 'rack=7', ''), { maxLength: 2 })
    .map(LocalityBalancing.failoverPriority),
  fc.array(distribution, { minLength: 1, maxLength: 2 }).map(LocalityBalancing.distribute),
);
const file = value.mostly(fc.constant('/etc/certs/x.pem'), fc.constant(''), 6);
const server = sparse({
  sni: fc.constant('a.example.com'),
  subjectAltNames: fc.constantFrom(['a.example.com'], []),
  caCertificates: file,
});
const tls = fc.oneof(
  fc.constantFrom(UpstreamTls.istioMutual(), UpstreamTls.disable()),
  server.map(UpstreamTls.simple),
  fc
    .record({ server, clientCertificate: file, privateKey: file })
    .map(({ server: names, ...files }) => UpstreamTls.mutual({ ...names, ...files })),
);

/** Settings of a host, or of one of its ports. */
const settings: fc.Arbitrary<TrafficSettings> = sparse({
  connectionPool: fc.oneof(fc.record({ tcp }), fc.record({ http }), fc.record({ tcp, http })),
  outlierDetection,
  loadBalancing,
  locality,
  tls,
});

/** How callers treat a host with ports 80 and 9090. */
export const traffic: fc.Arbitrary<HostTraffic> = fc
  .record({
    settings,
    ports: fc.array(fc.record({ port: value.mostly(fc.constantFrom(80, 9090), value.port, 8), settings }), {
      maxLength: 2,
    }),
  })
  .map(({ settings: ofHost, ports }) => ({
    ...ofHost,
    ports: ports.map(({ port, settings: ofPort }) => ({ port, ...ofPort })),
  }));

const host = value.mostly(
  fc.constantFrom('api.example.com', '*.example.com', '*', 'UP.example.com', '*-a.example.com'),
  fc.constantFrom(
    '',
    'api',
    'a.',
    'a..b',
    '10.0.0.1',
    'a b',
    'https://a.b',
    '*.',
    'a.*.b',
    `${'xy.'.repeat(85)}z`,
    `${'xy.'.repeat(84)}zz`,
  ),
);
const policyProps = fc.record({
  traffic,
  versions: value.mostly(
    fc.constant(undefined),
    fc.array(value.mostly(fc.constantFrom('v1', '1.2', 'V_3'), fc.constantFrom('1-2', 'x'.repeat(63)), 6), {
      maxLength: 2,
    }),
    3,
  ),
  target: fc.oneof(
    fc.constant('group' as const),
    value.name.map((name) => ({ service: name })),
    host.map((text) => ({ host: text })),
  ),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** A group of the application `shop`, for checks and builders alike. */
export type GroupMaker = (version: string, first: boolean) => MeshVmGroup;

/** Makes real groups in a chart of their own. */
export function realGroups(chart: Chart): GroupMaker {
  const machines = new Chart(chart.node.root, 'machines', { namespace: TRIAL_NAMESPACE });
  const made = new Map<string, MeshVmGroup>();
  return (version, first) => {
    const existing = made.get(version);
    if (existing) return existing;
    const group = new MeshVmGroup(machines, `shop-${made.size}`, {
      mesh,
      canonicalService: 'shop',
      version,
      ports: [
        { name: 'http', port: 8080 },
        { name: 'grpc', port: 9090 },
      ],
      services: first
        ? [
            {
              name: 'shop',
              ports: [
                { name: 'http', port: 80 },
                { name: 'grpc', port: 9090 },
              ],
            },
          ]
        : [],
      namespace: GroupNamespace.existing(),
      network: Network.flat(['10.20.0.0/16']),
      labels: { platform: 'machines' },
    });
    made.set(version, group);
    return group;
  };
}

/** What the builders know of groups, around every check. */
export const fakeGroups: GroupMaker = (version, first) =>
  ({
    labels: { app: 'shop', version, platform: 'machines' },
    namespace: TRIAL_NAMESPACE,
    groupName: 'shop',
    serviceHosts: first ? [`shop.${TRIAL_NAMESPACE}.svc.cluster.local`] : [],
    node: { path: 'shop' },
  }) as unknown as MeshVmGroup;

function propsOf(
  { traffic: ofHost, versions, target }: Raw<typeof policyProps>,
  group: GroupMaker,
): TrafficPolicyProps {
  const owner = group('v1', true);
  const ports = [
    { name: 'http', port: 80 },
    { name: 'grpc', port: 9090 },
  ];
  const to = () => {
    if (target === 'group') return TrafficTarget.group(owner);
    return 'host' in target ? TrafficTarget.fromHost(target.host) : TrafficTarget.service(target.service, { ports });
  };
  return { ...ofHost, target: to(), versions: versions?.map((version) => group(version, version === 'v1')) };
}

/** Properties too rare to leave to chance. */
const examples: readonly Raw<typeof policyProps>[] = [
  {
    traffic: { tls: UpstreamTls.disable() },
    versions: undefined,
    // Istio takes it; the name of the object is too long.
    target: { host: `${'xy.'.repeat(84)}zz` },
  },
  {
    traffic: { loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('')) },
    versions: undefined,
    target: 'group',
  },
  ...[{}, { http: { http2KeepAlive: { intervalSeconds: 1 } as Http2KeepAlive } }].map((connectionPool) => ({
    traffic: { connectionPool },
    versions: undefined,
    target: 'group' as const,
  })),
  {
    traffic: { tls: UpstreamTls.mutual({ clientCertificate: '', privateKey: 'k' }) },
    versions: undefined,
    target: 'group',
  },
];

/** TrafficPolicy. */
export const trafficPolicy: Subject<Raw<typeof policyProps>> = {
  name: 'TrafficPolicy',
  props: policyProps,
  examples,
  confirms: [
    'duration/seconds',
    'load-balancing/cookie-name-empty',
    'load-balancing/maglev-table-size',
    'load-balancing/warmup-aggression',
    'load-balancing/warmup-minimum-percent',
    'locality/distribute-not-100',
    'locality/distribute-overlap',
    'locality/failover-region-alone',
    'locality/failover-same-region',
    'name/dns-subdomain',
    'subset/name-twice',
    'traffic/connection-pool-empty',
    'traffic/count',
    'traffic/host',
    'traffic/percent',
    'traffic/tls-client-certificate',
  ],
  construct(chart, props) {
    new TrafficPolicy(chart, 'traffic', propsOf(props, realGroups(chart)));
  },
  build(props) {
    return resolveTrafficPolicy(propsOf(props, fakeGroups), TRIAL_NAMESPACE, undefined).rules.map(destinationRule);
  },
};
