import { type Chart, Testing } from 'cdk8s';
import {
  CanaryRelease,
  type CanaryReleaseProps,
  GroupNamespace,
  MeshVmGroup,
  type MeshVmGroupProps,
  RequestMatch,
  RetryOn,
  TrafficPolicy,
  TrafficTarget,
} from 'meshvm';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';

const host = 'shop.payments.svc.cluster.local';

interface Versions {
  readonly chart: Chart;
  readonly stable: MeshVmGroup;
  readonly canary: MeshVmGroup;
}

/** Two versions of an application, the first with the Service. */
function versionsOf(props: Partial<MeshVmGroupProps> = {}): Versions {
  const chart = aChart();
  const common = groupProps({ namespace: GroupNamespace.existing(), canonicalService: 'shop', ...props });
  const stable = new MeshVmGroup(chart, 'shop', { ...common, version: 'v1' });
  const canary = new MeshVmGroup(chart, 'canary', { ...common, version: 'v2', services: [] });
  return { chart, stable, canary };
}

const ninetyTen = ({ stable, canary }: Versions) => [
  { group: stable, percent: 90 },
  { group: canary, percent: 10 },
];

/** What is said of a release of two versions. */
function refusal(
  props: (versions: Versions) => Partial<CanaryReleaseProps>,
  group: Partial<MeshVmGroupProps> = {},
): readonly string[] {
  const versions = versionsOf(group);
  const all = { versions: ninetyTen(versions), ...props(versions) };
  return problemsOf(() => new CanaryRelease(versions.chart, 'release', all));
}

function specOf(chart: Chart) {
  return Testing.synth(chart).at(-1)?.spec;
}

