import fc from 'fast-check';
import { ServiceProtocol } from '../../../lib/mesh/service-protocol';
import { machineFile } from '../../../lib/standalone/envoy/machine-file';
import type {
  EnvoySpec,
  HealthCheckSpec,
  HttpsLoadBalancerSpec,
  IdentityMatch,
  InboundPortSpec,
  InboundSpec,
  LimitsSpec,
  ServiceSpec,
  TranscodingSpec,
} from '../../../lib/standalone/envoy/spec';
import { parseMachineFile } from '../../../lib/standalone/file/machine-file';
import { anEnvoy, aService } from '../envoy/spec';

const GOOD = `name: laptop
namespace: laptops
gateways:
  - address: 10.0.0.1
services:
  - host: catalog.shop.svc.cluster.local
    port: 80
    protocol: HTTP1
    identities: [{ serviceAccount: { namespace: shop, name: catalog } }]
`;

const TRANSCODING: TranscodingSpec = {
  descriptor: 'CgA=',
  services: ['shop.v1.Catalog'],
  autoMapping: true,
  passUnmapped: false,
  ignoreUnknownQueryParameters: false,
  maxRequestBodyBytes: 1048576,
  maxResponseBodyBytes: 1048576,
  print: {
    whitespace: false,
    defaults: true,
    enumsAsNumbers: false,
    protoFieldNames: false,
    newlineDelimitedStreams: false,
  },
};

const HTTPS_LOAD_BALANCERS: readonly HttpsLoadBalancerSpec[] = [
  { cidrs: ['10.1.0.0/16', '10.2.0.0/16'], tls: true, tokens: undefined },
  {
    cidrs: ['10.1.0.0/16'],
    tls: false,
    tokens: {
      issuer: 'https://issuer.example',
      audiences: ['billing'],
      jwks: '{"keys":[{"kty":"RSA","kid":"k1","n":"AQAB","e":"AQAB"}]}',
    },
  },
];

function problemsOf(text: string): readonly string[] {
  return parseMachineFile('m.yaml', text).problems;
}

/** The first line of each problem. */
function headsOf(text: string): readonly string[] {
  return problemsOf(text).map((problem) => problem.split('\n', 1)[0]);
}

test('the least that a file must say gives the defaults of the construct', () => {
  const { spec, problems } = parseMachineFile('m.yaml', GOOD);
  expect(problems).toStrictEqual([]);
  expect(spec).toMatchObject({
    name: 'laptop',
    identity: 'spiffe://cluster.local/ns/laptops/sa/laptop',
    directory: '/etc/meshvm-envoy',
    httpListener: { address: '127.0.0.1', port: 15080 },
    writesHosts: true,
    accessLogPath: '/dev/stdout',
  });
});

