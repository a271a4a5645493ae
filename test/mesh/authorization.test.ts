import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ApiObject } from 'cdk8s';
import {
  AuthorizationAction,
  AuthorizationPolicy,
  Caller,
  DenyByDefault,
  JwtKeys,
  JwtLocation,
  WorkloadTarget,
} from 'meshvm';
import { eventually, webToken } from './harness';
import type { Computer } from './machines/computer';
import { GroupPolicies } from './machines/group-policies';
import { MESH, type ServiceAddress, World } from './machines/world';

const ISSUER = 'https://login.example.com';
/** Identity of the pod. */
const LEDGER = Caller.serviceAccount('ledger', 'ledger');

const ours = generateKeyPairSync('rsa', { modulusLength: 2048 });
const theirs = generateKeyPairSync('rsa', { modulusLength: 2048 });

let world: World;
/** The machine that is called. */
let called: Computer;
/** A machine of the same group, which calls. */
let machine: Computer;
let pod: Computer;
let service: ServiceAddress;
let policies: GroupPolicies;

beforeAll(async () => {
  world = await World.start();
  const ports = [
    { name: 'http', port: 8080 },
    { name: 'tcp', port: 9000 },
  ];
  await world.apply({ ports });
  policies = new GroupPolicies(world, { ports });
  called = await world.machine('vm-1');
  // Its application does not answer the probe, so that it calls, and is never the one that is called.
  machine = await world.machine('vm-2', { port: 9999 });
  await Promise.all([called.boot(), machine.boot()]);
  pod = (await world.startPod()).computer;
  await called.process.waitUntil('it is healthy', () => world.healthySince(called), { timeoutSeconds: 90 });
  await machine.process.waitUntil('it is registered', () => world.entryOf(machine), { timeoutSeconds: 90 });
  service = await world.service('payment-service', 'payments');
  await seen({ pod: 200, machine: 200, plainText: 200 });
});

afterAll(async () => {
  await world?.stop();
});

afterEach(() => policies.apply(() => {}));

describe('who may call', () => {
  test('a caller that is allowed, and nobody else: a pod', async () => {
    await policies.apply((group) => group.allowFrom(LEDGER));
    await seen({ pod: 200, machine: 403, plainText: 403 });
  });

  test('a caller that is allowed, and nobody else: a group', async () => {
    await policies.apply((group) => group.allowFrom(Caller.group(group)));
    await seen({ pod: 403, machine: 200, plainText: 403 });
  });

  test('a namespace, and with it nobody else', async () => {
    await policies.apply((group) => group.allowFrom(Caller.namespace('ledger')));
    await seen({ pod: 200, machine: 403, plainText: 403 });
  });

  test('several callers: policies add up', async () => {
    await policies.apply((group) => {
      group.denyByDefault();
      group.allowFrom(LEDGER);
      group.allowFrom(Caller.group(group));
    });
    await seen({ pod: 200, machine: 200, plainText: 403 });
  });

  test('everybody with an identity', async () => {
    await policies.apply((group) => group.allowFrom(Caller.authenticated()));
    await seen({ pod: 200, machine: 200, plainText: 403 });
  });

  test('an address, in plain text too', async () => {
    const outside = `${world.controlPlane.lan.hostAddress}/32`;
    await policies.apply((group) => group.allowFrom(Caller.addresses(outside)));
    await seen({ pod: 403, machine: 403, plainText: 200 });
  });

  test('nobody by default, of a group and of a namespace, and the machine stays healthy', async () => {
    const before = await world.healthySince(called);
    await policies.apply((group) => group.denyByDefault());
    await seen({ pod: 403, machine: 403, plainText: 403 });
    await policies.apply((_group, chart) => {
      new DenyByDefault(chart, 'closed', { mesh: MESH, target: WorkloadTarget.namespace() });
    });
    await seen({ pod: 403, machine: 403, plainText: 403 });
    expect([before, await world.healthySince(called)]).toEqual([expect.any(String), before]);
    for (const path of [':15021/healthz/ready', ':15020/stats/prometheus', ':15090/stats/prometheus']) {
      const { stdout } = await pod.run(`curl -s -m 5 -o /dev/null -w '%{http_code}' http://${called.address}${path}`);
      expect([path, stdout.trim()]).toEqual([path, '200']);
    }
  });

  test('everybody but those who are denied; but plain text has no identity, and passes', async () => {
    await policies.apply((group, chart) => {
      new AuthorizationPolicy(chart, 'not-ledger', {
        mesh: MESH,
        target: WorkloadTarget.group(group),
        action: AuthorizationAction.DENY,
        rules: [{ from: [LEDGER] }],
      });
    });
    await seen({ pod: 403, machine: 200, plainText: 200 });
  });

  test('with mutual TLS required, plain text is refused before anybody asks who it is', async () => {
    await policies.apply((group) => {
      group.requireMutualTls();
      group.allowFrom(LEDGER);
    });
    await seen({ pod: 200, machine: 403, plainText: 0 });
  });

  test('everybody, while a policy is only tried out', async () => {
    await policies.apply((group) => group.denyByDefault());
    await seen({ pod: 403, machine: 403, plainText: 403 });
    await policies.apply((group, chart) => {
      new AuthorizationPolicy(chart, 'tried-out', {
        mesh: MESH,
        target: WorkloadTarget.group(group),
        dryRun: true,
        rules: [{ from: [LEDGER] }],
      });
    });
    await seen({ pod: 200, machine: 200, plainText: 200 });
  });
});

