import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  Caller,
  GrpcJsonTranscoding,
  type GrpcJsonTranscodingOptions,
  type HttpsLoadBalancerOptions,
  type InboundCalls,
  InboundExposure,
  type InboundPort,
  Mesh,
  MeshIdentity,
  ServiceHealthCheck,
  ServiceProtocol,
  StandaloneEnvoy,
  StandaloneService,
  ValidationError,
} from 'meshvm';
import { assertWithAllFeatures } from './all-features';
import { Catalog } from './grpc/catalog';
import { runCommand } from './harness';
import { Authority } from './machines/authority';
import { findTools } from './tools/tools';

const RUNS = Number(process.env.MESHVM_CONFIG_RUNS ?? 60);

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

let envoy: string;
let folder: string;
let authority: Authority;
let descriptorSet: Uint8Array;

beforeAll(async () => {
  const tools = await findTools();
  envoy = tools.envoy;
  folder = mkdtempSync(join(tmpdir(), 'meshvm-config-'));
  descriptorSet = (await Catalog.build(join(folder, 'grpc'))).descriptorSet;
  authority = Authority.create('mesh');
  authority.install(join(folder, 'certificates'), authority.issue('URI:spiffe://cluster.local/ns/machines/sa/billing'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  authority.remove();
});

const seconds = fc.oneof(fc.integer({ min: 1, max: 3600 }), fc.constantFrom(0.25, 1.5));
const count = fc.integer({ min: 1, max: 1000000 });
const port = fc.integer({ min: 1, max: 65535 });
const callers = fc.uniqueArray(
  fc.constantFrom(
    Caller.serviceAccount('shop', 'checkout'),
    Caller.serviceAccount('shop', 'a.b'),
    Caller.namespace('web'),
    Caller.authenticated(),
  ),
  { minLength: 1 },
);

const inboundPort: fc.Arbitrary<InboundPort> = fc
  .record({
    needed: fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
      port,
      applicationPort: port,
      protocol: fc.constantFrom(...Object.values(ServiceProtocol)),
    }),
    more: optional<Omit<InboundPort, 'name' | 'port' | 'applicationPort' | 'protocol'>>({
      applicationAddress: fc.constantFrom('127.0.0.2', '::1'),
      listenPort: port,
      exposedPort: port,
      callers,
      connectTimeoutSeconds: seconds,
      timeoutSeconds: seconds,
      idleTimeoutSeconds: seconds,
      limits: optional({ maxConnections: count, maxRequests: count, maxPendingRequests: count }),
      healthCheck: fc.constantFrom(ServiceHealthCheck.connect(), ServiceHealthCheck.connect({ intervalSeconds: 0.5 })),
    }),
  })
  .map(({ needed, more }) => ({ ...more, ...needed }));

const https: fc.Arbitrary<InboundExposure> = optional<HttpsLoadBalancerOptions>({
  sourceRanges: fc.constant(['10.0.0.0/24']),
  certificateName: fc.constant('billing.acme.com'),
  caCertificates: fc.constant('/etc/acme.pem'),
  tlsToMachine: fc.boolean(),
  tokens: fc.constant({
    issuer: 'https://login.example.com',
    audiences: ['billing'],
    jwks: JSON.stringify({ keys: [{ ...key, kid: 'a', alg: 'ES256' }] }),
  }),
}).map((options) =>
  InboundExposure.httpsLoadBalancer('alb.example.com', { ...options, sourceRanges: ['10.0.0.0/24', 'fd00::/64'] }),
);

const inbound: fc.Arbitrary<InboundCalls> = fc
  .record({
    exposure: fc.oneof(
      fc.constantFrom(InboundExposure.direct(['10.0.0.9']), InboundExposure.loadBalancer('nlb.example.com')),
      https,
    ),
    callers,
    ports: fc.array(inboundPort, { minLength: 1, maxLength: 3 }),
    more: optional<Pick<InboundCalls, 'listenAddress' | 'health'>>({
      listenAddress: fc.constantFrom('::', '10.0.0.9'),
      health: fc.record({ port, path: fc.constantFrom('/healthz', '/a?b=c') }),
    }),
  })
  .map(({ exposure, callers: all, ports, more }) => ({
    ...more,
    exposure,
    ...(exposure.httpsLoadBalancer === undefined
      ? { callers: all, ports }
      : { ports: ports.map(({ callers: _, ...others }) => others) }),
    host: 'billing.example.com',
    virtualAddresses: ['240.0.0.1'],
  }));

