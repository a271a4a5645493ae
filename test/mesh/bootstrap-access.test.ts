import { readFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import { GroupNamespace, IstiodAccess, Mesh, MeshVmGroup, Network } from 'meshvm';
import { EastWestGateway } from '../../lib/gateway/east-west-gateway';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { CONFIG_MAPS, ENTRIES, FORBIDDEN, GATEWAY, object, TOKENS } from './bootstrap-abuses';
import {
  ADMIN,
  type Answer,
  type Caller,
  claimsOf,
  type EntryParts,
  entry,
  groupProps,
  Impersonator,
  LABELS,
  tokenRequest,
} from './bootstrap-access-fixtures';
import {
  ControlPlane,
  healthOf,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type Machine,
  type ManagedProcess,
  type StoredObject,
} from './harness';
import { credentialedMachine } from './machines/credentialed-machine';

const MACHINE: Caller = { user: 'arn:aws:sts::1:assumed-role/vm/i-1', groups: ['meshvm:payments:payment-service'] };
const OTHER_MACHINE: Caller = { user: 'ledger@acme.iam.gserviceaccount.com', groups: [] };

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const API_SERVER = 'https://kubernetes.default.svc.cluster.local';

let controlPlane: ControlPlane;
let impersonator: Impersonator;
let group: MeshVmGroup;

const as = (...call: Parameters<Impersonator['call']>): Promise<Answer> => impersonator.call(...call);

beforeAll(async () => {
  controlPlane = await ControlPlane.start({
    meshId: 'acme',
    clusterName: 'prod-eu',
    network: 'vpc-prod',
    lan: true,
    istiodEnv: { PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '2s' },
  });
  impersonator = new Impersonator(controlPlane.apiServer);
  const mesh = new Mesh(MESH);
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'istio-system' });
  const gateway = new EastWestGateway(platform, 'gateway', { mesh, loadBalancer: LoadBalancer.awsNlb() });
  const payments = new Chart(app, 'payments', { namespace: 'payments' });
  group = new MeshVmGroup(payments, 'payment-service', groupProps(mesh, gateway, controlPlane.lan.cidr));
  new MeshVmGroup(payments, 'ledger', {
    ...groupProps(mesh, gateway, controlPlane.lan.cidr),
    namespace: GroupNamespace.existing(),
    identity: MachineIdentity.gke({ serviceAccountEmail: OTHER_MACHINE.user }),
  });
  await controlPlane.client.mustApply([
    ...objects(payments),
    ...objects(platform).filter(({ kind }) => kind === 'Service'),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    object('v1', 'ServiceAccount', 'payment-service', 'shop'),
    object('v1', 'ServiceAccount', 'admin', 'payments'),
    object('v1', 'ConfigMap', 'payment-service-bootstrap', 'shop'),
    object('v1', 'Secret', 'anchor', 'payments'),
    { ...object('v1', 'Service', 'other', 'istio-system'), spec: { ports: [{ port: 1 }] } },
  ]);
  await controlPlane.rootCertificate('payments');
  await controlPlane.rootCertificate('shop');
  const inForce = async (path: string, bad: unknown, caller: Caller) =>
    (await as(caller, 'POST', path, bad)).status === 403;
  await controlPlane.istiod.process.waitUntil('the guards are in force', async () => {
    const token = await inForce(`${TOKENS}?dryRun=All`, tokenRequest({}), MACHINE);
    const far = entry({ spec: { address: '192.0.2.1' } });
    return token && (await inForce(`${ENTRIES}?dryRun=All`, far, ADMIN));
  });
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe('a machine may', () => {
  test.each([
    ['an hour', { audiences: ['istio-ca'], expirationSeconds: 3600 }],
    ['ten minutes', { audiences: ['istio-ca'], expirationSeconds: 600 }],
    ['the default time', { audiences: ['istio-ca'] }],
  ])('make a token for istiod that lives %s', async (_, spec) => {
    const { status, body } = await as(MACHINE, 'POST', TOKENS, tokenRequest(spec));
    expect([status, body.message]).toStrictEqual([201, undefined]);
    expect(claimsOf((body.status as { readonly token: string }).token)).toMatchObject({
      aud: ['istio-ca'],
      sub: 'system:serviceaccount:payments:payment-service',
    });
  });

  test.each([
    ['its files', `${CONFIG_MAPS}/payment-service-bootstrap`, ['cluster.env', 'mesh.yaml', 'settings.json']],
    ['its agent', `${CONFIG_MAPS}/payment-service-agent`, ['meshvm.py']],
    ['the root certificate', `${CONFIG_MAPS}/istio-ca-root-cert`, ['root-cert.pem']],
  ])('read %s', async (_, path, keys) => {
    const { status, body } = await as(MACHINE, 'GET', path);
    expect(status).toBe(200);
    expect(Object.keys(body.data as JsonObject).sort()).toStrictEqual(keys);
  });

  test("read the gateway's Service", async () => {
    expect((await as(MACHINE, 'GET', GATEWAY)).body).toMatchObject({ metadata: { name: 'istio-eastwestgateway' } });
  });
});

describe('RBAC refuses a machine', () => {
  test.each(FORBIDDEN)('%s', async (_, method, path, ...[body]) => {
    const answer = await as(MACHINE, method, path, body);
    expect(answer).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
    expect(answer.body.message).toContain('cannot');
  });

  test("a machine of another group: this group's token, files and agent", async () => {
    for (const [method, path, body] of [
      ['POST', TOKENS, tokenRequest()],
      ['GET', `${CONFIG_MAPS}/payment-service-bootstrap`],
      ['GET', `${CONFIG_MAPS}/payment-service-agent`],
    ] as const) {
      expect((await as(OTHER_MACHINE, method, path, body)).status).toBe(403);
    }
    const own = await as(OTHER_MACHINE, 'POST', TOKENS.replace('payment-service', 'ledger'), tokenRequest());
    expect(own.status).toBe(201);
  });
});

describe('the token guard refuses a machine', () => {
  test.each<[string, JsonObject]>([
    ['a token without a word on the audience: the API server', {}],
    ['a token for the API server', { audiences: [API_SERVER] }],
    ['a token for istiod and the API server', { audiences: ['istio-ca', API_SERVER] }],
    ['a token for the API server and istiod', { audiences: [API_SERVER, 'istio-ca'] }],
    ['a token for istiod twice', { audiences: ['istio-ca', 'istio-ca'] }],
    ['a token for istiod in other letters', { audiences: ['Istio-CA'] }],
    ['a token for a vault', { audiences: ['vault'] }],
    ['a token of 24 hours', { audiences: ['istio-ca'], expirationSeconds: 86400 }],
    ['a token of an hour and a second', { audiences: ['istio-ca'], expirationSeconds: 3601 }],
    [
      'a token bound to a Secret',
      { audiences: ['istio-ca'], boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'anchor' } },
    ],
  ])('%s', async (_, spec) => {
    expectGuard(await as(MACHINE, 'POST', TOKENS, tokenRequest(spec)), 'token');
  });

  test('also as a dry run and in the other group of its credentials', async () => {
    const caller = { user: MACHINE.user, groups: ['team-a', ...MACHINE.groups] };
    expectGuard(await as(caller, 'POST', `${TOKENS}?dryRun=All`, tokenRequest({ audiences: ['vault'] })), 'token');
  });

  test('but nobody else: what others do with the ServiceAccount is theirs', async () => {
    const spec = { audiences: ['vault'], expirationSeconds: 86400 };
    expect((await as(ADMIN, 'POST', TOKENS, tokenRequest(spec))).status).toBe(201);
  });
});

