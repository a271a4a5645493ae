import type { Chart } from 'cdk8s';
import * as cdk8s from 'meshvm';
import {
  AuthorizationPolicy,
  RetryCondition,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyArgs,
} from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { later, meshArgs, refusal, unknown } from '../fixtures';
import { aGroup, theGroup } from '../groups/beside-group';
import { recorded, synthesized } from '../parity';
import { runProgram, settled } from '../program';
import { catalog, envoyArgs } from './standalone-pairs';

/** Files by a Pulumi program. */
async function filesOf(make: () => StandaloneEnvoy): Promise<Readonly<Record<string, string>>> {
  const { value } = await runProgram(() => settled(make().files));
  return value as Readonly<Record<string, string>>;
}

/** The same by a cdk8s program. */
function cdk8sFiles(make: (chart: Chart) => cdk8s.StandaloneEnvoy): Readonly<Record<string, string>> {
  let files = {};
  synthesized((chart) => {
    files = make(chart).files();
  });
  return files;
}

/** Every kind of property, in both faces. */
const PAIRS: readonly (readonly [string, (chart: Chart) => cdk8s.StandaloneEnvoyProps, () => StandaloneEnvoyArgs])[] = [
  [
    'with a service by its host',
    () => ({
      mesh: aMesh(),
      namespace: cdk8s.GroupNamespace.create('laptops'),
      gateways: [{ address: '10.0.0.1' }],
      services: [
        cdk8s.StandaloneService.fromHost('catalog.shop.svc.cluster.local', {
          port: 80,
          protocol: cdk8s.ServiceProtocol.HTTP1,
          identities: [cdk8s.MeshIdentity.serviceAccount('shop', 'catalog')],
        }),
      ],
    }),
    () => envoyArgs(),
  ],
  [
    'with everything',
    (chart) => ({
      mesh: aMesh(),
      name: 'till',
      namespace: cdk8s.GroupNamespace.existing('laptops'),
      serviceAccount: cdk8s.GroupServiceAccount.existing('developer'),
      gateways: [
        { address: 'a.example.com', port: 443, locality: cdk8s.Locality.of('eu-west-1', 'eu-west-1a') },
        { address: 'b.example.com', priority: 1, weight: 2 },
      ],
      failover: { consecutiveFailures: 5 },
      services: [
        cdk8s.StandaloneService.group(aGroup(chart), {
          localPort: 8080,
          timeoutSeconds: 3,
          retries: { attempts: 1, retryOn: [cdk8s.RetryOn.RESET, cdk8s.RetryOn.status(503)] },
          limits: { maxRequests: 7 },
          healthCheck: cdk8s.ServiceHealthCheck.http('/healthz', { intervalSeconds: 3 }),
        }),
        cdk8s.StandaloneService.fromHost('ledger.finance', {
          port: 9000,
          protocol: cdk8s.ServiceProtocol.GRPC,
          subset: 'v2',
          identities: [cdk8s.MeshIdentity.spiffe('spiffe://other/ledger')],
          healthCheck: cdk8s.ServiceHealthCheck.grpc('ledger'),
        }),
        cdk8s.StandaloneService.fromHost('db.finance', {
          port: 5432,
          localPort: 5432,
          protocol: cdk8s.ServiceProtocol.TCP,
          identities: [cdk8s.MeshIdentity.serviceAccount('finance', 'db')],
          healthCheck: cdk8s.ServiceHealthCheck.connect(),
        }),
      ],
      certificates: cdk8s.EnvoyCertificates.files({ directory: '/var/lib/certificates' }),
      nameResolution: cdk8s.NameResolution.dnsFilter({ upstreams: ['10.0.0.2'] }),
      accessLog: cdk8s.EnvoyAccessLog.file('/var/log/envoy.log'),
      adminPort: 9901,
      httpPort: 8000,
      metrics: { address: '0.0.0.0', port: 9090 },
      directory: '/opt/envoy',
    }),
    () => ({
      mesh: meshArgs(),
      name: 'till',
      namespace: 'laptops',
      createNamespace: false,
      serviceAccount: 'developer',
      createServiceAccount: false,
      gateways: [
        { address: 'a.example.com', port: 443, locality: { region: 'eu-west-1', zone: 'eu-west-1a' } },
        { address: 'b.example.com', priority: 1, weight: 2 },
      ],
      failover: { consecutiveFailures: 5 },
      services: [
        {
          group: theGroup(),
          localPort: 8080,
          timeoutSeconds: 3,
          retries: { attempts: 1, retryOn: [{ condition: RetryCondition.Reset }, { status: 503 }] },
          limits: { maxRequests: 7 },
          healthCheck: { http: { path: '/healthz', intervalSeconds: 3 } },
        },
        {
          host: 'ledger.finance',
          port: 9000,
          protocol: ServiceProtocol.GRPC,
          subset: 'v2',
          identities: [{ spiffe: 'spiffe://other/ledger' }],
          healthCheck: { grpc: { service: 'ledger' } },
        },
        {
          host: 'db.finance',
          port: 5432,
          localPort: 5432,
          protocol: ServiceProtocol.TCP,
          identities: [{ serviceAccount: { namespace: 'finance', name: 'db' } }],
          healthCheck: { connect: {} },
        },
      ],
      certificates: { files: { directory: '/var/lib/certificates' } },
      nameResolution: { dnsFilter: { upstreams: ['10.0.0.2'] } },
      accessLog: { file: '/var/log/envoy.log' },
      adminPort: 9901,
      httpPort: 8000,
      metrics: { address: '0.0.0.0', port: 9090 },
      directory: '/opt/envoy',
    }),
  ],
];

