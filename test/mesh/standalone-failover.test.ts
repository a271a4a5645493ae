import { availableParallelism } from 'node:os';
import { RetryOn, ServiceHealthCheck, StandaloneService, type StandaloneServiceOptions } from 'meshvm';
import { eventually, type Gateway } from './harness';
import { type StandaloneMachine, type StandaloneMachineProps, StandaloneMesh } from './machines/standalone';

const HOST = 'payment-service.payments.svc.cluster.local';
const HTTP = 'http://127.0.0.1:8080';

let mesh: StandaloneMesh;
let first: Gateway;
let second: Gateway;

beforeAll(async () => {
  mesh = await StandaloneMesh.start();
  first = await mesh.startGateway();
  second = await mesh.startGateway();
});

afterAll(async () => {
  await mesh?.stop();
});

describe('a certificate that is renewed under load', () => {
  test('is shown on new connections, and no request fails', async () => {
    const till = await machine('till', [http()]);
    const load = till.load(`${HTTP}/`);
    await load.more(50);
    const before = await certificateSeen(till);
    const certificate = till.renew();
    await eventually(true, async () => (await till.admin('certs')).includes(certificate.serialNumber.toLowerCase()));
    const hash = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
    expect(before).not.toBe(hash);
    // A connection keeps the certificate that it began with: only more requests at once than ever need more connections.
    await eventually(hash, async () => {
      const seen = await Promise.all(Array.from({ length: 12 }, () => certificateSeen(till)));
      return seen.find((one) => one === hash);
    });
    await load.more(100);
    expect(Object.keys(await load.stop())).toEqual(['200']);
  });
});

describe('what a service is asked', () => {
  test('is asked through the gateway, and tells good from bad', async () => {
    const often = { intervalSeconds: 0.3, unhealthyThreshold: 1 };
    const asking = await machine('asking', [
      http({ healthCheck: ServiceHealthCheck.http('/healthz', often) }),
      group({ port: 9000, localPort: 9000, healthCheck: ServiceHealthCheck.grpc(undefined, often) }),
      group({ port: 5432, localPort: 5432, healthCheck: ServiceHealthCheck.connect(often) }),
      group({ port: 5432, localPort: 5433, subset: 'unknown', healthCheck: ServiceHealthCheck.connect(often) }),
    ]);
    const health = async () => ({
      http: await asking.health(`outbound|8080||${HOST}`),
      grpc: await asking.health(`outbound|9000||${HOST}`),
      tcp: await asking.health(`outbound|5432||${HOST}`),
      nowhere: await asking.health(`outbound|5432|unknown|${HOST}`),
    });
    const [good, bad] = [
      [true, true],
      [false, false],
    ];
    await eventually({ http: good, grpc: good, tcp: good, nowhere: bad }, health);
    await asking.call(`${HTTP}/unhealthy`);
    await eventually({ http: bad, grpc: bad, tcp: good, nowhere: bad }, health);
    await asking.call(`${HTTP}/healthy`);
    await eventually({ http: good, grpc: good, tcp: good, nowhere: bad }, health);
  });
});

describe('a request', () => {
  test('is tried again twice, unless it is told otherwise', async () => {
    const patient = await machine('patient', [
      http(),
      StandaloneService.group(mesh.group, { port: 8080, localPort: 8081, subset: 'unknown', retries: { attempts: 0 } }),
    ]);
    expect((await patient.headers(`${HTTP}/flaky?id=a&failures=2`))?.attempt).toBe('3');
    expect((await patient.call(`${HTTP}/flaky?id=b&failures=3`)).status).toBe(503);
    await eventually([503, 3], async () => {
      const { response_code, upstream_request_attempt_count } = await patient.logged('/flaky');
      return [response_code, upstream_request_attempt_count];
    });
    expect((await patient.call('http://127.0.0.1:8081/once')).status).toBe(503);
    expect(await patient.logged('/once')).toMatchObject({ upstream_request_attempt_count: 1 });
  });

  test('ends at its timeout', async () => {
    const hasty = await machine('hasty', [http({ timeoutSeconds: 0.5 })]);
    expect((await hasty.call(`${HTTP}/delay?ms=5000`)).status).toBe(504);
    expect(await hasty.logged('/delay')).toMatchObject({ response_flags: 'UT' });
  });

  test('fails at once over a limit', async () => {
    const limited = await machine('limited', [http({ limits: { maxConnections: 1, maxPendingRequests: 1 } })]);
    const answers = await Promise.all(Array.from({ length: 12 }, () => limited.call(`${HTTP}/delay?ms=2000`)));
    const refused = answers.filter(({ status }) => status !== 200);
    // Each worker of Envoy may have one connection to each gateway, whatever the limit; one request waits.
    expect(refused.length).toBeGreaterThanOrEqual(12 - (WORKER_THREADS * 2 + 1));
    await eventually(
      refused.map(() => [503, 'UO']),
      async () => {
        const delayed = limited.accessLog().filter(({ path }) => path === '/delay');
        const failed = delayed.filter(({ response_code }) => response_code !== 200);
        return failed.map(({ response_code, response_flags }) => [response_code, response_flags]);
      },
    );
  });
});