describe('what may be called', () => {
  const answers = async (calls: Readonly<Record<string, number>>) => {
    await eventually(calls, async () => {
      const all = Object.keys(calls).map(async (call) => {
        const [method, path] = call.split(' ');
        return [call, await status(pod, path, method === 'HEAD' ? '--head' : `-X ${method}`)] as const;
      });
      return Object.fromEntries(await Promise.all(all));
    });
  };

  test('methods', async () => {
    await policies.apply((group) => group.allowFrom(LEDGER, { methods: ['GET', 'HEAD'] }));
    await answers({ 'GET /': 200, 'HEAD /a': 200, 'POST /': 403, 'DELETE /': 403 });
  });

  test('paths, prefixes, suffixes and templates', async () => {
    await policies.apply((group) =>
      group.allowFrom(LEDGER, { paths: ['/health', '/api/*', '*.json', '/accounts/{*}/statements', '/files/{**}'] }),
    );
    await answers({
      'GET /health': 200,
      'GET /health?deep=1': 200,
      'GET /health/': 403,
      'GET /api/v1/a': 200,
      'GET /apis': 403,
      'GET /x/y.json': 200,
      'GET /accounts/7/statements': 200,
      'GET /accounts/7/8/statements': 403,
      'GET /files/a/b/c': 200,
      'GET /': 403,
    });
  });

  test('ports of the machine, not those of a Service', async () => {
    await world.controlPlane.client.mustApply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'payments' },
      spec: { selector: { app: 'payment-service' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    const { clusterIP } = await world.service('web', 'payments');
    const onPort80 = async () => {
      const { stdout } = await pod.run(`curl -s -m 1 -o /dev/null -w '%{http_code}' http://${clusterIP}/`, true);
      return stdout.trim();
    };
    const open = (port: number) =>
      policies.apply((_group, chart) => {
        const rules = [{ ports: [port] }];
        const target = WorkloadTarget.namespace();
        new AuthorizationPolicy(chart, `port-${port}`, { mesh: MESH, target, rules });
      });
    await eventually('200', onPort80);
    await open(80);
    await eventually('403', onPort80);
    await open(8080);
    await eventually('200', onPort80);
  });
});

describe('on a port without HTTP', () => {
  const both = async () => {
    const url = `http://${service.clusterIP}:9000/`;
    const { stdout } = await pod.run(`curl -s -m 2 -o /dev/null -w '%{http_code}' ${url}`, true);
    return { tcp: stdout.trim(), http: await status(pod, '/') };
  };

  beforeAll(async () => {
    await called.run(`setsid '${process.execPath}' /usr/local/bin/application 9000 >/dev/null 2>&1 &`);
    await eventually({ tcp: '200', http: 200 }, both);
  });

  test('callers are told apart, too', async () => {
    await policies.apply((group) => group.allowFrom(LEDGER));
    await eventually({ tcp: '200', http: 200 }, both);
    await policies.apply((group) => group.allowFrom(Caller.namespace('shop')));
    await eventually({ tcp: '000', http: 403 }, both);
  });

  // What meshvm refuses, made by hand: authorization/http-on-tcp-port and authorization/deny-http-without-ports.
  test.each([
    ['a rule that allows a method', { action: 'ALLOW', rules: [{ to: [{ operation: { methods: ['GET'] } }] }] }],
    ['a rule that denies a method', { action: 'DENY', rules: [{ to: [{ operation: { methods: ['DELETE'] } }] }] }],
  ])('%s closes it', async (_what, spec) => {
    await policies.apply((_group, chart) => {
      const manifest = {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'by-hand' },
      };
      new ApiObject(chart, 'by-hand', { ...manifest, spec });
    });
    await eventually({ tcp: '000', http: 200 }, both);
  });
});