describe('CanaryRelease', () => {
  test('shares the traffic of the Service out, by subsets of a rule that comes first', () => {
    const versions = versionsOf();
    const release = new CanaryRelease(versions.chart, 'release', { versions: ninetyTen(versions) });
    expect(Testing.synth(versions.chart).slice(-2)).toStrictEqual([
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          host,
          subsets: [
            { name: 'v1', labels: { version: 'v1' } },
            { name: 'v2', labels: { version: 'v2' } },
          ],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'shop', namespace: 'payments' },
        spec: {
          hosts: [host],
          http: [
            {
              route: [
                { destination: { host, subset: 'v1' }, weight: 90 },
                { destination: { host, subset: 'v2' }, weight: 10 },
              ],
            },
          ],
        },
      },
    ]);
    expect([release.hosts, release.namespace]).toStrictEqual([[host], 'payments']);
  });

  test('sends requests with a header or a cookie to a version, before the shares', () => {
    const versions = versionsOf();
    const { chart, stable, canary } = versions;
    new CanaryRelease(chart, 'release', {
      versions: [{ group: stable, percent: 100 }],
      routes: [
        { match: RequestMatch.header('x-canary', 'true'), group: canary },
        { match: RequestMatch.cookie('group', 'a.b'), group: canary },
      ],
    });
    const to = (subset: string) => ({ route: [{ destination: { host, subset }, weight: 100 }] });
    expect(specOf(chart)).toStrictEqual({
      hosts: [host],
      http: [
        { match: [{ headers: { 'x-canary': { exact: 'true' } } }], ...to('v2') },
        { match: [{ headers: { cookie: { regex: '(.*;[ ]*)?group=a\\.b([ ]*;.*)?' } } }], ...to('v2') },
        to('v1'),
      ],
    });
  });

  test('mirrors what no route matches, and bounds and retries everything', () => {
    const versions = versionsOf();
    const { chart, stable, canary } = versions;
    new CanaryRelease(chart, 'release', {
      versions: [{ group: stable, percent: 100 }],
      routes: [{ match: RequestMatch.headerPresent('x-stable'), group: stable }],
      mirror: { group: canary },
      timeoutSeconds: 3,
      retries: { attempts: 2, perTryTimeoutSeconds: 1 },
      traffic: { outlierDetection: { maxEjectionPercent: 50 } },
    });
    const common = {
      timeout: '3s',
      retries: {
        attempts: 2,
        perTryTimeout: '1s',
        retryOn: 'connect-failure,refused-stream,reset-before-request,503',
      },
    };
    const route = [{ destination: { host, subset: 'v1' }, weight: 100 }];
    expect(specOf(chart).http).toStrictEqual([
      { match: [{ headers: { 'x-stable': {} } }], route, ...common },
      { route, mirrors: [{ destination: { host, subset: 'v2' }, percentage: { value: 100 } }], ...common },
    ]);
    expect(Testing.synth(chart).at(-2)?.spec.trafficPolicy).toStrictEqual({
      outlierDetection: { maxEjectionPercent: 50 },
    });
  });

  test.each<[string, string, readonly string[]]>([
    ['HTTP', 'http', ['http']],
    ['gRPC', 'grpc', ['http']],
    ['TCP', 'tcp', ['tcp']],
    ['MySQL', 'mysql', ['tcp']],
  ])('has routes of the kind that ports of %s take', (_what, name, expected) => {
    const versions = versionsOf({ ports: [{ name, port: 8080 }] });
    new CanaryRelease(versions.chart, 'release', { versions: ninetyTen(versions) });
    expect(Object.keys(specOf(versions.chart)).filter((key) => key !== 'hosts')).toStrictEqual(expected);
  });

  test('shares connections out beside requests', () => {
    const versions = versionsOf({
      ports: [
        { name: 'http', port: 8080 },
        { name: 'tcp', port: 9000 },
      ],
    });
    new CanaryRelease(versions.chart, 'release', { versions: ninetyTen(versions), timeoutSeconds: 1 });
    const route = [
      { destination: { host, subset: 'v1' }, weight: 90 },
      { destination: { host, subset: 'v2' }, weight: 10 },
    ];
    expect(specOf(versions.chart)).toStrictEqual({ hosts: [host], http: [{ route, timeout: '1s' }], tcp: [{ route }] });
  });

  test('stands over a Service of others', () => {
    const versions = versionsOf({ services: [] });
    const target = TrafficTarget.service('web', { ports: [{ name: 'http', port: 80 }] });
    new CanaryRelease(versions.chart, 'release', { target, versions: ninetyTen(versions) });
    expect(specOf(versions.chart).hosts).toStrictEqual(['web.payments.svc.cluster.local']);
  });

  test('has two objects for each Service', () => {
    const versions = versionsOf({ services: [{ name: 'a' }, { name: 'b' }] });
    new CanaryRelease(versions.chart, 'release', { versions: ninetyTen(versions) });
    const made = Testing.synth(versions.chart).slice(-4);
    expect(made.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toStrictEqual([
      'DestinationRule a',
      'DestinationRule b',
      'VirtualService a',
      'VirtualService b',
    ]);
    expect(made.at(-1)?.spec.http[0].route[0].destination.host).toBe('b.payments.svc.cluster.local');
  });

  test.each<[string, (versions: Versions) => Partial<CanaryReleaseProps>, readonly string[]]>([
    ['no versions', () => ({ versions: [] }), ['versions [canary/no-versions]']],
    [
      'shares that make no 100',
      ({ stable, canary }) => ({
        versions: [
          { group: stable, percent: 90 },
          { group: canary, percent: 20 },
        ],
      }),
      ['versions [canary/not-100-percent]'],
    ],
    [
      'shares that are none',
      ({ stable, canary }) => ({
        versions: [
          { group: stable, percent: 100.5 },
          { group: canary, percent: -0.5 },
        ],
      }),
      ['versions[0].percent [release/percent]', 'versions[1].percent [release/percent]'],
    ],
    [
      'a version twice',
      ({ stable, canary }) => ({
        versions: [
          { group: stable, percent: 50 },
          { group: stable, percent: 50 },
          { group: canary, percent: 0 },
        ],
      }),
      ['versions[1].group [subset/name-twice]'],
    ],
    [
      'to leave a version out',
      ({ stable }) => ({ versions: [{ group: stable, percent: 100 }] }),
      ['versions [subset/version-left-out]'],
    ],
    [
      'a condition twice',
      ({ canary }) => ({
        routes: [
          { match: RequestMatch.header('x', '1'), group: canary },
          { match: RequestMatch.header('x', '1'), group: canary },
        ],
      }),
      ['routes[1].match [release/match-twice]'],
    ],
    [
      'a condition that is none',
      ({ canary }) => ({ routes: [{ match: RequestMatch.headerPresent(''), group: canary }] }),
      ['routes[0].match.headerPresent [request-match/header-name]'],
    ],
    [
      'a mirror of more than everything',
      ({ canary }) => ({ mirror: { group: canary, percent: 101 } }),
      ['mirror.percent [release/mirror-percent]'],
    ],
    [
      'a mirror of nothing',
      ({ canary }) => ({ mirror: { group: canary, percent: 0 } }),
      ['mirror.percent [release/mirror-nothing]'],
    ],
    ['no time at all', () => ({ timeoutSeconds: 0 }), ['timeoutSeconds [duration/seconds]']],
    [
      'a try that takes all the time',
      () => ({ timeoutSeconds: 2, retries: { attempts: 1, perTryTimeoutSeconds: 2 } }),
      ['retries.perTryTimeoutSeconds [retries/per-try-timeout-too-long]'],
    ],
    [
      'conditions of gRPC for HTTP',
      () => ({ retries: { attempts: 1, retryOn: [RetryOn.GRPC_UNAVAILABLE] } }),
      ['retries.retryOn[0].condition [retries/grpc-status-without-grpc]'],
    ],
    [
      'bad settings',
      () => ({ traffic: { connectionPool: {} } }),
      ['traffic.connectionPool [traffic/connection-pool-empty]'],
    ],
    [
      'a host of nobody knows what ports',
      () => ({ target: TrafficTarget.fromHost('shop.example.com') }),
      ['target.host [release/target]'],
    ],
  ])('refuses %s', (_what, props, expected) => {
    expect(refusal(props)).toStrictEqual(expected);
  });

  test('refuses versions of which none has a Service', () => {
    expect(refusal(() => ({}), { services: [] })).toStrictEqual(['target [canary/no-service]']);
  });

  test('refuses ports of TLS, whose routes Istio passes over', () => {
    expect(refusal(() => ({}), { ports: [{ name: 'tls', port: 8443 }] })).toStrictEqual(['target [release/tls-port]']);
  });

  test('refuses what connections have not', () => {
    const props = ({ canary }: Versions): Partial<CanaryReleaseProps> => ({
      routes: [{ match: RequestMatch.headerPresent('x'), group: canary }],
      mirror: { group: canary },
      timeoutSeconds: 1,
      retries: { attempts: 1 },
    });
    expect(refusal(props, { ports: [{ name: 'tcp', port: 9000 }] })).toStrictEqual([
      'routes [release/http-without-http-port]',
      'timeoutSeconds [release/http-without-http-port]',
      'retries [release/http-without-http-port]',
      'mirror.percent [release/http-without-http-port]',
    ]);
  });

  test('refuses a version of another application', () => {
    const versions = versionsOf();
    const other = new MeshVmGroup(versions.chart, 'other', groupProps({ namespace: GroupNamespace.existing() }));
    const routes = [{ match: RequestMatch.headerPresent('x'), group: other }];
    const release = () => new CanaryRelease(versions.chart, 'release', { versions: ninetyTen(versions), routes });
    expect(problemsOf(release)).toStrictEqual(['routes[0].group [subset/other-application]']);
  });

  test('refuses a host that has a TrafficPolicy, and says where its settings go', () => {
    const versions = versionsOf();
    const { chart, stable } = versions;
    new TrafficPolicy(chart, 'traffic', {
      target: TrafficTarget.group(stable),
      outlierDetection: { maxEjectionPercent: 50 },
    });
    const error = errorOf(() => new CanaryRelease(chart, 'release', { versions: ninetyTen(versions) }));
    expect(error.problems).toMatchObject([
      {
        id: 'traffic/host-twice',
        value: host,
        allowed: 'hosts other than those of payments/traffic',
        remedy: 'merge the two: CanaryRelease and Migration take the settings of a policy as `traffic`',
      },
    ]);
  });
});