test('every field gets where it belongs', () => {
  const { spec, problems } = parseMachineFile(
    'm.yaml',
    `name: build
namespace: ci
serviceAccount: builder
mesh: { trustDomain: acme.example }
gateways:
  - { address: east.example.com, port: 443, priority: 0, weight: 2, locality: { region: eu, zone: a, subzone: r1 } }
  - { address: 10.0.0.2, priority: 1 }
failover: { consecutiveFailures: 1, intervalSeconds: 2, baseEjectionSeconds: 3 }
services:
  - host: api.shop.svc.cluster.local
    port: 9000
    protocol: GRPC
    identities:
      - spiffe: spiffe://other/ns/shop/sa/api
      - serviceAccount: { namespace: shop, name: api }
    localPort: 9001
    localAddress: 127.0.0.2
    subset: v1
    connectTimeoutSeconds: 1
    timeoutSeconds: 30
    retries: { attempts: 1, perTryTimeoutSeconds: 10, retryOn: [{ condition: unavailable }, { condition: reset }], backoffSeconds: 0.5, retryRemoteLocalities: true }
    limits: { maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 }
    healthCheck: { grpc: { service: shop.Api, intervalSeconds: 5, timeoutSeconds: 1, unhealthyThreshold: 2, healthyThreshold: 3 } }
httpPort: 8080
certificates: { files: { directory: /certs, certificateChain: a.pem, privateKey: b.pem, rootCertificates: c.pem } }
nameResolution: { dnsFilter: { address: 127.0.0.3, port: 53, upstreams: [10.0.0.53] } }
accessLog: { file: /var/log/envoy.log }
adminPort: 15001
metrics: { address: 0.0.0.0, port: 9100 }
directory: C:/meshvm-envoy
`,
  );
  expect(problems).toStrictEqual([]);
  expect(spec).toStrictEqual({
    name: 'build',
    identity: 'spiffe://acme.example/ns/ci/sa/builder',
    gateways: [
      { address: 'east.example.com', port: 443, priority: 0, weight: 2, locality: 'eu/a/r1' },
      { address: '10.0.0.2', port: 15443, priority: 1, weight: 1, locality: undefined },
    ],
    failover: { consecutiveFailures: 1, intervalSeconds: 2, baseEjectionSeconds: 3 },
    services: [
      {
        host: 'api.shop.svc.cluster.local',
        port: 9000,
        subset: 'v1',
        protocol: ServiceProtocol.GRPC,
        identities: ['spiffe://other/ns/shop/sa/api', 'spiffe://acme.example/ns/shop/sa/api'],
        listen: { address: '127.0.0.2', port: 9001 },
        connectTimeoutSeconds: 1,
        timeoutSeconds: 30,
        retries: {
          attempts: 1,
          perTryTimeoutSeconds: 10,
          backoffSeconds: 0.5,
          retryOn: ['unavailable', 'reset'],
          retryRemoteLocalities: true,
        },
        limits: { maxConnections: 1, maxPendingRequests: 2, maxRequests: 3, maxRetries: 4 },
        healthCheck: {
          kind: 'grpc',
          path: undefined,
          service: 'shop.Api',
          intervalSeconds: 5,
          timeoutSeconds: 1,
          unhealthyThreshold: 2,
          healthyThreshold: 3,
        },
        transcoding: undefined,
      },
    ],
    httpListener: { address: '127.0.0.1', port: 8080 },
    clients: undefined,
    tls: { directory: '/certs', certificateChain: 'a.pem', privateKey: 'b.pem', rootCertificates: 'c.pem' },
    adminPort: 15001,
    adminSocket: 'C:/meshvm-envoy/admin.sock',
    metrics: { address: '0.0.0.0', port: 9100 },
    accessLogPath: '/var/log/envoy.log',
    dns: { address: '127.0.0.3', port: 53, upstreams: ['10.0.0.53'] },
    writesHosts: false,
    inbound: undefined,
    directory: 'C:/meshvm-envoy',
  } satisfies EnvoySpec);
});

test('what a command says goes before the file, and its default after', () => {
  const directoryOf = (text: string, options: object) => parseMachineFile('m.yaml', text, options).spec?.directory;
  expect(directoryOf(GOOD, { defaultDirectory: '/home/ann' })).toBe('/home/ann');
  expect(directoryOf(`${GOOD}directory: /opt/e\n`, { defaultDirectory: '/home/ann' })).toBe('/opt/e');
  expect(directoryOf(`${GOOD}directory: /opt/e\n`, { directory: 'C:/e' })).toBe('C:/e');
});

test('a problem says where it stands, field, value, what is allowed and what to do', () => {
  expect(problemsOf(GOOD.replace('HTTP1', 'HTTP'))).toStrictEqual([
    `m.yaml:8:5: services[0].protocol: "HTTP" is not allowed [shape/value]
  allowed: one of HTTP1, HTTP2, GRPC, TCP
  fix: take one of them`,
  ]);
});