describe('tokens', () => {
  const keys = JwtKeys.inline(JSON.stringify({ keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'key' }] }));

  test('a bad one is refused, a good one and none pass', async () => {
    await policies.apply((group) => group.authenticateRequests({ issuer: ISSUER, keys, audiences: ['payments'] }));
    await tokens({
      good: [token({}), 200],
      missing: [undefined, 200],
      'of another key': [token({}, theirs.privateKey), 401],
      expired: [token({ exp: 1_000_000_000 }), 401],
      'of another issuer': [token({ iss: 'https://other.example.com' }), 401],
      'for another audience': [token({ aud: 'shop' }), 403],
      broken: ['a.b.c', 401],
    });
  });

  test('one is demanded of a caller', async () => {
    await policies.apply((group) => {
      const authentication = group.authenticateRequests({ issuer: ISSUER, keys });
      group.allowFrom(LEDGER, { jwt: { authentication } });
    });
    await tokens({
      good: [token({}), 200],
      missing: [undefined, 403],
      'of another key': [token({}, theirs.privateKey), 401],
      'without a subject': [token({ sub: undefined }), 403],
    });
    // A request on a connection that was open before may still meet the old policy.
    await eventually(403, () => status(machine, '/', `-H 'Authorization: Bearer ${token({})}'`));
  });

  test('one with certain claims is demanded', async () => {
    await policies.apply((group) => {
      const authentication = group.authenticateRequests({ issuer: ISSUER, keys });
      group.allowFrom(LEDGER, {
        jwt: { authentication, subjects: ['ada', 'b*'], audiences: ['payments'], claims: { groups: ['admin', 'ops'] } },
      });
    });
    await tokens({
      'a subject and one of the groups': [token({ groups: ['x', 'ops'] }), 200],
      'a prefix of the subject': [token({ sub: 'bob', groups: 'admin' }), 200],
      'another subject': [token({ sub: 'eve', groups: ['ops'] }), 403],
      'another audience': [token({ aud: 'shop', groups: ['ops'] }), 403],
      'another group': [token({ groups: ['x'] }), 403],
      'no groups': [token({}), 403],
    });
  });

  test('one may be elsewhere in the request, and the application gets what it says', async () => {
    await policies.apply((group) =>
      group.authenticateRequests({
        issuer: ISSUER,
        keys,
        locations: [
          JwtLocation.header('x-token', 'Token '),
          JwtLocation.queryParameter('token'),
          JwtLocation.cookie('session'),
        ],
        forwardOriginalToken: true,
        outputPayloadToHeader: 'x-payload',
        outputClaimToHeaders: { 'x-user': 'sub' },
      }),
    );
    const good = token({});
    const bad = token({}, theirs.privateKey);
    const ways = (text: string) => [
      status(pod, '/', `-H 'x-token: Token ${text}'`),
      status(pod, `/?token=${text}`),
      status(pod, '/', `-H 'Cookie: session=${text}'`),
      status(pod, '/', `-H 'Authorization: Bearer ${text}'`),
    ];
    await eventually([401, 401, 401, 200], () => Promise.all(ways(bad)));
    await eventually([200, 200, 200, 200], () => Promise.all(ways(good)));
    const { clusterIP, ports } = service;
    const url = `http://${clusterIP}:${ports[0].port}/`;
    const wanted = { 'x-token': `Token ${good}`, 'x-user': 'ada', 'x-payload': good.split('.')[1] };
    await eventually(wanted, async () => {
      const answer = await pod.output(`curl -s -H 'Host: payment-service.payments' -H 'x-token: Token ${good}' ${url}`);
      const headers = JSON.parse(answer) as Readonly<Record<string, string>>;
      return Object.fromEntries(Object.keys(wanted).map((name) => [name, headers[name]]));
    });
  });

  async function tokens(cases: Readonly<Record<string, readonly [string | undefined, number]>>): Promise<void> {
    const wanted = Object.fromEntries(Object.entries(cases).map(([what, [, expected]]) => [what, expected]));
    await eventually(wanted, async () => {
      const all = Object.entries(cases).map(async ([what, [text]]) => {
        return [what, await status(pod, '/', text === undefined ? '' : `-H 'Authorization: Bearer ${text}'`)] as const;
      });
      return Object.fromEntries(await Promise.all(all));
    });
  }
});

test('the sidecar has taken every configuration', async () => {
  const statistics = await called.output("curl -s '127.0.0.1:15000/stats?filter=update_rejected'");
  expect(statistics).toMatch(/^listener_manager\.lds\.update_rejected: 0$/m);
  expect(statistics).not.toMatch(/update_rejected: [1-9]/);
});

interface Callers {
  readonly pod: number;
  readonly machine: number;
  readonly plainText: number;
}

/** Waits until each caller sees the status. */
function seen(expected: Callers): Promise<void> {
  return eventually(expected, async () => ({
    pod: await status(pod, '/'),
    machine: await status(machine, '/'),
    plainText: await world.plainText(called.address, 8080),
  }));
}

/** Status of a call to the group's Service; 0 without an answer. */
async function status(from: Computer, path: string, options = ''): Promise<number> {
  const { clusterIP, ports } = service;
  const url = `http://${clusterIP}:${ports[0].port}${path}`;
  const host = '-H "Host: payment-service.payments"';
  const { stdout } = await from.run(`curl -s -m 5 -o /dev/null -w '%{http_code}' ${host} ${options} '${url}'`, true);
  return Number(stdout.trim());
}

function token(claims: object, key: KeyObject = ours.privateKey): string {
  return webToken({ iss: ISSUER, sub: 'ada', aud: 'payments', ...claims }, key);
}
