import { readFileSync } from 'node:fs';
import { App, Chart } from 'cdk8s';
import { GroupNamespace, IstiodAccess, Mesh, MeshVmGroup } from 'meshvm';
import { ENTRIES, object } from './bootstrap-abuses';
import {
  ADMIN,
  type Answer,
  type Caller,
  type EntryParts,
  entry,
  groupProps,
  Impersonator,
  LABELS,
} from './bootstrap-access-fixtures';
import { ControlPlane, type JsonObject, type KubernetesObject, type Machine } from './harness';
import { credentialedMachine } from './machines/credentialed-machine';

const LEDGER: Caller = { user: 'arn:aws:sts::1:assumed-role/vm/i-1', groups: ['meshvm:payments:ledger'] };
const GROUP = 'istio.io/autoRegistrationGroup';
const APPLICATION = 'meshvm/application';
/** A WorkloadGroup as people write it: it names no ServiceAccount, so istiod takes every identity of the namespace for it. */
const HANDMADE = 'handmade';

let controlPlane: ControlPlane;
let impersonator: Impersonator;
let guards: readonly KubernetesObject[];

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
  const mesh = new Mesh({
    meshId: 'acme',
    clusterName: 'prod-eu',
    network: 'vpc-prod',
    istioVersion: '1.31.1',
    istiodAccess: IstiodAccess.dnsName('istiod.example.com'),
  });
  const payments = new Chart(new App(), 'payments', { namespace: 'payments' });
  const props = groupProps(mesh, undefined, controlPlane.lan.cidr);
  const namespace = GroupNamespace.existing();
  new MeshVmGroup(payments, 'payment-service', props);
  const second = { canonicalService: 'payment-service', version: 'v2', services: [] };
  new MeshVmGroup(payments, 'payment-service-v2', { ...props, ...second, namespace });
  new MeshVmGroup(payments, 'ledger', { ...props, namespace });
  const objects = payments.toJson() as KubernetesObject[];
  const isApplicationGuard = ({ metadata }: KubernetesObject) => metadata.name.endsWith('.application');
  guards = objects.filter(isApplicationGuard);
  await controlPlane.client.mustApply([
    ...objects.filter((each) => !isApplicationGuard(each)),
    { ...object('networking.istio.io/v1', 'WorkloadGroup', HANDMADE), spec: { template: {} } },
  ]);
  await controlPlane.rootCertificate('payments');
});

afterAll(async () => {
  await controlPlane?.stop();
});

test('without the guard istiod takes a machine of another group for one of the application', async () => {
  const liar = await liarOf('vm-before');
  const name = `${HANDMADE}-${liar.address}-vpc-prod`;
  await liar.startSidecar().waitUntil('it is registered', () => registered(name));
  expect((await registered(name))?.spec).toMatchObject({ address: liar.address, labels: LABELS });
  await liar.kill();
  await controlPlane.istiod.process.waitUntil('the entry is gone', async () => (await registered(name)) === undefined);
});

