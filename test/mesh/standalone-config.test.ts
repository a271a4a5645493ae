import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  EnvoyAccessLog,
  EnvoyCertificates,
  type GatewayAddress,
  Locality,
  Mesh,
  MeshIdentity,
  NameResolution,
  type Retries,
  RetryOn,
  ServiceHealthCheck,
  type ServiceHealthCheckOptions,
  ServiceProtocol,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
  type StandaloneHostOptions,
  StandaloneService,
  ValidationError,
} from 'meshvm';
import { assertWithAllFeatures } from './all-features';
import { runCommand } from './harness';
import { Authority } from './machines/authority';
import { findTools } from './tools/tools';

const RUNS = Number(process.env.MESHVM_CONFIG_RUNS ?? 60);

type Written = Omit<StandaloneEnvoyProps, 'mesh' | 'directory'>;

const mesh = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

/** Numbers as people give them for seconds: whole, and parts of one. */
const seconds = fc.oneof(fc.integer({ min: 1, max: 3600 }), fc.constantFrom(0.001, 0.25, 1.5));
/** A few of them often, so that services of one host meet on one listener. */
const port = fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(80, 8080, 15080));
const count = fc.integer({ min: 1, max: 4294967295 });
const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const host = fc.oneof(
  fc.constantFrom('catalog.shop.svc.cluster.local', 'catalog.shop.svc', 'api.example.com'),
  fc.tuple(label, label).map(([name, namespace]) => `${name}.${namespace}.svc.cluster.local`),
  fc.tuple(label, label).map(([name, domain]) => `${name}.${domain}.example.com`),
);
const identity = fc.oneof(
  fc.tuple(label, label).map(([namespace, name]) => MeshIdentity.serviceAccount(namespace, name)),
  label.map((name) => MeshIdentity.spiffe(`spiffe://other.example.com/${name}`)),
);

const healthOptions: fc.Arbitrary<ServiceHealthCheckOptions> = optional({
  intervalSeconds: seconds,
  timeoutSeconds: seconds,
  unhealthyThreshold: fc.integer({ min: 1, max: 10 }),
  healthyThreshold: fc.integer({ min: 1, max: 10 }),
});

const SAFE = [
  ...[RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.RESET_BEFORE_REQUEST, RetryOn.RESET],
  ...[RetryOn.SERVER_ERROR, RetryOn.GATEWAY_ERROR, RetryOn.CONFLICT, RetryOn.RATE_LIMITED],
];
const HTTP = [...SAFE, RetryOn.status(503), RetryOn.status(429)];
const GRPC = [
  ...SAFE.slice(0, 4),
  ...[RetryOn.GRPC_CANCELLED, RetryOn.GRPC_DEADLINE_EXCEEDED, RetryOn.GRPC_INTERNAL],
  ...[RetryOn.GRPC_RESOURCE_EXHAUSTED, RetryOn.GRPC_UNAVAILABLE],
];

const service: fc.Arbitrary<StandaloneService> = fc
  .constantFrom(...Object.values(ServiceProtocol))
  .chain((protocol) =>
    fc.tuple(host, optionsOf(protocol)).map(([name, options]) => StandaloneService.fromHost(name, options)),
  );