describe('the registration guard', () => {
  test.each<[string, JsonObject]>([
    ['an IPv4 address of the group', {}],
    ['an IPv6 address of the group', { address: 'fd00:20::7' }],
    ['an IPv6 address in long form and upper case', { address: 'FD00:0020:0:0:0:0:0:8' }],
    ['the label that istiod adds for HBONE', { labels: { ...LABELS, 'networking.istio.io/tunnel': 'http' } }],
  ])('lets istiod register %s', async (_, spec) => {
    const { status, body } = await as(ADMIN, 'POST', `${ENTRIES}?dryRun=All`, entry({ spec }));
    expect([status, body.message]).toStrictEqual([201, undefined]);
  });

  // Billing has no guards: a label of ledger is refused by ledger's own, too, and the API server names one of those who refuse.
  test.each<[string, EntryParts]>([
    ["another application's label", { spec: { labels: { ...LABELS, app: 'billing' } } }],
    [
      "another application's canonical name",
      { spec: { labels: { ...LABELS, 'service.istio.io/canonical-name': 'billing' } } },
    ],
    ['another version', { spec: { labels: { ...LABELS, version: 'v9' } } }],
    ['a label of its own', { spec: { labels: { ...LABELS, role: 'database' } } }],
    ["the mesh's label for another network", { spec: { labels: { ...LABELS, 'topology.istio.io/network': 'dc-1' } } }],
    ['a label too few', { spec: { labels: { app: 'payment-service' } } }],
    ['no labels', { spec: { labels: undefined } }],
    ["another application's label in the metadata, which istiod prefers", { metadata: { labels: { app: 'billing' } } }],
    ['a label of its own in the metadata', { metadata: { labels: { role: 'database' } } }],
    ['another ServiceAccount', { spec: { serviceAccount: 'ledger' } }],
    ['no ServiceAccount', { spec: { serviceAccount: undefined } }],
    ['another network', { spec: { network: 'dc-1' } }],
    ['no network', { spec: { network: undefined } }],
    ['an address outside', { spec: { address: '10.99.0.1' } }],
    ['an address just outside', { spec: { address: '10.20.1.0' } }],
    ['an IPv6 address outside', { spec: { address: 'fd00:21::1' } }],
    ['an IPv6 address outside whose zeros are left out', { spec: { address: 'fd00::20:1' } }],
    ['an IPv4 address in an IPv6 one', { spec: { address: '::ffff:10.20.0.5' } }],
    ['an IPv6 address with a zone', { spec: { address: 'fd00:20::7%eth0' } }],
    ['an address with leading zeros', { spec: { address: '010.020.000.005' } }],
    ['the loopback address', { spec: { address: '127.0.0.1' } }],
    ["the cloud's metadata service", { spec: { address: '169.254.169.254' } }],
    ['a host name', { spec: { address: 'evil.example.com' } }],
    ['a host name that starts like an address', { spec: { address: '10.20.0.5.example.com' } }],
    ['a socket of the proxies', { spec: { address: 'unix:///var/run/secrets/x.sock', ports: undefined } }],
    ['no address', { spec: { address: undefined } }],
    [
      'no probe, which would be in service whatever its application does',
      { annotations: { 'istio.io/autoRegistrationGroup': 'payment-service' } },
    ],
  ])('refuses a machine with %s', async (_, parts) => {
    expectGuard(await as(ADMIN, 'POST', `${ENTRIES}?dryRun=All`, entry(parts)), 'registration');
  });

  test.each(['v1beta1', 'v1alpha3'])('refuses it under the old name %s too', async (version) => {
    const bad = { ...entry({ spec: { address: '10.99.0.1' } }), apiVersion: `networking.istio.io/${version}` };
    expectGuard(await as(ADMIN, 'POST', `${ENTRIES.replace('/v1/', `/${version}/`)}?dryRun=All`, bad), 'registration');
  });

  describe('refuses to change a registered entry', () => {
    beforeAll(async () => {
      await controlPlane.client.create(entry({ name: 'registered' }) as KubernetesObject);
    });

    const others = { app: 'billing', 'service.istio.io/canonical-name': 'billing' };
    test.each<[string, Json]>([
      ["to another application's label", { spec: { labels: { app: 'billing' } } }],
      ["to another application's label in the metadata", { metadata: { labels: { app: 'billing' } } }],
      ['to a further label', { spec: { labels: { role: 'database' } } }],
      ['to no labels', { spec: { labels: null } }],
      ['to another address', { spec: { address: '10.99.0.1' } }],
      ['to another ServiceAccount', { spec: { serviceAccount: 'ledger' } }],
      ['to another network', { spec: { network: null } }],
      ['to an entry of nobody', { metadata: { annotations: { 'istio.io/autoRegistrationGroup': null } } }],
      // With labels of the application its guard refuses it, too, and the API server names one of the two.
      [
        'to an entry of another group',
        {
          metadata: { annotations: { 'istio.io/autoRegistrationGroup': 'unguarded' }, labels: others },
          spec: { labels: others },
        },
      ],
      ['to no probe', { metadata: { annotations: { 'proxy.istio.io/health-checks-enabled': null } } }],
      ['by losing all annotations', { metadata: { annotations: null }, spec: { labels: { app: 'billing' } } }],
    ])('%s', async (_, patch) => {
      const answer = await as(ADMIN, 'PATCH', `${ENTRIES}/registered?dryRun=All`, patch);
      expectGuard(answer, 'registration');
    });

    test('by server-side apply', async () => {
      const bad = entry({ name: 'registered', spec: { address: '10.99.0.1' } });
      const answer = await as(
        ADMIN,
        'PATCH',
        `${ENTRIES}/registered?fieldManager=x&force=true`,
        bad,
        'application/apply-patch+yaml',
      );
      expectGuard(answer, 'registration');
    });
  });

  test('judges an entry that is made one of the group as a new one', async () => {
    const outside = entry({ name: 'foreign', annotations: {}, spec: { address: '10.99.0.1' } });
    await controlPlane.client.create(outside as KubernetesObject);
    const adopt = { metadata: { annotations: { 'istio.io/autoRegistrationGroup': 'payment-service' } } };
    expectGuard(await as(ADMIN, 'PATCH', `${ENTRIES}/foreign?dryRun=All`, adopt), 'registration');
  });

  test.each<[string, EntryParts, string]>([
    ['an entry that nobody registered', { annotations: {}, spec: { address: '10.99.0.1' } }, 'payments'],
    [
      'an annotation in other letters, which istiod does not know',
      { annotations: { 'istio.io/autoregistrationgroup': 'payment-service' }, spec: { address: '10.99.0.1' } },
      'payments',
    ],
    [
      'an entry of a group without a guard, with labels of its own',
      {
        annotations: { 'istio.io/autoRegistrationGroup': 'unguarded' },
        metadata: { labels: { app: 'till' } },
        spec: { labels: { app: 'till' }, address: '10.99.0.1' },
      },
      'payments',
    ],
    ['an entry of the same group name in another namespace', { spec: { address: '10.99.0.1' } }, 'shop'],
  ])('leaves %s to RBAC', async (_, parts, namespace) => {
    const path = `${ENTRIES.replace('/payments/', `/${namespace}/`)}?dryRun=All`;
    const bad = entry(parts);
    const { status } = await as(ADMIN, 'POST', path, { ...bad, metadata: { ...bad.metadata, namespace } });
    expect(status).toBe(201);
  });
});

