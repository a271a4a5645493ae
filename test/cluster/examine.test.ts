import { examine } from '../../lib/cluster/examine';
import { type Answers, asking } from './clusters';

const API = {
  '/api/v1': {
    resources: [
      { name: 'services', kind: 'Service', namespaced: true },
      { name: 'services/status', kind: 'Service' },
    ],
  },
  '/apis/networking.istio.io/v1': { resources: [{ name: 'workloadgroups', kind: 'WorkloadGroup', namespaced: true }] },
};
const GROUP = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadGroup',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { metadata: { labels: { app: 'web' } }, template: { ports: { http: 80 } } },
};
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { selector: { app: 'web' } },
};
const PATHS = {
  group: '/apis/networking.istio.io/v1/namespaces/shop/workloadgroups/web',
  service: '/api/v1/namespaces/shop/services/web',
  services: '/api/v1/namespaces/shop/services',
  entries: '/apis/networking.istio.io/v1/namespaces/shop/workloadentries',
  hosts: '/apis/networking.istio.io/v1/namespaces/shop/serviceentries',
};
const APPLIED: Answers = {
  ...API,
  [PATHS.group]: GROUP,
  [PATHS.service]: SERVICE,
  [PATHS.services]: { items: [SERVICE] },
  [PATHS.entries]: { items: [] },
  [PATHS.hosts]: { items: [] },
};

function run(objects: readonly unknown[], answers: Answers, forbidden: readonly string[] = [], group?: string) {
  const nobody = () => Promise.reject(new Error('nobody'));
  return examine(objects, { ask: asking(answers, forbidden), lookup: nobody, dial: nobody }, group);
}

test('what is applied as it was written gives the state of the group alone', async () => {
  expect(await run([GROUP, SERVICE], APPLIED)).toStrictEqual([
    { level: 'note', subject: 'WorkloadGroup shop/web', text: 'no machine has registered yet' },
  ]);
});

test('what is not there, is another, or is of an unknown kind is wrong', async () => {
  const answers = {
    ...APPLIED,
    [PATHS.service]: undefined,
    [PATHS.group]: { ...GROUP, spec: { ...GROUP.spec, template: {} } },
  };
  const unknown = { apiVersion: 'acme.example/v1', kind: 'Thing', metadata: { name: 'a' } };
  const findings = await run([GROUP, SERVICE, unknown], answers);
  expect(findings.filter(({ level }) => level === 'wrong')).toStrictEqual([
    { level: 'wrong', subject: 'WorkloadGroup shop/web', text: 'spec.template.ports is missing: apply it again' },
    { level: 'wrong', subject: 'Service shop/web', text: 'is not there: apply it' },
    { level: 'wrong', subject: 'Thing a', text: 'the cluster serves no acme.example/v1 Thing: its CRDs are missing' },
  ]);
});

test('machines that nobody selects are wrong, and those of a group that serves nothing are not', async () => {
  const answers = { ...APPLIED, [PATHS.services]: { items: [] } };
  expect(await run([GROUP], answers)).toContainEqual({
    level: 'wrong',
    subject: 'WorkloadGroup shop/web',
    text: expect.stringMatching(/^no Service and no ServiceEntry of shop selects its machines/),
  });
  const client = { ...GROUP, spec: { ...GROUP.spec, template: {} } };
  const findings = await run([client], { ...answers, [PATHS.group]: client });
  expect(findings.filter(({ level }) => level === 'wrong')).toStrictEqual([]);
});

test('machines are counted, and unhealthy ones named', async () => {
  const entry = (name: string, status: string, group = 'web') => ({
    metadata: { name, annotations: { 'istio.io/autoRegistrationGroup': group } },
    spec: { address: '10.0.0.1' },
    status: { conditions: [{ type: 'Healthy', status }] },
  });
  const items = [entry('a', 'True'), entry('b', 'False'), entry('c', 'False', 'other')];
  expect(await run([GROUP], { ...APPLIED, [PATHS.entries]: { items } })).toStrictEqual([
    { level: 'note', subject: 'WorkloadGroup shop/web', text: '2 registered, 1 of them healthy' },
    {
      level: 'wrong',
      subject: 'WorkloadEntry shop/b',
      text: 'the machine 10.0.0.1 is unhealthy: run "sudo meshvm doctor" on it',
    },
  ]);
});

test('what may not be seen is a note, and Secrets are not asked for', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'shop', name: 's' } };
  expect(await run([SERVICE, secret], APPLIED, [PATHS.service])).toStrictEqual([
    { level: 'note', subject: 'Service shop/web', text: 'not seen: may not' },
    { level: 'note', subject: 'Secret shop/s', text: 'Secrets are not read' },
  ]);
});

test('one group may be asked for', async () => {
  const other = { ...SERVICE, metadata: { namespace: 'shop', name: 'web-2' } };
  const guard = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'meshvm.shop.web.token' },
  };
  const admission = {
    resources: [{ name: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy', namespaced: false }],
  };
  const answers = { ...APPLIED, '/apis/admissionregistration.k8s.io/v1': admission };
  const findings = await run([GROUP, other, guard], answers, [], 'shop/web');
  expect(findings.filter(({ level }) => level === 'wrong')).toStrictEqual([
    {
      level: 'wrong',
      subject: 'ValidatingAdmissionPolicy meshvm.shop.web.token',
      text: 'is not there, and it guards what machines may do: apply it before anything else',
    },
  ]);
});