const transcoding: fc.Arbitrary<Omit<GrpcJsonTranscodingOptions, 'services'>> = optional({
  autoMapping: fc.boolean(),
  passUnmapped: fc.boolean(),
  ignoreUnknownQueryParameters: fc.boolean(),
  maxRequestBodyBytes: count,
  maxResponseBodyBytes: count,
  print: optional({
    whitespace: fc.boolean(),
    defaults: fc.boolean(),
    enumsAsNumbers: fc.boolean(),
    protoFieldNames: fc.boolean(),
    newlineDelimitedStreams: fc.boolean(),
  }),
});

test('the real Envoy takes whatever meshvm makes of calls to a machine, without a warning', async () => {
  const features = ['https', 'mutual TLS', 'tokens', 'health', ...Object.values(ServiceProtocol)];
  await assertWithAllFeatures(inbound, features, RUNS, async (calls, seen) => {
    const files = filesOf({ services: [], inbound: calls });
    fc.pre(files !== undefined);
    for (const { protocol } of calls.ports) seen.add(protocol);
    seen.add(calls.exposure.httpsLoadBalancer === undefined ? 'mutual TLS' : 'https');
    if (calls.exposure.httpsLoadBalancer?.tokens !== undefined) seen.add('tokens');
    if (calls.health !== undefined) seen.add('health');
    expect(await verdict(files as object)).toStrictEqual({ exitCode: 0, warnings: [] });
  });
});

test('and of transcoding', async () => {
  await fc.assert(
    fc.asyncProperty(transcoding, fc.option(port, { nil: undefined }), async (options, localPort) => {
      fc.pre(localPort !== 15000 && localPort !== 15080);
      const services = [
        service({ ...options, services: ['shop.v1.Catalog'] }, localPort),
        service(undefined, undefined),
      ];
      const files = filesOf({ services });
      expect(await verdict(files as object)).toStrictEqual({ exitCode: 0, warnings: [] });
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
});

test('Envoy says when a service is not in the descriptor set', async () => {
  const files = filesOf({ services: [service({ services: ['shop.v1.Other'] }, 9000)] });
  const { exitCode, warnings } = await verdict(files as object);
  expect(exitCode).toBe(1);
  expect(warnings.join('\n')).toContain("Could not find 'shop.v1.Other' in the proto descriptor");
});

function service(options: GrpcJsonTranscodingOptions | undefined, localPort: number | undefined): StandaloneService {
  const name = options === undefined ? 'other' : 'catalog';
  return StandaloneService.fromHost(`${name}.shop.svc.cluster.local`, {
    port: 9000,
    protocol: ServiceProtocol.GRPC,
    identities: [MeshIdentity.serviceAccount('shop', name)],
    localPort,
    transcoding: options && GrpcJsonTranscoding.fromDescriptorSet(descriptorSet, options),
  });
}

/** The files; undefined when meshvm refuses the properties because two things collide in them. */
function filesOf(given: {
  readonly services: readonly StandaloneService[];
  readonly inbound?: InboundCalls;
}): Readonly<Record<string, string>> | undefined {
  try {
    const chart = new Chart(new App(), 'chart', { namespace: 'machines' });
    const gateways = given.services.length === 0 ? [] : [{ address: '10.0.0.1' }];
    return new StandaloneEnvoy(chart, 'billing', { mesh, directory: folder, gateways, ...given }).files();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const unexpected = error.problems.map(({ id }) => id).filter((id) => !COLLISIONS.includes(id));
    expect(unexpected).toStrictEqual([]);
    return undefined;
  }
}

const COLLISIONS = [
  'standalone/port-taken',
  'standalone/inbound-application-port',
  'standalone/inbound-exposed-port-twice',
  'standalone/inbound-tcp-behind-https',
  'standalone/inbound-timeout-of-tcp',
  'service-entry/port-twice',
];

async function verdict(
  files: Readonly<Record<string, string>> | object,
): Promise<{ readonly exitCode: number | null; readonly warnings: readonly string[] }> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = ['--mode', 'validate', '--log-level', 'warning', '-c', join(folder, 'envoy.yaml')];
  const { exitCode, stdout, stderr } = await runCommand(envoy, args, { allowFailure: true });
  const lines = (stdout + stderr).split('\n');
  return { exitCode, warnings: lines.filter((line) => /\[(warning|error|critical)\]|deprecat/i.test(line)) };
}

/** Any of the fields, each there or not. */
function optional<T extends object>(fields: { readonly [K in keyof T]-?: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<T>;
}