test('everything whose shape is wrong comes at once, in the order of the file', () => {
  const heads = headsOf(`name: Laptop
nmae: x
"a.b": x
gateways:
  - address: 10.0.0.1
    port: "1"
  - 5
services:
  - host: catalog
    protocol: HTTP1
    identities:
      - serviceAccount: { namespace: Shop }
      - spiffe: foo
        serviceAccount: { namespace: shop, name: catalog }
    retries: { attempts: 1, retryOn: [connect-failure, { condition: reset, status: 503 }] }
    healthCheck: { http: /healthz }
nameResolution: { none: {} }
certificates: { vault: {}, files: }
accessLog: stdout
`);
  expect(heads).toStrictEqual([
    'm.yaml:1:1: namespace: missing [shape/missing]',
    'm.yaml:2:1: nmae: "x" is not allowed [shape/unknown-property]',
    'm.yaml:3:1: ["a.b"]: "x" is not allowed [shape/unknown-property]',
    'm.yaml:6:5: gateways[0].port: "1" is not allowed [shape/type]',
    'm.yaml:7:5: gateways[1]: 5 is not allowed [shape/type]',
    'm.yaml:9:5: services[0].port: missing [shape/missing]',
    'm.yaml:12:9: services[0].identities[0].serviceAccount.name: missing [shape/missing]',
    'm.yaml:13:9: services[0].identities[1]: {"spiffe":"foo","serviceAccount":{"namespace":"shop","name":"catalog"}} is not allowed [shape/choice]',
    'm.yaml:15:39: services[0].retries.retryOn[0]: "connect-failure" is not allowed [shape/type]',
    'm.yaml:15:56: services[0].retries.retryOn[1]: {"condition":"reset","status":503} is not allowed [shape/choice]',
    'm.yaml:16:20: services[0].healthCheck.http: "/healthz" is not allowed [shape/type]',
    'm.yaml:17:19: nameResolution.none: {} is not allowed [shape/type]',
    'm.yaml:18:17: certificates.vault: {} is not allowed [machine-file/vault-certificates]',
    'm.yaml:18:28: certificates.files: null is not allowed [shape/type]',
    'm.yaml:19:1: accessLog: "stdout" is not allowed [shape/type]',
  ]);
});

test('everything else that is wrong comes at once, by the checks of the construct', () => {
  const heads = headsOf(`name: Laptop
namespace: laptops
mesh: { trustDomain: "spiffe://x" }
gateways:
  - address: http://x
services:
  - host: catalog
    port: 80
    protocol: HTTP1
    identities:
      - serviceAccount: { namespace: Shop, name: catalog }
    healthCheck:
      http:
        path: healthz
        intervalSeconds: -1
    retries: { attempts: 1, retryOn: [{ condition: bogus }] }
  - host: ledger.shop.svc.cluster.local
    port: 5432
    protocol: TCP
    identities: []
accessLog: { file: relative }
directory: relative
`);
  expect(heads).toStrictEqual([
    'm.yaml:1:1: name: "Laptop" is not allowed [name/dns-label]',
    'm.yaml:1:1: serviceAccount: "Laptop" is not allowed [name/dns-subdomain]',
    'm.yaml:3:9: mesh.trustDomain: "spiffe://x" is not allowed [mesh/trust-domain]',
    'm.yaml:5:5: gateways[0].address: "http://x" is not allowed [standalone/gateway-address]',
    'm.yaml:7:5: services[0].host: "catalog" is not allowed [standalone/host]',
    'm.yaml:11:27: services[0].identities[0].serviceAccount.namespace: "Shop" is not allowed [name/dns-label]',
    'm.yaml:14:9: services[0].healthCheck.http.path: "healthz" is not allowed [standalone/health-path]',
    'm.yaml:15:9: services[0].healthCheck.http.intervalSeconds: -1 is not allowed [duration/seconds]',
    'm.yaml:16:41: services[0].retries.retryOn[0].condition: "bogus" is not allowed [retries/condition]',
    'm.yaml:17:5: services[1].localPort: missing [standalone/tcp-without-local-port]',
    'm.yaml:20:5: services[1].identities: [] is not allowed [standalone/no-server-identity]',
    'm.yaml:21:14: accessLog.file: "relative" is not allowed [standalone/absolute-path]',
    'm.yaml:22:1: directory: "relative" is not allowed [standalone/absolute-path]',
  ]);
});