describe('StandaloneEnvoy', () => {
  test.each(PAIRS)('%s makes the files of the cdk8s construct', async (_what, props, args) => {
    const files = await filesOf(() => new StandaloneEnvoy('laptop', args()));
    expect(files).toStrictEqual(cdk8sFiles((chart) => new cdk8s.StandaloneEnvoy(chart, 'laptop', props(chart))));
  });

  test('declares what the cdk8s construct declares', async () => {
    const [, props] = PAIRS[0];
    expect(await recorded(() => new StandaloneEnvoy('laptop', envoyArgs()))).toStrictEqual(
      synthesized((chart) => new cdk8s.StandaloneEnvoy(chart, 'laptop', props(chart))),
    );
  });

  test('is a caller that groups let in', async () => {
    const declared = await recorded(() => {
      const standalone = new StandaloneEnvoy('laptop', envoyArgs());
      const target = { group: theGroup() };
      new AuthorizationPolicy('callers', { mesh: meshArgs(), target, rules: [{ from: [{ standalone }] }] });
    });
    expect(JSON.stringify(declared)).toContain('"principals":["cluster.local/ns/laptops/sa/laptop"]');
  });

  test('a gateway may be known later: the file waits for it, its names do not', async () => {
    const [, props] = PAIRS[0];
    const gateways = [{ address: later('10.0.0.1') }];
    expect(await filesOf(() => new StandaloneEnvoy('laptop', envoyArgs({ gateways })))).toStrictEqual(
      cdk8sFiles((chart) => new cdk8s.StandaloneEnvoy(chart, 'laptop', props(chart))),
    );
    const { value } = await runProgram(
      () => settled(new StandaloneEnvoy('laptop', envoyArgs({ gateways: [{ address: unknown() }] })).spiffeId),
      { preview: true },
    );
    expect(value).toBe('spiffe://cluster.local/ns/laptops/sa/laptop');
  });

  test('refuses everything whose shape is wrong at once, before it registers anything', async () => {
    const args = envoyArgs({
      services: [
        { ...catalog, host: undefined },
        { ...catalog, identities: [{}] },
      ],
      nameResolution: {},
    });
    expect(await refusal(() => new StandaloneEnvoy('laptop', args))).toStrictEqual([
      'services[0] [shape/choice]',
      'services[1].identities[0] [shape/choice]',
      'nameResolution [shape/choice]',
    ]);
  });

  test('refuses everything else that is wrong at once, before it registers anything', async () => {
    const args = envoyArgs({
      gateways: [{ address: 'http://x', locality: { region: 'a/b' } }],
      services: [
        { ...catalog, identities: undefined },
        { host: 'ledger.finance', port: 1, identities: catalog.identities, healthCheck: { http: { path: 'x' } } },
        {
          ...catalog,
          retries: { attempts: 1, retryOn: [{ status: 42 }] },
        },
      ],
    });
    expect(await refusal(() => new StandaloneEnvoy('laptop', args))).toStrictEqual([
      'gateways[0].address [standalone/gateway-address]',
      'gateways[0].locality.region [locality/part]',
      'services[0].identities [standalone/no-server-identity]',
      'services[1].protocol [standalone/protocol]',
      'services[1].healthCheck.http.path [standalone/health-path]',
      'services[2].retries.retryOn[0].status [retries/status]',
      'services[2].host [standalone/service-twice]',
    ]);
  });
});
