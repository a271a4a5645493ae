import { App, Chart } from 'cdk8s';
import { IstiodAccess, KubernetesSubject, Mesh, MeshVmGroup } from 'meshvm';
import { CONFIG_MAPS, NAMESPACES, object } from './bootstrap-abuses';
import { ADMIN, type Answer, type Caller, groupProps, Impersonator } from './bootstrap-access-fixtures';
import { ControlPlane, type JsonObject, type KubernetesObject } from './harness';

/** Whoever has Kubernetes' role `edit` in the namespace, as far as it concerns ConfigMaps. */
const EDITOR: Caller = { user: 'developer', groups: ['system:authenticated'] };
/** Has no right but that to ConfigMaps either; the group names it. */
const GITOPS: Caller = { user: 'system:serviceaccount:flux-system:kustomize-controller', groups: [] };
/** Has the same name in a namespace that its owner may make. */
const NAMESAKE: Caller = { user: 'system:serviceaccount:payments:kustomize-controller', groups: [] };
/** May change policies, and ConfigMaps as the editor. */
const PLATFORM: Caller = { user: 'platform', groups: [] };

const BUNDLE = `${CONFIG_MAPS}/payment-service-bootstrap`;
const AGENT = `${CONFIG_MAPS}/payment-service-agent`;
const APPLY = 'application/apply-patch+yaml';
/** What made an editor root on every machine of a group. */
const EVIL = { data: { 'cluster.env': "LD_PRELOAD='/tmp/evil.so'\n" } };

let controlPlane: ControlPlane;
let impersonator: Impersonator;

const as = (...call: Parameters<Impersonator['call']>): Promise<Answer> => impersonator.call(...call);