describe('a gateway that dies under load', () => {
  test("costs the requests under way that are not safe to repeat, and no other's", async () => {
    const gateways = [{ address: first.address }, { address: second.address }];
    const careful = await machine('balanced', [http()], { gateways });
    const bold = await machine(
      'bold',
      [http({ retries: { attempts: 2, retryOn: [RetryOn.CONNECT_FAILURE, RetryOn.RESET] } })],
      { gateways },
    );
    const loads = [careful, bold].map((one) => one.load(`${HTTP}/delay?ms=50`, WORKERS));
    await Promise.all(loads.map((load) => load.more(100)));
    for (const one of [careful, bold]) {
      const shares = await one.requestsByGateway();
      for (const { address } of gateways) expect(shares.get(address)).toBeGreaterThan(0);
    }

    await first.stop();
    await Promise.all(loads.map((load) => load.more(400)));
    const [lost, none] = await Promise.all(loads.map((load) => load.stop()));

    // Of a request under way nobody knows whether it was done: a GET may be repeated, but Envoy knows no methods.
    expect(Object.keys(none)).toEqual(['200']);
    expect(lost['0'] ?? 0).toBe(0);
    expect(lost['503'] ?? 0).toBeLessThanOrEqual(WORKERS);
    const failures = careful.accessLog().filter(({ response_code }) => response_code !== 200);
    expect(failures.map(({ upstream_host, response_flags }) => [upstream_host, response_flags])).toStrictEqual(
      failures.map(() => [`${first.address}:15443`, 'UC']),
    );
    expect(Object.keys(lost).filter((status) => !['200', '503'].includes(status))).toEqual([]);
  });
});

describe('a gateway of second priority', () => {
  test('gets requests only while the first is gone', async () => {
    const third = await mesh.startGateway();
    const till = await machine(
      'ranked',
      [
        http({
          connectTimeoutSeconds: 0.5,
          retries: {
            attempts: 2,
            perTryTimeoutSeconds: 0.5,
            retryOn: [RetryOn.CONNECT_FAILURE, RetryOn.RESET],
          },
        }),
      ],
      {
        gateways: [{ address: second.address }, { address: third.address, priority: 1 }],
        failover: { consecutiveFailures: 2, intervalSeconds: 0.5, baseEjectionSeconds: 2 },
      },
    );
    const load = till.load(`${HTTP}/`);
    await load.more(200);
    const requests = async (gateway: Gateway) => (await till.requestsByGateway()).get(gateway.address) ?? 0;
    expect(await requests(third)).toBe(0);

    // Without a word: its packets are lost, and no connection is refused or ended.
    await second.host.setConnected(false);
    await load.more(200);
    const served = await requests(third);
    expect(served).toBeGreaterThan(0);

    await second.host.setConnected(true);
    await eventually('first alone', async () => {
      const [before, beforeThird] = [await requests(second), await requests(third)];
      await load.more(100);
      const alone = (await requests(third)) === beforeThird && (await requests(second)) >= before + 100;
      return alone ? 'first alone' : 'not yet';
    });
    expect(Object.keys(await load.stop())).toEqual(['200']);
  });
});

const WORKERS = 8;
/** Envoy's default. */
const WORKER_THREADS = availableParallelism();

function group(options: StandaloneServiceOptions): StandaloneService {
  return StandaloneService.group(mesh.group, options);
}

function http(options: StandaloneServiceOptions = {}): StandaloneService {
  return group({ port: 8080, localPort: 8080, ...options });
}

/** A machine that may call the group, and runs: through both gateways, unless it is told otherwise. */
async function machine(
  name: string,
  services: readonly StandaloneService[],
  props: Partial<StandaloneMachineProps> = {},
): Promise<StandaloneMachine> {
  const gateways = [{ address: first.address }, { address: second.address }];
  const made = await mesh.machine(name, { gateways, services, ...props });
  await mesh.allow(made.envoy);
  made.renew();
  await made.start();
  await eventually(200, async () => (await made.call(`${HTTP}/`)).status);
  return made;
}

/** Hash of the machine's certificate on a connection to the service. */
async function certificateSeen(on: StandaloneMachine): Promise<string | undefined> {
  const headers = await on.headers(`${HTTP}/delay?ms=500`);
  return headers?.['x-forwarded-client-cert'].replace(/^.*;Hash=([0-9a-f]+);.*$/, '$1');
}