const gateways: fc.Arbitrary<readonly GatewayAddress[]> = fc
  .uniqueArray(
    fc.oneof(
      label.map((name) => `${name}.example.com`),
      fc.ipV4(),
      fc.ipV6().filter((address) => !address.includes('.')),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .chain((addresses) =>
    fc.tuple(
      ...addresses.map((address, index) =>
        optional<GatewayAddress>({
          address: fc.constant(address),
          port,
          priority: fc.integer({ min: 0, max: index === 0 ? 0 : 1 }),
          weight: fc.integer({ min: 1, max: 128 }),
          locality: fc.constantFrom(Locality.of('eu-west-1'), Locality.of('eu-west-1', 'eu-west-1a', 'rack-7')),
        }).map((given) => ({ ...given, address })),
      ),
    ),
  );

const props: fc.Arbitrary<Written> = fc
  .record({
    gateways,
    services: fc.array(service, { minLength: 1, maxLength: 5 }),
    others: optional<Omit<Written, 'gateways' | 'services'>>({
      httpPort: port,
      adminPort: port,
      failover: optional({ consecutiveFailures: count, intervalSeconds: seconds, baseEjectionSeconds: seconds }),
      nameResolution: fc.oneof(
        fc.constantFrom(NameResolution.hostsBlock(), NameResolution.none()),
        optional({
          address: fc.constantFrom('127.0.0.1', '127.0.0.53', '::1'),
          port,
          upstreams: fc.array(fc.oneof(fc.ipV4(), fc.constant('fd00::53')), { maxLength: 3 }),
        }).map((options) => NameResolution.dnsFilter(options)),
      ),
      accessLog: fc.constantFrom(EnvoyAccessLog.stdout(), EnvoyAccessLog.off(), EnvoyAccessLog.file('/dev/null')),
      metrics: fc.record({ address: fc.constantFrom('0.0.0.0', '::', '127.0.0.1', '10.0.0.1'), port }),
      certificates: fc.constantFrom(
        EnvoyCertificates.files(),
        EnvoyCertificates.files({ certificateChain: 'one.pem', privateKey: 'one.pem' }),
      ),
    }),
  })
  .map(({ others, ...rest }) => ({ ...rest, ...others }));

let envoy: string;
let folder: string;
let authority: Authority;

beforeAll(async () => {
  envoy = (await findTools()).envoy;
  folder = mkdtempSync(join(tmpdir(), 'meshvm-config-'));
  authority = Authority.create('mesh');
  const names = authority.issue('URI:spiffe://cluster.local/ns/machines/sa/machine');
  authority.install(join(folder, 'certificates'), names);
  const one = [names.certificate, names.key].map((file) => readFileSync(file, 'utf8')).join('');
  writeFileSync(join(folder, 'certificates/one.pem'), one);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  authority.remove();
});

test('the real Envoy takes whatever meshvm makes without a warning, and it is always the same', async () => {
  await assertWithAllFeatures(props, FEATURES, RUNS, async (given, seen) => {
    const files = filesOf(given);
    fc.pre(files !== undefined);
    expect(filesOf(given)).toStrictEqual(files);
    for (const [name, text] of Object.entries(files as object)) writeFileSync(join(folder, name), text);
    note(seen, given);
    const { exitCode, stdout, stderr } = await validate();
    expect({ exitCode, warnings: warningsIn(stdout + stderr) }).toStrictEqual({ exitCode: 0, warnings: [] });
  });
});

test('the real Envoy refuses what is no configuration', async () => {
  writeFileSync(join(folder, 'envoy.yaml'), 'static_resources: { clusters: [{ name: a, type: NONE }] }\n');
  expect((await validate()).exitCode).toBe(1);
});

const FEATURES = [
  ...['dns', 'health check grpc', 'health check http', 'health check connect', 'metrics'],
  ...Object.values(ServiceProtocol).map((protocol) => `protocol ${protocol}`),
  ...['retries', 'several gateways', 'subset'],
];

function note(features: Set<string>, { gateways: all, services, metrics, nameResolution }: Written): void {
  if (all.length > 1) features.add('several gateways');
  if (metrics !== undefined) features.add('metrics');
  if (nameResolution?.dnsFilter !== undefined) features.add('dns');
  for (const { protocol, subset, retries, healthCheck = {} } of services) {
    features.add(`protocol ${protocol}`);
    if (subset !== undefined) features.add('subset');
    if (retries !== undefined) features.add('retries');
    for (const kind of Object.keys(healthCheck)) features.add(`health check ${kind}`);
  }
}

/** The files; undefined when meshvm refuses the properties: two listeners on one port, two services of one name. */
function filesOf(given: Written): Readonly<Record<string, string>> | undefined {
  try {
    const chart = new Chart(new App(), 'chart', { namespace: 'machines' });
    return new StandaloneEnvoy(chart, 'machine', { mesh, directory: folder, ...given }).files();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const unexpected = error.problems.map(({ id }) => id).filter((id) => !COLLISIONS.includes(id));
    expect(unexpected).toStrictEqual([]);
    return undefined;
  }
}

const COLLISIONS = [
  ...['port-taken', 'service-twice', 'name-twice', 'name-with-two-addresses'].map((name) => `standalone/${name}`),
  'retries/per-try-timeout-too-long',
];

function validate() {
  const args = ['--mode', 'validate', '--log-level', 'warning', '-c', join(folder, 'envoy.yaml')];
  return runCommand(envoy, args, { allowFailure: true });
}

function warningsIn(output: string): readonly string[] {
  return output.split('\n').filter((line) => /\[(warning|error|critical)\]|deprecat/i.test(line));
}

function optionsOf(protocol: ServiceProtocol): fc.Arbitrary<StandaloneHostOptions> {
  const http = protocol !== ServiceProtocol.TCP;
  const checks = {
    [ServiceProtocol.HTTP1]: [(options: ServiceHealthCheckOptions) => ServiceHealthCheck.http('/healthz', options)],
    [ServiceProtocol.HTTP2]: [(options: ServiceHealthCheckOptions) => ServiceHealthCheck.http('/a?b=c', options)],
    [ServiceProtocol.GRPC]: [
      (options: ServiceHealthCheckOptions) => ServiceHealthCheck.grpc(undefined, options),
      (options: ServiceHealthCheckOptions) => ServiceHealthCheck.grpc('shop.v1.Catalog', options),
    ],
    [ServiceProtocol.TCP]: [],
  }[protocol];
  const make = fc.constantFrom(...checks, (options: ServiceHealthCheckOptions) => ServiceHealthCheck.connect(options));
  const needed = {
    port,
    protocol: fc.constant(protocol),
    identities: fc.array(identity, { minLength: 1, maxLength: 3 }),
    ...(http ? {} : { localPort: port }),
  };
  const more = {
    subset: label,
    connectTimeoutSeconds: seconds,
    limits: optional({ maxConnections: count, maxPendingRequests: count, maxRequests: count, maxRetries: count }),
    healthCheck: fc.tuple(make, healthOptions).map(([check, options]) => check(options)),
    ...(http ? { localPort: port, timeoutSeconds: seconds, retries: retriesOf(protocol) } : {}),
  };
  return fc
    .tuple(fc.record(needed), optional(more))
    .map(([mandatory, optionals]) => ({ ...optionals, ...mandatory }) as StandaloneHostOptions);
}

function retriesOf(protocol: ServiceProtocol): fc.Arbitrary<Retries> {
  const conditions = protocol === ServiceProtocol.GRPC ? GRPC : HTTP;
  const some = optional<Omit<Retries, 'attempts'>>({
    retryOn: fc.uniqueArray(fc.constantFrom(...conditions), { minLength: 1 }),
    perTryTimeoutSeconds: seconds,
    backoffSeconds: seconds,
  });
  return fc.oneof(
    fc.constant({ attempts: 0 }),
    fc.tuple(fc.integer({ min: 1, max: 10 }), some).map(([attempts, others]) => ({ attempts, ...others })),
  );
}

/** Any of the fields, each there or not. */
function optional<T extends object>(fields: { readonly [K in keyof T]?: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  const all = fields as Readonly<Record<string, fc.Arbitrary<unknown>>>;
  return fc.record(all, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;
}