describe('with the guard', () => {
  beforeAll(async () => {
    await controlPlane.client.create(
      entry({ name: 'from-before', annotations: { [GROUP]: HANDMADE } }) as KubernetesObject,
    );
    await controlPlane.client.mustApply(guards);
    await controlPlane.istiod.process.waitUntil('the guards are in force', async () => {
      return (await registration({ annotations: { [GROUP]: HANDMADE } })).status === 403;
    });
  });

  test('istiod refuses it, and says so', async () => {
    const liar = await liarOf('vm-after');
    liar.startSidecar();
    await controlPlane.istiod.process.waitUntil('it refuses the machine', () =>
      istiodLog().includes('only a machine of payment-service registers with its labels'),
    );
    expect(await registered(`${HANDMADE}-${liar.address}-vpc-prod`)).toBeUndefined();
    await liar.kill();
  });

  const own = { labels: { app: 'till' } };
  const handmade = { annotations: { [GROUP]: HANDMADE } };
  test.each<[string, EntryParts]>([
    ['with all labels of a group', handmade],
    [
      "with a version that no group has, for the application's Services ask for none",
      { ...handmade, metadata: own, spec: { labels: { app: 'payment-service', version: 'evil' } } },
    ],
    [
      'with the label in the metadata alone, which istiod prefers',
      { ...handmade, spec: own, metadata: { labels: { app: 'payment-service' } } },
    ],
    [
      'with the canonical name alone, by which telemetry calls it',
      { ...handmade, metadata: own, spec: { labels: { 'service.istio.io/canonical-name': 'payment-service' } } },
    ],
    [
      'by a WorkloadGroup of another application',
      { annotations: { [GROUP]: HANDMADE, [APPLICATION]: 'till' }, spec: { labels: { app: 'payment-service' } } },
    ],
    [
      'by a WorkloadGroup of the application, with all labels of another group of it',
      { annotations: { [GROUP]: HANDMADE, [APPLICATION]: 'payment-service' } },
    ],
  ])('no machine registers as the application %s', async (_, parts) => {
    expectGuard(await registration(parts));
  });

  test.each<[string, JsonObject]>([
    ['labels', { spec: { labels: { app: 'payment-service' } } }],
    ['labels in the metadata', { metadata: { labels: { app: 'payment-service' } } }],
  ])('no entry takes the %s later', async (_, patch) => {
    await controlPlane.client.apply([
      entry({ name: 'till', ...handmade, metadata: own, spec: own }) as KubernetesObject,
    ]);
    expectGuard(await as(ADMIN, 'PATCH', `${ENTRIES}/till?dryRun=All`, patch));
  });

  test('no entry that somebody wrote becomes a registered one', async () => {
    await controlPlane.client.create(entry({ name: 'written', annotations: {} }) as KubernetesObject);
    const adopt = { metadata: { annotations: { [GROUP]: HANDMADE } } };
    expectGuard(await as(ADMIN, 'PATCH', `${ENTRIES}/written?dryRun=All`, adopt));
  });

  test.each<[string, EntryParts]>([
    ['machines of other applications', { ...handmade, metadata: own, spec: own }],
    [
      'a group with another version of the application that says so',
      {
        annotations: { [GROUP]: HANDMADE, [APPLICATION]: 'payment-service' },
        metadata: { labels: { app: 'payment-service', version: 'v3' } },
        spec: { labels: { app: 'payment-service', version: 'v3' } },
      },
    ],
    ['entries that somebody writes', { annotations: {} }],
  ])('leaves %s alone', async (_, parts) => {
    const { status, body } = await registration(parts);
    expect([status, body.message]).toStrictEqual([201, undefined]);
  });

  test('istiod goes on updating and removing what was registered before', async () => {
    const patch = { metadata: { annotations: { 'istio.io/disconnectedAt': '2026-01-01T00:00:00Z' } } };
    expect((await as(ADMIN, 'PATCH', `${ENTRIES}/from-before?dryRun=All`, patch)).status).toBe(200);
    expect((await as(ADMIN, 'DELETE', `${ENTRIES}/from-before?dryRun=All`)).status).toBe(200);
  });

  test('machines of a second group of the application register with what istiod copies from it', async () => {
    const machine = await machineOf('vm-v2', 'payment-service-v2', (env) => env);
    const name = `payment-service-v2-${machine.address}-vpc-prod`;
    await machine.startSidecar().waitUntil('it is registered', () => registered(name));
    expect((await registered(name))?.metadata.annotations).toMatchObject({ [APPLICATION]: 'payment-service' });
    await machine.kill();
  });
});

/** A machine of the group `ledger` that says it is of the handmade one, and has the labels of another group. */
function liarOf(host: string): Promise<Machine> {
  return machineOf(host, 'ledger', (env) =>
    env
      .replace(/^ISTIO_META_AUTO_REGISTER_GROUP=.*$/m, `ISTIO_META_AUTO_REGISTER_GROUP='${HANDMADE}'`)
      .replace(/^ISTIO_METAJSON_LABELS=.*$/m, `ISTIO_METAJSON_LABELS='${JSON.stringify(LABELS)}'`),
  );
}

/** A machine with the credentials of a group, after `change` of cluster.env. */
function machineOf(name: string, group: string, change: (env: string) => string): Promise<Machine> {
  return credentialedMachine(controlPlane, impersonator, {
    ...{ name, group },
    caller: { ...LEDGER, groups: [`meshvm:payments:${group}`] },
    clusterEnv: (text) => change(text).replace(/^CA_ADDR=.*\n/m, ''),
    meshYaml: (text) => text.replaceAll('istiod.example.com:15012', 'istiod.istio-system.svc:15012'),
  });
}

function registered(name: string) {
  return controlPlane.client.get('networking.istio.io/v1', 'WorkloadEntry', name, 'payments');
}

/** What istiod does when a machine connects: it makes an entry. */
function registration(parts: EntryParts): Promise<Answer> {
  return as(ADMIN, 'POST', `${ENTRIES}?dryRun=All`, entry(parts));
}

function istiodLog(): string {
  return readFileSync(controlPlane.istiod.process.logFile, 'utf8');
}

/** Refused by the guard of an application, and by nothing else. */
function expectGuard({ status, body }: Answer): void {
  expect(body.message).toMatch(/ValidatingAdmissionPolicy 'meshvm\.payments\.payment-service(-v2)?\.application'/);
  expect(body.message).not.toContain('expression');
  expect(status).toBe(403);
}
