import type { Chart } from 'cdk8s';
import * as cdk8s from 'meshvm';
import {
  type InboundCallsArgs,
  type InboundPortArgs,
  ServiceEntryProtocol,
  ServiceProtocol,
  StandaloneEnvoy,
  VmServiceEntry,
} from 'meshvm/pulumi';
import { later, meshArgs, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { aGroup, theGroup } from '../groups/beside-group';
import { failureOf } from '../program';
import { byPulumi, envoyArgs, envoyProps, expectSameEnvoy, LEAVES, type Leaf } from './standalone-pairs';

const HTTP: InboundPortArgs = { name: 'http', port: 8080, applicationPort: 3000, protocol: ServiceProtocol.HTTP1 };
const JWKS = '{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}';

function calls(args: Partial<InboundCallsArgs> = {}): InboundCallsArgs {
  return {
    host: 'billing.example.com',
    exposure: { direct: { addresses: ['10.0.0.9'] } },
    callers: [{ serviceAccount: { namespace: 'shop', name: 'checkout' } }],
    ports: [HTTP],
    ...args,
  };
}

function machine(inbound: InboundCallsArgs): StandaloneEnvoy {
  return new StandaloneEnvoy('laptop', envoyArgs({ inbound }));
}

/** Every way of exposure, with every property of calls in one of them. */
const PAIRS: readonly (readonly [string, (chart: Chart) => cdk8s.InboundCalls, (leaf: Leaf) => InboundCallsArgs])[] = [
  [
    'at the addresses of the machines',
    (chart) => ({
      host: 'billing.example.com',
      exposure: cdk8s.InboundExposure.direct(['10.0.0.9', 'fd00::9']),
      listenAddress: '10.0.0.9',
      callers: [cdk8s.Caller.group(aGroup(chart)), cdk8s.Caller.namespace('shop')],
      health: { port: 15021, path: '/ready' },
      virtualAddresses: ['240.0.0.7'],
      exportTo: ['shop'],
      ports: [
        {
          name: 'http',
          port: 8080,
          protocol: cdk8s.ServiceProtocol.HTTP1,
          applicationPort: 3000,
          applicationAddress: '127.0.0.2',
          listenPort: 8443,
          exposedPort: 9443,
          connectTimeoutSeconds: 1,
          timeoutSeconds: 4,
          idleTimeoutSeconds: 60,
          limits: { maxConnections: 7 },
          healthCheck: cdk8s.ServiceHealthCheck.http('/healthz'),
        },
        {
          name: 'db',
          port: 5432,
          protocol: cdk8s.ServiceProtocol.TCP,
          applicationPort: 5433,
          callers: [cdk8s.Caller.serviceAccount('shop', 'reports'), cdk8s.Caller.authenticated()],
        },
      ],
      traffic: {
        connectionPool: { tcp: { maxConnections: 9 } },
        outlierDetection: { consecutive5xxErrors: 3 },
        loadBalancing: cdk8s.LoadBalancing.roundRobin(),
      },
    }),
    (leaf) => ({
      host: leaf('billing.example.com'),
      exposure: { direct: { addresses: [leaf('10.0.0.9'), leaf('fd00::9')] } },
      listenAddress: '10.0.0.9',
      callers: [{ group: theGroup() }, { namespace: leaf('shop') }],
      health: { port: 15021, path: '/ready' },
      virtualAddresses: [leaf('240.0.0.7')],
      exportTo: [leaf('shop')],
      ports: [
        {
          ...HTTP,
          applicationAddress: '127.0.0.2',
          listenPort: 8443,
          exposedPort: 9443,
          connectTimeoutSeconds: 1,
          timeoutSeconds: 4,
          idleTimeoutSeconds: 60,
          limits: { maxConnections: 7 },
          healthCheck: { http: { path: '/healthz' } },
        },
        {
          name: 'db',
          port: 5432,
          protocol: ServiceProtocol.TCP,
          applicationPort: 5433,
          callers: [{ serviceAccount: { namespace: leaf('shop'), name: leaf('reports') } }, { authenticated: true }],
        },
      ],
      traffic: {
        connectionPool: { tcp: { maxConnections: 9 } },
        outlierDetection: { consecutive5xxErrors: 3 },
        loadBalancing: { roundRobin: {} },
      },
    }),
  ],
  [
    'behind a load balancer that passes TCP on',
    () => ({
      host: 'billing.example.com',
      exposure: cdk8s.InboundExposure.loadBalancer('nlb.example.com'),
      callers: [cdk8s.Caller.serviceAccount('shop', 'checkout')],
      ports: [{ name: 'http', port: 8080, applicationPort: 3000, protocol: cdk8s.ServiceProtocol.HTTP1 }],
    }),
    (leaf) => calls({ exposure: { loadBalancer: { dnsName: leaf('nlb.example.com') } } }),
  ],
  [
    'behind a load balancer that ends TLS',
    () => ({
      host: 'billing.example.com',
      exposure: cdk8s.InboundExposure.httpsLoadBalancer('alb.example.com', {
        sourceRanges: ['10.0.0.0/24'],
        certificateName: 'billing.example.com',
        caCertificates: '/etc/ssl/acme.pem',
        tlsToMachine: false,
        tokens: { issuer: 'https://login.example.com', audiences: ['billing'], jwks: JWKS },
      }),
      ports: [{ name: 'http', port: 8080, applicationPort: 3000, protocol: cdk8s.ServiceProtocol.HTTP1 }],
    }),
    (leaf) =>
      calls({
        callers: undefined,
        exposure: {
          httpsLoadBalancer: {
            dnsName: leaf('alb.example.com'),
            sourceRanges: [leaf('10.0.0.0/24')],
            certificateName: leaf('billing.example.com'),
            caCertificates: leaf('/etc/ssl/acme.pem'),
            tlsToMachine: false,
            tokens: { issuer: leaf('https://login.example.com'), audiences: [leaf('billing')], jwks: leaf(JWKS) },
          },
        },
      }),
  ],
];

describe.each(LEAVES)('Calls of the mesh, %s,', (_, leaf) => {
  test.each(PAIRS)('%s are those of the cdk8s construct', async (_what, inbound, args) => {
    await expectSameEnvoy(
      (chart) => envoyProps({ inbound: inbound(chart) }),
      () => envoyArgs({ inbound: args(leaf) }),
      ['payment-service'],
    );
  });
});

describe('Calls of the mesh', () => {
  test('are all that some machines know', async () => {
    const inbound: cdk8s.InboundCalls = {
      host: 'billing.example.com',
      exposure: cdk8s.InboundExposure.direct(['10.0.0.9']),
      callers: [cdk8s.Caller.serviceAccount('shop', 'checkout')],
      ports: [{ name: 'http', port: 8080, applicationPort: 3000, protocol: cdk8s.ServiceProtocol.HTTP1 }],
    };
    await expectSameEnvoy(
      () => envoyProps({ gateways: [], services: [], inbound }),
      () => envoyArgs({ gateways: [], services: [], inbound: calls() }),
    );
  });

  test('address of a machine that a preview does not know: the ServiceEntry is there, and waits for it alone', async () => {
    const exposure = { direct: { addresses: [unknown<string>()] } };
    const resources = await registered(() => machine(calls({ exposure })), { preview: true });
    const entry = resources.find(({ inputs }) => inputs.kind === 'ServiceEntry');
    expect(entry?.inputs.spec).toMatchObject({
      hosts: ['billing.example.com'],
      resolution: 'STATIC',
      endpoints: [{ address: UNKNOWN, serviceAccount: 'laptop' }],
    });
  });

  test.each([
    ['a name of a machine', { direct: { addresses: [later('vm-1.example.com')] } }],
    ['an address of a load balancer', { loadBalancer: { dnsName: later('10.0.0.9') } }],
  ])('%s must be known at once', async (_, exposure) => {
    const [error] = await failureOf(() => machine(calls({ exposure })));
    expect(error.message).toContain('resolution: it depends on a value that is known only at deployment');
  });

  test('a value that turns out wrong is refused then', async () => {
    const [error] = await failureOf(() => machine(calls({ host: later('https://billing') })));
    expect(error.message).toContain('inbound.host: "https://billing" is not allowed');
  });

  test('a host belongs to one component of the program', async () => {
    const resources = await registered(() => {
      machine(calls());
      expect(() => new StandaloneEnvoy('other', envoyArgs({ inbound: calls() }))).toThrow(
        'inbound.host: "billing.example.com" is not allowed; allowed: hosts other than those of laptop',
      );
      const args = {
        mesh: meshArgs(),
        namespace: 'laptops',
        hosts: ['billing.example.com'],
        ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP }],
        endpoints: { resolveHosts: true },
      };
      expect(() => new VmServiceEntry('entry', args)).toThrow('allowed: hosts other than those of laptop');
    });
    expect(resources.filter(({ inputs }) => inputs.kind === 'ServiceEntry')).toHaveLength(1);
  });

  test('everything that is wrong is told at once, where it stands among the arguments', async () => {
    const inbound = calls({
      host: 'billing',
      exposure: { direct: { addresses: ['https://x'] } },
      virtualAddresses: ['x'],
      callers: [{ namespace: 'shop' }, { addresses: '10.0.0.0/8' }],
      health: { port: 0 },
      ports: [{ ...HTTP, applicationPort: 8080, healthCheck: { http: { path: 'x' } } }],
      traffic: { outlierDetection: { baseEjectionTimeSeconds: -1 } },
    });
    expect(await refusal(() => machine(inbound))).toStrictEqual([
      'inbound.callers[1].addresses [standalone/inbound-caller-by-address]',
      'inbound.ports[0].applicationPort [standalone/inbound-application-port]',
      'inbound.ports[0].healthCheck.http.path [standalone/health-path]',
      'inbound.health.port [port/number]',
      'inbound.host [standalone/inbound-host]',
      'inbound.exposure.direct.addresses[0] [standalone/inbound-address]',
      'inbound.virtualAddresses[0] [service-entry/address]',
      'inbound.traffic.outlierDetection.baseEjectionTimeSeconds [duration/seconds]',
    ]);
  });

  test('choices that are none are told first', async () => {
    const inbound = calls({ exposure: {}, callers: [{}], traffic: { loadBalancing: {} } });
    expect(await refusal(() => machine(inbound))).toStrictEqual([
      'inbound.exposure [shape/choice]',
      'inbound.callers[0] [shape/choice]',
      'inbound.traffic.loadBalancing [shape/choice]',
    ]);
  });

  test('behind a load balancer whose arguments are wrong the others are judged all the same', async () => {
    const exposure = { httpsLoadBalancer: { dnsName: 'a b', sourceRanges: [] } };
    expect(await refusal(() => machine(calls({ exposure })))).toStrictEqual([
      'inbound.exposure.httpsLoadBalancer.sourceRanges [standalone/inbound-without-sources]',
      'inbound.callers [standalone/inbound-callers-not-seen]',
      'inbound.exposure.httpsLoadBalancer.dnsName [name/host]',
    ]);
  });

  test('a machine that is called has no files that a machine alone has not', async () => {
    const { files } = await byPulumi(
      () => envoyArgs({ inbound: calls() }),
      async () => undefined,
    );
    expect(Object.keys(files)).toStrictEqual(['envoy.yaml', 'certificate.yaml', 'roots.yaml', 'hosts']);
  });
});