describe('a real machine', () => {
  let machine: Machine;
  let application: ManagedProcess;
  let name: string;
  const current = () => controlPlane.client.get('networking.istio.io/v1', 'WorkloadEntry', name, 'payments');

  test('joins with the files and the token that its own rights give it, and istiod keeps it up to date', async () => {
    machine = await joined('vm-good');
    name = `payment-service-${machine.address}-vpc-prod`;
    await machine.startSidecar().waitUntil('it is registered', current);
    await istiodSays(`auto-registered WorkloadEntry payments/${name}`);
    const answer = "require('http').createServer((_, r) => r.end('ok')).listen(8080, '0.0.0.0')";
    application = machine.start('application', process.execPath, ['-e', answer]);
    await application.waitUntil('istiod calls it healthy', async () => healthOf(await current()) === 'Healthy');
    const { spec, metadata } = (await current()) as StoredObject;
    expect(spec).toMatchObject({ labels: group.labels, serviceAccount: 'payment-service', network: 'vpc-prod' });
    expect(metadata.annotations).toMatchObject({ 'istio.io/autoRegistrationGroup': 'payment-service' });
  });

  test("is refused when it claims another application's label, and istiod says so", async () => {
    const liar = await joined('vm-liar', (env) => env.replaceAll('"app":"payment-service"', '"app":"billing"'));
    liar.startSidecar();
    await istiodSays('must have the labels of its group and no others');
    const entries = await controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
    expect(entries.map(({ spec }) => (spec as JsonObject).address)).not.toContain(liar.address);
    await liar.kill();
  });

  test('is refused when it claims an address outside, and istiod says so', async () => {
    const liar = await joined('vm-far', (env) => env, '10.99.0.1');
    liar.startSidecar();
    await istiodSays('must have an address in');
    await liar.kill();
  });

  test('can be taken out by istiod after a tighter guard no longer allows it', async () => {
    const tight = new Chart(new App(), 'tight', { namespace: 'payments' });
    new MeshVmGroup(tight, 'payment-service', {
      ...groupProps(group.mesh, undefined, '172.31.255.0/24'),
      mesh: new Mesh({ ...MESH, istiodAccess: IstiodAccess.dnsName('istiod.example.com') }),
      version: 'v2',
      network: Network.flat(['172.31.255.0/24']),
    });
    const policy = objects(tight).filter(
      ({ metadata }) => metadata.name === 'meshvm.payments.payment-service.registration',
    );
    expect(policy).toHaveLength(2);
    await controlPlane.client.mustApply(policy);
    await controlPlane.istiod.process.waitUntil('the tighter guard is in force', async () => {
      return (await as(ADMIN, 'POST', `${ENTRIES}?dryRun=All`, entry())).status !== 201;
    });
    await application.kill();
    await controlPlane.istiod.process.waitUntil('istiod calls it unhealthy', async () => {
      return healthOf(await current()) === 'Unhealthy';
    });
    await machine.kill();
    await controlPlane.istiod.process.waitUntil('the entry is gone', async () => (await current()) === undefined);
    await istiodSays(`updated auto-registered WorkloadEntry payments/${name} as disconnected`);
    expect(istiodLog()).not.toMatch(/disconnect: failed updating WorkloadEntry/);
  });

  /** A machine with the credentials of its group, after `clusterEnv` of the file. */
  function joined(name: string, clusterEnv = (env: string) => env, address?: string): Promise<Machine> {
    return credentialedMachine(controlPlane, impersonator, {
      ...{ name, clusterEnv },
      env: address === undefined ? {} : { ISTIO_SVC_IP: address },
      caller: MACHINE,
      group: 'payment-service',
    });
  }
});

function objects(chart: Chart): readonly KubernetesObject[] {
  return chart.toJson() as KubernetesObject[];
}

/** Refused by the group's own guard, and by nothing else. */
function expectGuard({ status, body }: Answer, guard: 'token' | 'registration'): void {
  expect(body.message).toContain(`ValidatingAdmissionPolicy 'meshvm.payments.payment-service.${guard}'`);
  expect(body.message).not.toContain('expression');
  expect(status).toBe(403);
}

function istiodLog(): string {
  return readFileSync(controlPlane.istiod.process.logFile, 'utf8');
}

async function istiodSays(words: string): Promise<void> {
  await controlPlane.istiod.process.waitUntil(`it says: ${words}`, () => istiodLog().includes(words));
}