test.each([
  ['', 'm.yaml:1:1: the file: null is not allowed [shape/type]'],
  ['- 1\n', 'm.yaml:1:1: the file: [1] is not allowed [shape/type]'],
  ['a: [\n', 'm.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ['name: a\nname: b\n', 'm.yaml:2:1: Map keys must be unique'],
  ['name: a\n---\nname: b\n', 'm.yaml:2:1: Source contains multiple documents; please use YAML.parseAllDocuments()'],
])('%j is no machine file, and nothing more is said of it', (text, head) => {
  expect(headsOf(text)).toStrictEqual([head]);
});

test('items of lists are judged', () => {
  const upstreams = (list: string) => headsOf(`${GOOD}nameResolution: { dnsFilter: { upstreams: ${list} } }\n`);
  expect(upstreams('[10.0.0.1, 5]')).toStrictEqual([
    'm.yaml:10:54: nameResolution.dnsFilter.upstreams[1]: 5 is not allowed [shape/type]',
  ]);
  expect(upstreams('[dns, 10.0.0.1]')).toStrictEqual([
    'm.yaml:10:44: nameResolution.dnsFilter.upstreams[0]: "dns" is not allowed [address/ip-required]',
  ]);
});

test('transcoding', () => {
  const text = `${GOOD.replace('HTTP1', 'GRPC')}    transcoding:
      descriptorSet: CgA=
      services: [shop.v1.Catalog]
      autoMapping: true
      print: { defaults: true }
`;
  expect(parseMachineFile('m.yaml', text).spec?.services[0].transcoding).toStrictEqual(TRANSCODING);
  expect(headsOf(text.replace('[shop.v1.Catalog]', '[/shop]').replace('CgA=', 'proto'))).toStrictEqual([
    'm.yaml:11:7: services[0].transcoding.descriptorSet: "proto" is not allowed [standalone/descriptor-set]',
    'm.yaml:12:18: services[0].transcoding.services[0]: "/shop" is not allowed [standalone/transcoding-service]',
  ]);
});

test('an alias is found where it is used', () => {
  const text = GOOD.replace('port: 80', 'port: &p "80"').concat('adminPort: *p\n');
  expect(headsOf(text)).toStrictEqual([
    'm.yaml:7:5: services[0].port: "80" is not allowed [shape/type]',
    'm.yaml:10:1: adminPort: "80" is not allowed [shape/type]',
  ]);
});

test('fields that every object has are unknown, too', () => {
  expect(headsOf(`${GOOD}constructor: 1\n__proto__: {}\n`)).toStrictEqual([
    'm.yaml:10:1: constructor: 1 is not allowed [shape/unknown-property]',
    'm.yaml:11:1: __proto__: {} is not allowed [shape/unknown-property]',
  ]);
});

describe('the file that a program prints', () => {
  const port = fc.integer({ min: 1024, max: 14999 });
  const seconds = fc.integer({ min: 1, max: 600 });
  const count = fc.integer({ min: 1, max: 9999 });
  const plain = { noNullPrototype: true } as const;
  const names = Object.keys(aService().limits);
  const limits = fc.record(Object.fromEntries(names.map((name) => [name, count])), plain) as fc.Arbitrary<LimitsSpec>;
  const healthCheck: fc.Arbitrary<HealthCheckSpec> = fc.record(
    {
      kind: fc.constant('connect' as const),
      path: fc.constant(undefined),
      service: fc.constant(undefined),
      intervalSeconds: seconds,
      timeoutSeconds: seconds,
      unhealthyThreshold: count,
      healthyThreshold: count,
    },
    plain,
  );
  const services: fc.Arbitrary<readonly ServiceSpec[]> = fc
    .uniqueArray(
      fc.record({
        port,
        subset: fc.constantFrom('', 'v1'),
        protocol: fc.constantFrom(...Object.values(ServiceProtocol)),
        identities: fc.constantFrom(['spiffe://cluster.local/ns/shop/sa/a'], ['spiffe://x/y', 'spiffe://z/ns/a/sa/b']),
        timeoutSeconds: seconds,
        attempts: fc.integer({ min: 0, max: 5 }),
        limits,
        healthCheck: fc.option(healthCheck, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 5, selector: ({ port }) => port },
    )
    .map((drafts) =>
      drafts.map(({ port, attempts, ...draft }) => {
        const isTcp = draft.protocol === ServiceProtocol.TCP;
        const retryOn = attempts === 0 ? undefined : ['connect-failure', 'reset'];
        return aService({
          ...draft,
          transcoding: draft.protocol === ServiceProtocol.GRPC ? TRANSCODING : undefined,
          host: `s${port}.shop.svc.cluster.local`,
          port,
          timeoutSeconds: isTcp ? 0 : draft.timeoutSeconds,
          listen: { address: '127.0.0.2', port },
          retries: { ...aService().retries, attempts, retryOn },
        });
      }),
    );
  const caller: fc.Arbitrary<IdentityMatch> = fc.constantFrom(
    { exact: 'spiffe://cluster.local/ns/shop/sa/check.out' },
    { pattern: 'spiffe://[^/]+/ns/shop/sa/[^/]+' },
    { pattern: 'spiffe://.+' },
  );
  const inboundPorts = (mutual: boolean): fc.Arbitrary<readonly InboundPortSpec[]> =>
    fc
      .uniqueArray(
        fc.record({
          listenPort: fc.integer({ min: 20000, max: 30000 }),
          application: fc.record({ address: fc.constantFrom('127.0.0.1', '::1'), port: count }, plain),
          protocol: fc.constantFrom(
            ...Object.values(ServiceProtocol).filter((protocol) => mutual || protocol !== ServiceProtocol.TCP),
          ),
          callers: mutual ? fc.array(caller, { minLength: 1, maxLength: 3 }) : fc.constant([]),
          connectTimeoutSeconds: seconds,
          timeoutSeconds: fc.constantFrom(0, 30),
          idleTimeoutSeconds: seconds,
          limits: fc.record(
            {
              maxConnections: count,
              maxPendingRequests: count,
              maxRequests: count,
            },
            plain,
          ),
          healthCheck: fc.option(healthCheck, { nil: undefined }),
        }),
        { minLength: 1, maxLength: 3, selector: ({ listenPort }) => listenPort },
      )
      .map((ports) =>
        ports.map((port) => ({
          ...port,
          timeoutSeconds: port.protocol === ServiceProtocol.TCP ? 0 : port.timeoutSeconds,
        })),
      );
  const inbound: fc.Arbitrary<InboundSpec> = fc.constantFrom(undefined, ...HTTPS_LOAD_BALANCERS).chain((balancer) =>
    fc.record(
      {
        listenAddress: fc.constantFrom('0.0.0.0', '10.0.0.9', '::'),
        ports: inboundPorts(balancer === undefined),
        httpsLoadBalancer: fc.constant(balancer),
        health: fc.option(fc.constant({ port: 8444, path: '/ready' }), { nil: undefined }),
      },
      plain,
    ),
  );
  const envoys = fc.record({
    services,
    inbound: fc.option(inbound, { nil: undefined }),
    adminPort: fc.constantFrom(15000, 15001),
    accessLogPath: fc.constantFrom(undefined, '/dev/stdout', '/var/log/e.log'),
    metrics: fc.option(fc.constant({ address: '0.0.0.0', port: 15090 }), { nil: undefined }),
    writesHosts: fc.boolean(),
    directory: fc.constantFrom('/etc/meshvm-envoy', '/opt/envoy'),
  });

  test('says the same machine, whatever it is', () => {
    fc.assert(
      fc.property(envoys, (fields) => {
        const tls = { ...anEnvoy().tls, directory: `${fields.directory}/certificates` };
        const spec = anEnvoy({ ...fields, tls });
        const text = machineFile({ namespace: 'laptops', serviceAccount: 'laptop', spec });
        expect(parseMachineFile('m.yaml', text)).toStrictEqual({ spec, problems: [] });
      }),
    );
  });
});
