import { credentialOf, knownSubject, subjectOf } from '../../lib/join/known-identity';
import { KubernetesSubject } from '../../lib/join/kubernetes-subject';
import { MachineIdentity } from '../../lib/join/machine-identity';

const GUID = '6dae42f8-4368-4678-94ff-3960e28e3630';
const subject = KubernetesSubject.group('vm-payments');

test.each([
  [MachineIdentity.eks({ cluster: 'c' }), { kind: 'eks', cluster: 'c' }, 'Group', 'meshvm:payments:shop'],
  [
    MachineIdentity.eks({ cluster: 'c', region: 'eu-west-1', kubernetesGroup: 'team' }),
    { kind: 'eks', cluster: 'c', region: 'eu-west-1' },
    'Group',
    'team',
  ],
  [
    MachineIdentity.gke({ serviceAccountEmail: 'shop@acme.iam.gserviceaccount.com' }),
    { kind: 'gke' },
    'User',
    'shop@acme.iam.gserviceaccount.com',
  ],
  [MachineIdentity.aks({ objectId: GUID, clientId: GUID }), { kind: 'aks', clientId: GUID }, 'User', GUID],
  [
    MachineIdentity.tokenFile({ path: '/run/token', subject }),
    { kind: 'tokenFile', path: '/run/token' },
    'Group',
    'vm-payments',
  ],
  [
    MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', context: 'x', subject }),
    { kind: 'kubeconfig', path: '/etc/kubeconfig', context: 'x' },
    'Group',
    'vm-payments',
  ],
])(
  'an identity says at synth who the API server takes a machine for, and what the agent is told: %j',
  (identity, credential, kind, name) => {
    expect(JSON.parse(JSON.stringify(credentialOf(identity)))).toStrictEqual(credential);
    expect(subjectOf(identity, 'payments', 'shop')).toStrictEqual({ kind, name, namespace: undefined });
  },
);

test('a subject is what RoleBindings name', () => {
  expect(knownSubject(KubernetesSubject.user('ann'))).toStrictEqual({
    kind: 'User',
    name: 'ann',
    namespace: undefined,
  });
  expect(knownSubject(KubernetesSubject.serviceAccount('ci', 'vm'))).toStrictEqual({
    kind: 'ServiceAccount',
    name: 'vm',
    namespace: 'ci',
  });
});
