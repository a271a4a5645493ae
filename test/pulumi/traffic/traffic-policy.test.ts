import * as cdk8sFace from 'meshvm';
import { MeshVm, MeshVmGroup, TrafficPolicy, UpstreamHttpProtocol } from 'meshvm/pulumi';
import { groupProps } from '../../fixtures';
import { groupArgs, later, meshArgs, named, refusal, registered, vmArgs } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const ports = [
  { name: 'http', port: 8080 },
  { name: 'grpc', port: 9090 },
];
const connectionPool = {
  tcp: { maxConnections: 200, connectTimeoutSeconds: 2, keepAlive: { timeSeconds: 60 } },
  http: { http1MaxPendingRequests: 100, http2KeepAlive: { intervalSeconds: 30, timeoutSeconds: 5 } },
};
const outlierDetection = { consecutive5xxErrors: 5, baseEjectionTimeSeconds: 30 };

describe('TrafficPolicy', () => {
  test('declares what the cdk8s construct declares', async () => {
    const { HashAlgorithm, HashKey, LoadBalancing, Locality, LocalityBalancing, TrafficTarget, UpstreamTls } =
      cdk8sFace;
    const warmup = { durationSeconds: 60, minimumPercent: 5 };
    const server = { sni: 'api.bank.example', subjectAltNames: ['api.bank.example'] };
    const files = { clientCertificate: '/etc/bank/cert.pem', privateKey: '/etc/bank/key.pem' };
    const service = { namespace: 'shop', ports: [{ name: 'http', port: 80 }] };
    const distribution = {
      from: { region: 'eu-west-1' },
      to: [{ locality: { region: 'eu-west-1', zone: 'a' }, percent: 100 }],
    };
    const declared = await expectSame((chart) => {
      const group = aGroup(chart, { ports });
      const namespace = cdk8sFace.GroupNamespace.existing('payments');
      const machine = new cdk8sFace.MeshVm(chart, 'db', { ...groupProps({ namespace }), address: '10.20.1.7' });
      const policy = (id: string, props: cdk8sFace.TrafficPolicyProps) => new cdk8sFace.TrafficPolicy(chart, id, props);
      policy('group', {
        target: TrafficTarget.group(group),
        connectionPool,
        outlierDetection,
        loadBalancing: LoadBalancing.leastRequest({ warmup }),
        locality: LocalityBalancing.failover([{ from: Locality.of('eu-west-1'), to: Locality.of('eu-central-1') }]),
        ports: [
          {
            port: 9090,
            loadBalancing: LoadBalancing.consistentHash(
              HashKey.cookie('account', { ttlSeconds: 0, path: '/' }),
              HashAlgorithm.maglev(),
            ),
            connectionPool: { http: { protocol: cdk8sFace.UpstreamHttpProtocol.HTTP2 } },
          },
        ],
        versions: [group],
      });
      policy('machine', {
        target: TrafficTarget.machine(machine),
        loadBalancing: LoadBalancing.roundRobin(),
        locality: LocalityBalancing.disabled(),
        tls: UpstreamTls.istioMutual(),
      });
      policy('service', {
        target: TrafficTarget.service('web', service),
        outlierDetection,
        locality: LocalityBalancing.failoverPriority(['topology.kubernetes.io/region']),
        loadBalancing: LoadBalancing.random(),
        tls: UpstreamTls.mutual({ ...server, ...files }),
      });
      policy('near', {
        target: TrafficTarget.service('near', service),
        outlierDetection,
        locality: LocalityBalancing.nearest(),
        loadBalancing: LoadBalancing.consistentHash(HashKey.queryParameter('id'), HashAlgorithm.ringHash(2048)),
        tls: UpstreamTls.disable(),
      });
      policy('spread', {
        target: TrafficTarget.service('spread', service),
        loadBalancing: LoadBalancing.consistentHash(HashKey.sourceIp()),
        locality: LocalityBalancing.distribute([
          {
            from: Locality.of('eu-west-1'),
            to: [{ locality: Locality.of('eu-west-1', 'a'), percent: 100 }],
          },
        ]),
        tls: UpstreamTls.simple(server),
      });
    }, () => {
      const group = theGroup({ ports });
      const machine = new MeshVm('db', vmArgs({ createNamespace: false }));
      new TrafficPolicy('group', {
        target: { group },
        connectionPool,
        outlierDetection,
        loadBalancing: { leastRequest: { warmup } },
        locality: { failover: [{ from: { region: 'eu-west-1' }, to: { region: 'eu-central-1' } }] },
        ports: [
          {
            port: 9090,
            loadBalancing: {
              consistentHash: {
                key: { cookie: { name: 'account', ttlSeconds: 0, path: '/' } },
                algorithm: { maglev: {} },
              },
            },
            connectionPool: { http: { protocol: UpstreamHttpProtocol.HTTP2 } },
          },
        ],
        versions: [group],
      });
      new TrafficPolicy('machine', {
        target: { machine },
        loadBalancing: { roundRobin: {} },
        locality: { disabled: true },
        tls: { istioMutual: {} },
      });
      const named = (name: string) => ({ target: { service: { name, ...service } } });
      new TrafficPolicy('service', {
        ...named('web'),
        outlierDetection,
        locality: { failoverPriority: ['topology.kubernetes.io/region'] },
        loadBalancing: { random: true },
        tls: { mutual: { ...server, ...files } },
      });
      new TrafficPolicy('near', {
        ...named('near'),
        outlierDetection,
        locality: { nearest: true },
        loadBalancing: {
          consistentHash: { key: { queryParameter: 'id' }, algorithm: { ringHash: { minimumRingSize: 2048 } } },
        },
        tls: { disable: true },
      });
      new TrafficPolicy('spread', {
        ...named('spread'),
        loadBalancing: { consistentHash: { key: { sourceIp: true } } },
        locality: { distribute: [distribution] },
        tls: { simple: server },
      });
    }, ['payment-service', 'db']);
    expect(Object.keys(declared)).toHaveLength(5);
  });

  test('takes Inputs, and tells its hosts', async () => {
    const { value, resources } = await runProgram(async () => {
      const host = { name: later('api.bank.example'), namespace: later('payments') };
      const policy = new TrafficPolicy('bank', {
        target: { host },
        tls: { simple: { sni: later('api.bank.example') } },
      });
      return [await settled(policy.hosts), await settled(policy.namespace)];
    });
    expect(value).toStrictEqual([['api.bank.example'], 'payments']);
    expect(named(resources, 'bank-DestinationRule').inputs).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'api.bank.example', namespace: 'payments' },
      spec: { host: 'api.bank.example', trafficPolicy: { tls: { mode: 'SIMPLE', sni: 'api.bank.example' } } },
    });
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = {
      target: { host: { name: 'bank', namespace: 'Payments' } },
      connectionPool: { tcp: { maxConnections: 0 } },
      locality: { failover: [{ from: { region: 'eu/1' }, to: { region: 'us' } }] },
      ports: [{ port: 80 }],
    };
    expect(await refusal(() => new TrafficPolicy('bank', args))).toStrictEqual([
      'target.host.namespace [name/dns-label]',
      'target.host.name [traffic/host-not-full]',
      'connectionPool.tcp.maxConnections [traffic/zero-is-no-limit]',
      'locality.failover[0].from.region [locality/part]',
      'outlierDetection [locality/needs-outlier-detection]',
      'ports[0] [traffic/port-empty]',
    ]);
  });

  test('refuses what has another shape first', async () => {
    const args = {
      target: { host: { name: 'bank', namespace: 'Payments' } },
      loadBalancing: { random: true, leastRequest: {} },
      tls: {},
    };
    expect(await refusal(() => new TrafficPolicy('bank', args))).toStrictEqual([
      'loadBalancing [shape/choice]',
      'tls [shape/choice]',
    ]);
  });

  test.each([
    ['in a namespace that is known', 'payments'],
    ['in one that is not known yet', later('payments')],
  ])('refuses a port that the Service does not have, %s', async (_, namespace) => {
    await registered(() => {
      const group = theGroup({ namespace });
      const policy = () =>
        new TrafficPolicy('traffic', { target: { group }, ports: [{ port: 9090, outlierDetection }] });
      expect(policy).toThrow('ports[0].port: 9090 is not allowed; allowed: one of 8080');
    });
  });

  test('refuses a second policy of a host', async () => {
    await registered(() => {
      const target = { group: theGroup() };
      new TrafficPolicy('first', { target, outlierDetection });
      expect(() => new TrafficPolicy('second', { target, outlierDetection })).toThrow(
        'hosts other than those of first',
      );
    });
  });

  test('refuses a Service of a cluster whose domain is not known yet', async () => {
    const mesh = meshArgs({ clusterDomain: later('k8s.acme.internal') });
    const errors = await failureOf(() => {
      new MeshVmGroup('pay', groupArgs({ mesh }));
      const target = { service: { name: 'rates', namespace: 'market', ports: [{ name: 'http', port: 80 }] } };
      new TrafficPolicy('rates', { target, outlierDetection });
    });
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(
        /target\.service: .*the domain that the mesh of pay has, which becomes known only at deployment; fix: give clusterDomain .*\[mesh\/other-cluster-domain\]/,
      ),
    );
  });

  test('refuses what becomes known to be wrong', async () => {
    const host = { name: later('https://bank.example'), namespace: 'payments' };
    const errors = await failureOf(() => new TrafficPolicy('bank', { target: { host }, outlierDetection }));
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[traffic/host]'));
  });
});