beforeAll(async () => {
  controlPlane = await ControlPlane.start();
  impersonator = new Impersonator(controlPlane.apiServer);
  const mesh = new Mesh({
    meshId: 'acme',
    clusterName: 'prod-eu',
    network: 'vpc-prod',
    istioVersion: '1.31.1',
    istiodAccess: IstiodAccess.dnsName('istiod.example.com'),
  });
  const payments = new Chart(new App(), 'payments', { namespace: 'payments' });
  new MeshVmGroup(payments, 'payment-service', {
    ...groupProps(mesh, undefined, '10.20.0.0/24'),
    bootstrap: { editors: [KubernetesSubject.serviceAccount('flux-system', 'kustomize-controller')] },
  });
  const editors = [EDITOR, GITOPS, NAMESAKE, PLATFORM].map(({ user }) => user);
  await controlPlane.client.mustApply([
    ...(payments.toJson() as KubernetesObject[]),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ...['payments', 'shop'].flatMap((namespace) => [
      role('Role', 'edit', { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }, namespace),
      binding('RoleBinding', 'edit', editors, namespace),
    ]),
    role('ClusterRole', 'policies', {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingadmissionpolicies'],
      verbs: ['patch'],
    }),
    binding('ClusterRoleBinding', 'policies', [PLATFORM.user]),
    object('v1', 'ConfigMap', 'application'),
    object('v1', 'ConfigMap', 'payment-service-bootstrap', 'shop'),
  ]);
  await controlPlane.istiod.process.waitUntil('the guard is in force', async () => {
    return (await as(EDITOR, 'PATCH', `${BUNDLE}?dryRun=All`, EVIL)).status !== 200;
  });
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe('an editor of the namespace can not', () => {
  const bundle = { ...object('v1', 'ConfigMap', 'payment-service-bootstrap'), ...EVIL };
  test.each<[string, string, string, unknown?, string?]>([
    ['change what the machines run as root', 'PATCH', BUNDLE, EVIL],
    ['replace it', 'PUT', BUNDLE, bundle],
    ['apply another', 'PATCH', `${BUNDLE}?fieldManager=kubectl&force=true`, bundle, APPLY],
    ['change a label of it', 'PATCH', BUNDLE, { metadata: { labels: { a: 'b' } } }],
    ['give it an owner, so that it is cleaned up', 'PATCH', BUNDLE, { metadata: { ownerReferences: owner() } }],
    ['remove it', 'DELETE', BUNDLE],
    ['remove it together with all others', 'DELETE', CONFIG_MAPS],
    ['change the agent', 'PATCH', AGENT, { data: { 'meshvm.py': '' } }],
    ['remove the agent', 'DELETE', AGENT],
    ['make one where there is none', 'POST', CONFIG_MAPS, bundle],
  ])('%s', async (_, method, path, ...[body, type]) => {
    const separator = path.includes('?') ? '&' : '?';
    expectGuard(await as(EDITOR, method, `${path}${separator}dryRun=All`, body, type));
    if (path !== CONFIG_MAPS || method === 'POST') expectGuard(await as(EDITOR, method, path, body, type));
  });

  test('take the name of an editor in the namespace that is his', async () => {
    expectGuard(await as(NAMESAKE, 'PATCH', BUNDLE, EVIL));
  });
});

describe('an editor of the namespace goes on to', () => {
  test.each<[string, string]>([
    ['change ConfigMaps of applications', `${CONFIG_MAPS}/application`],
    ['change one of the same name in another namespace', `${NAMESPACES}/shop/configmaps/payment-service-bootstrap`],
  ])('%s', async (_, path) => {
    expect((await as(EDITOR, 'PATCH', path, { data: { a: 'b' } })).status).toBe(200);
  });
});

describe('the files of the machines are changed', () => {
  test.each<[string, Caller]>([
    ['by the editor that the group names', GITOPS],
    ['by whoever may change the guard itself', PLATFORM],
    ['by the administrator', ADMIN],
  ])('%s', async (_, caller) => {
    const data = { 'settings.json': '{}' };
    expect((await as(caller, 'PATCH', `${BUNDLE}?dryRun=All`, { data })).status).toBe(200);
    const applied = { ...object('v1', 'ConfigMap', 'payment-service-agent'), data: { 'meshvm.py': '' } };
    const path = `${AGENT}?dryRun=All&fieldManager=${caller.user.split(':').at(-1)}&force=true`;
    expect((await as(caller, 'PATCH', path, applied, APPLY)).status).toBe(200);
    expect((await as(caller, 'DELETE', `${AGENT}?dryRun=All`)).status).toBe(200);
  });

  test('by what removes a namespace, which can do nothing else with them', async () => {
    const remover = { user: 'system:serviceaccount:kube-system:namespace-controller', groups: [] };
    await controlPlane.client.mustApply(binding('RoleBinding', 'edit', [remover.user], 'payments', 'remover'));
    await controlPlane.istiod.process.waitUntil('it has its right', async () => {
      return (await as(remover, 'DELETE', `${BUNDLE}?dryRun=All`)).status === 200;
    });
    expectGuard(await as(remover, 'PATCH', `${BUNDLE}?dryRun=All`, EVIL));
  });

  test('by what removes the objects of an owner that is gone, as Kubernetes lets it everywhere', async () => {
    const collector = { user: 'system:serviceaccount:kube-system:generic-garbage-collector', groups: [] };
    expect((await as(collector, 'DELETE', `${BUNDLE}?dryRun=All`)).status).toBe(200);
  });
});

function owner(): readonly JsonObject[] {
  return [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: '0aa5c9f4-0000-4000-8000-000000000000' }];
}

function role(kind: string, name: string, rule: JsonObject, namespace?: string): KubernetesObject {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules: [rule] } as KubernetesObject;
}

function binding(
  kind: string,
  role: string,
  users: readonly string[],
  namespace?: string,
  name = role,
): KubernetesObject {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup, kind: kind.replace('Binding', ''), name: role },
    subjects: users.map((user) => ({ apiGroup, kind: 'User', name: user })),
  } as KubernetesObject;
}

function expectGuard({ status, body }: Answer): void {
  expect(body.message).toContain("ValidatingAdmissionPolicy 'meshvm.payments.payment-service.config'");
  expect(body.message).toContain('or an editor that the group names, changes it');
  expect(status).toBe(403);
}
