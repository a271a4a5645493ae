import { MeshVmGroup, type MeshVmGroupArgs } from 'meshvm/pulumi';
import { Cluster } from './engine/cluster';
import { Engine, type ProgramStack } from './engine/engine';
import { joining } from './engine/everything';

/** A group on Pulumi's own engine: what a change does to it, and what never happens to it. */
let cluster: Cluster;
let engine: Engine;
let stack: ProgramStack;

beforeAll(async () => {
  cluster = await Cluster.start();
  engine = await Engine.start(cluster.controlPlane);
  stack = await engine.stack();
});

afterAll(async () => {
  await cluster?.stop();
});

const GROUP: Partial<MeshVmGroupArgs> = { name: 'pay', gateway: { serviceName: 'istio-eastwestgateway' } };

function up(args: Partial<MeshVmGroupArgs> = {}, component = 'payments') {
  return stack.set(() => void new MeshVmGroup(component, joining({ ...GROUP, ...args }))).up();
}

/** What tells an object from one that was made anew. */
async function uid(apiVersion: string, kind: string, name: string, namespace?: string): Promise<unknown> {
  return (await cluster.client.get(apiVersion, kind, name, namespace))?.metadata.uid;
}

const bundleUid = () => uid('v1', 'ConfigMap', 'pay-bootstrap', 'payments');

async function bundle(): Promise<string> {
  const map = await cluster.client.get('v1', 'ConfigMap', 'pay-bootstrap', 'payments');
  return JSON.stringify(map?.data);
}

test('is made, and then nothing changes', async () => {
  expect((await up()).failure).toBeUndefined();
  expect(await up()).toMatchObject({ failure: undefined, changes: [] });
});

test.each<readonly [string, Partial<MeshVmGroupArgs>]>([
  ['a label', { labels: { team: 'money' } }],
  ['a port', { ports: [{ name: 'http', port: 8081 }], probe: { httpGet: { port: 8081, path: '/healthz' } } }],
  ['a probe', { probe: { httpGet: { port: 8080, path: '/ready' } } }],
  ['the weight', { weight: 7 }],
  ['the Istio version', { mesh: { ...joining().mesh, istioVersion: '1.31.2' } }],
])('%s is changed in place, and back', async (_, change) => {
  const before = await bundleUid();
  const there = await up(change);
  expect(there.failure).toBeUndefined();
  expect(there.changes).not.toStrictEqual([]);
  expect(there.changes.filter((each) => !each.startsWith('update '))).toStrictEqual([]);
  expect((await up()).failure).toBeUndefined();
  expect(await bundleUid()).toBe(before);
});

test('a component that is renamed keeps its objects', async () => {
  const before = [await bundleUid(), await uid('v1', 'Namespace', 'payments')];
  expect(await up({}, 'renamed')).toMatchObject({ failure: undefined, changes: [] });
  expect([await bundleUid(), await uid('v1', 'Namespace', 'payments')]).toStrictEqual(before);
  expect(await up()).toMatchObject({ failure: undefined, changes: [] });
});

test('a second stack that declares the same group is refused, and leaves all of it as it is', async () => {
  const before = await bundle();
  const second = await engine.stack({ stack: 'second' });
  second.set(() => void new MeshVmGroup('mine', joining({ ...GROUP, labels: { team: 'other' } })));
  const { failure } = await second.up();
  expect(failure).toContain('.metadata.annotations.meshvm/declared-by');
  expect((await second.destroy()).failure).toBeUndefined();
  expect(await bundle()).toBe(before);
  expect(await up()).toMatchObject({ failure: undefined, changes: [] });
});

test('a WorkloadGroup that is refused leaves guards and bundle as they were, and the next up mends it', async () => {
  const before = await bundle();
  await cluster.client.mustApply(NO_WORKLOAD_GROUPS);
  const refused = await until(
    () => up({ labels: { team: 'late' } }),
    ({ failure }) => failure !== undefined,
  );
  expect(refused.failure).toContain('not today');
  expect(await bundle()).toBe(before);
  for (const object of NO_WORKLOAD_GROUPS) await cluster.client.delete(object);
  const mended = await until(
    () => up({ labels: { team: 'late' } }),
    ({ failure }) => failure === undefined,
  );
  expect(mended.failure).toBeUndefined();
  expect(await bundle()).not.toBe(before);
  expect((await up()).failure).toBeUndefined();
});

test('destroy leaves the namespace alone, with what others have in it', async () => {
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'others', namespace: 'payments' } };
  await cluster.client.mustApply(other);
  expect((await stack.destroy()).failure).toBeUndefined();
  expect(await bundleUid()).toBeUndefined();
  expect(await uid('v1', 'ConfigMap', 'others', 'payments')).toBeDefined();
});

/** Policies take a moment to act, and to stop. */
async function until<T>(run: () => Promise<T>, done: (result: T) => boolean): Promise<T> {
  let result = await run();
  for (let rounds = 0; rounds < 5 && !done(result); rounds += 1) {
    expect((await up()).failure).toBeUndefined();
    result = await run();
  }
  return result;
}

const name = 'no-workload-groups';
const NO_WORKLOAD_GROUPS = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['networking.istio.io'],
            apiVersions: ['*'],
            operations: ['UPDATE'],
            resources: ['workloadgroups'],
          },
        ],
      },
      validations: [{ expression: "object.metadata.namespace != 'payments'", message: 'not today' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  },
];
