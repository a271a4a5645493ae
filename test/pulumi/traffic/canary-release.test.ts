import { secret } from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import * as cdk8sFace from 'meshvm';
import { CanaryRelease, MeshVmGroup, RetryCondition } from 'meshvm/pulumi';
import { groupProps } from '../../fixtures';
import { groupArgs, later, named, refusal, registered } from '../fixtures';
import { aGroup, expectSame, theGroup } from '../groups/beside-group';
import { failureOf, runProgram, settled } from '../program';

const second = { canonicalService: 'payment-service', version: 'v2', services: [] };

/** Another version of the group. */
function aCanary(chart: Chart): cdk8sFace.MeshVmGroup {
  const namespace = cdk8sFace.GroupNamespace.existing('payments');
  return new cdk8sFace.MeshVmGroup(chart, 'canary', groupProps({ namespace, ...second }));
}

/** The same of a Pulumi program. */
function theCanary(args = {}): MeshVmGroup {
  return new MeshVmGroup('canary', groupArgs({ createNamespace: false, ...second, ...args }));
}

describe('CanaryRelease', () => {
  test('declares what the cdk8s construct declares', async () => {
    const declared = await expectSame(
      (chart) => {
        const [stable, canary] = [aGroup(chart, { version: 'v1' }), aCanary(chart)];
        const { HashKey, LoadBalancing, RequestMatch, RetryOn } = cdk8sFace;
        new cdk8sFace.CanaryRelease(chart, 'release', {
          versions: [
            { group: stable, percent: 90 },
            { group: canary, percent: 10 },
          ],
          routes: [
            { match: RequestMatch.header('x-canary', 'true'), group: canary },
            { match: RequestMatch.headerPrefix('user-agent', 'curl/'), group: canary },
            { match: RequestMatch.headerPresent('x-debug'), group: stable },
            { match: RequestMatch.cookie('release', 'canary'), group: canary },
          ],
          mirror: { group: canary, percent: 5 },
          timeoutSeconds: 5,
          retries: {
            attempts: 2,
            perTryTimeoutSeconds: 2,
            retryOn: [RetryOn.CONNECT_FAILURE, RetryOn.GATEWAY_ERROR, RetryOn.status(503)],
            backoffSeconds: 0.1,
          },
          traffic: {
            outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
            loadBalancing: LoadBalancing.consistentHash(HashKey.header('x-account')),
          },
        });
      },
      () => {
        const [stable, canary] = [theGroup({ version: 'v1' }), theCanary()];
        new CanaryRelease('release', {
          versions: [
            { group: stable, percent: 90 },
            { group: canary, percent: 10 },
          ],
          routes: [
            { match: { header: { name: 'x-canary', value: 'true' } }, group: canary },
            { match: { headerPrefix: { name: 'user-agent', prefix: 'curl/' } }, group: canary },
            { match: { headerPresent: 'x-debug' }, group: stable },
            { match: { cookie: { name: 'release', value: 'canary' } }, group: canary },
          ],
          mirror: { group: canary, percent: 5 },
          timeoutSeconds: 5,
          retries: {
            attempts: 2,
            perTryTimeoutSeconds: 2,
            retryOn: [
              { condition: RetryCondition.ConnectFailure },
              { condition: RetryCondition.GatewayError },
              { status: 503 },
            ],
            backoffSeconds: 0.1,
          },
          traffic: {
            outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
            loadBalancing: { consistentHash: { key: { header: 'x-account' } } },
          },
        });
      },
    );
    expect(Object.keys(declared).sort()).toStrictEqual([
      'networking.istio.io/v1 DestinationRule payments/payment-service',
      'networking.istio.io/v1 VirtualService payments/payment-service',
    ]);
  });

  test('and for the Service of others', async () => {
    const ports = [{ name: 'grpc', port: 9090 }];
    await expectSame(
      (chart) =>
        new cdk8sFace.CanaryRelease(chart, 'release', {
          versions: [{ group: aCanary(chart), percent: 100 }],
          target: cdk8sFace.TrafficTarget.service('payments', { namespace: 'payments', ports }),
          retries: { attempts: 1 },
        }),
      () =>
        new CanaryRelease('release', {
          versions: [{ group: theCanary(), percent: 100 }],
          target: { service: { name: 'payments', namespace: 'payments', ports } },
          retries: { attempts: 1 },
        }),
      [],
    );
  });

  test('registers routes after their subsets, and tells its hosts', async () => {
    const { value, resources } = await runProgram(async () => {
      const release = new CanaryRelease('release', { versions: [{ group: theGroup(), percent: 100 }] });
      return [await settled(release.hosts), await settled(release.namespace)];
    });
    expect(value).toStrictEqual([['payment-service.payments.svc.cluster.local'], 'payments']);
    expect(named(resources, 'release-VirtualService').dependencies).toContain('release-DestinationRule');
  });

  test('takes Inputs: a namespace, a header and an application that become known', async () => {
    const namespace = later('payments');
    const resources = await registered(() => {
      const [stable, canary] = [theGroup({ namespace, version: 'v1' }), theCanary({ namespace })];
      const match = { header: { name: 'x-canary', value: secret(later('true')) } };
      new CanaryRelease('release', {
        versions: [{ group: stable, percent: 100 }],
        routes: [{ match, group: canary }],
      });
    });
    const host = 'payment-service.payments.svc.cluster.local';
    expect(named(resources, 'release-DestinationRule').inputs).toMatchObject({
      metadata: { name: 'payment-service', namespace: 'payments' },
      spec: { host, subsets: [{ name: 'v1' }, { name: 'v2' }] },
    });
    const routes = named(resources, 'release-VirtualService');
    expect(routes.inputs.spec.value.http).toMatchObject([
      { match: [{ headers: { 'x-canary': { exact: 'true' } } }], route: [{ destination: { host, subset: 'v2' } }] },
      { route: [{ destination: { host, subset: 'v1' } }] },
    ]);
    expect(routes.secrets).toStrictEqual(['spec']);
  });

  test('takes groups by their outputs where the Service is named', async () => {
    const resources = await registered(() => {
      const { groupName, namespace, serviceAccount, labels } = theCanary({ version: '2.0' });
      const group = { groupName, namespace, serviceAccount, labels };
      new CanaryRelease('release', {
        versions: [{ group, percent: 100 }],
        routes: [{ match: { headerPresent: 'x-any' }, group }],
        target: { service: { name: 'payments', namespace: 'payments', ports: [{ name: 'http', port: 80 }] } },
      });
    });
    expect(named(resources, 'release-DestinationRule').inputs.spec.subsets).toStrictEqual([
      { name: '2-0', labels: { version: '2.0' } },
    ]);
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const group = {
      groupName: 'pay',
      namespace: 'payments',
      serviceAccount: 'pay',
      labels: { app: 'pay', version: '1' },
    };
    const args = {
      versions: [{ group, percent: 90 }],
      target: { service: { name: 'Payments', namespace: 'payments', ports: [{ name: 'http', port: 80 }] } },
      routes: [{ match: { headerPresent: '' }, group }],
      timeoutSeconds: -1,
      retries: { attempts: 2, retryOn: [{ condition: 'always' as RetryCondition }, { status: 799 }] },
      traffic: {
        locality: { failover: [{ from: { region: 'eu/1' }, to: { region: 'us' } }] },
        tls: { simple: { sni: '' } },
      },
    };
    expect(await refusal(() => new CanaryRelease('release', args))).toStrictEqual([
      'versions [canary/not-100-percent]',
      'target.service.name [traffic/service-name]',
      'traffic.locality.failover[0].from.region [locality/part]',
      'traffic.outlierDetection [locality/needs-outlier-detection]',
      'traffic.tls.simple.sni [property/required]',
      'routes[0].match.headerPresent [request-match/header-name]',
      'timeoutSeconds [duration/seconds]',
      'retries.retryOn[0].condition [retries/condition]',
      'retries.retryOn[1].status [retries/status]',
    ]);
  });

  test('refuses a version that is left out, and a second release of a host', async () => {
    await registered(() => {
      const [stable, canary] = [theGroup({ version: 'v1' }), theCanary()];
      const versions = [{ group: stable, percent: 100 }];
      expect(() => new CanaryRelease('release', { versions })).toThrow('canary would get no traffic');
      const both = [...versions, { group: canary, percent: 0 }];
      new CanaryRelease('release', { versions: both });
      expect(() => new CanaryRelease('second', { versions: both })).toThrow('hosts other than those of release');
    });
  });

  test('needs the Service of groups that are known by their outputs alone', async () => {
    const group = {
      groupName: 'pay',
      namespace: 'payments',
      serviceAccount: 'pay',
      labels: { app: 'pay', version: '1' },
    };
    const refused = await refusal(() => new CanaryRelease('release', { versions: [{ group, percent: 100 }] }));
    expect(refused).toStrictEqual(['target [canary/no-service]']);
  });

  test('refuses what becomes known to be wrong', async () => {
    const errors = await failureOf(() => {
      const match = { header: { name: 'x-canary', value: later(' ') } };
      const group = theGroup();
      new CanaryRelease('release', { versions: [{ group, percent: 100 }], routes: [{ match, group }] });
    });
    expect(errors.map(({ message }) => message)).toContainEqual(expect.stringContaining('[request-match/value]'));
  });
});
