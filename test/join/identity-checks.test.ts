import { Problems } from '../../lib/core/problems';
import { checkIdentity, checkSubject } from '../../lib/join/identity-checks';
import { KubernetesSubject } from '../../lib/join/kubernetes-subject';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { errorOf, problemsOf } from '../fixtures';

const subject = KubernetesSubject.group('vm-payments');

/** What is wrong with an identity, for `problemsOf`. */
const checked = (identity: MachineIdentity) => () => {
  const problems = new Problems();
  checkIdentity(problems, identity);
  problems.throwIfAny('identity');
};

/** What is wrong with a subject. */
function subjectProblems(given: KubernetesSubject): readonly string[] {
  const problems = new Problems();
  checkSubject(problems, given);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('an identity', () => {
  test.each([
    ['a token', 'eyJhbGciOi.eyJzdWIiOi.c2ln'],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\nusers: []\n'],
    ['a relative path', 'etc/token'],
    ['a path upwards in words', '/etc/my token'],
  ])('has no %s in place of a path', (_, path) => {
    expect(problemsOf(checked(MachineIdentity.tokenFile({ path, subject })))).toStrictEqual([
      'tokenFile.path [identity/file-path]',
    ]);
    expect(problemsOf(checked(MachineIdentity.kubeconfig({ path, subject })))).toStrictEqual([
      'kubeconfig.path [identity/file-path]',
    ]);
  });

  test('does not repeat a secret that is no path', () => {
    const path = `kind: Config\ntoken: ${'s3cret'.repeat(20)}`;
    expect(errorOf(checked(MachineIdentity.kubeconfig({ path, subject }))).message).not.toContain('s3cret');
  });

  test('is one that the clouds know', () => {
    expect(problemsOf(checked(MachineIdentity.eks({ cluster: '', kubernetesGroup: 'system:masters' })))).toStrictEqual([
      'eks.cluster [property/required]',
      'eks.kubernetesGroup [identity/subject-too-wide]',
    ]);
    expect(problemsOf(checked(MachineIdentity.gke({ serviceAccountEmail: 'me@example.com' })))).toStrictEqual([
      'gke.serviceAccountEmail [identity/google-service-account]',
    ]);
    for (const serviceAccountEmail of [
      '123456789012-compute@developer.gserviceaccount.com',
      'acme@appspot.gserviceaccount.com',
    ]) {
      expect(problemsOf(checked(MachineIdentity.gke({ serviceAccountEmail })))).toStrictEqual([
        'gke.serviceAccountEmail [identity/google-default-service-account]',
      ]);
    }
    const clientId = '/subscriptions/1';
    expect(problemsOf(checked(MachineIdentity.aks({ objectId: 'my-identity', clientId })))).toStrictEqual([
      'aks.objectId [identity/azure-guid]',
      'aks.clientId [identity/azure-guid]',
    ]);
  });

  test('tells everything that is wrong at once', () => {
    const everybody = KubernetesSubject.user('system:anonymous');
    const wrong = MachineIdentity.kubeconfig({ path: 'x', context: '', subject: everybody });
    expect(problemsOf(checked(wrong))).toStrictEqual([
      'kubeconfig.path [identity/file-path]',
      'kubeconfig.context [property/required]',
      'kubeconfig.subject.user [identity/subject-too-wide]',
    ]);
  });
});

describe('a subject', () => {
  test("is no user or group of Kubernetes's own", () => {
    for (const name of ['system:authenticated', 'system:masters', 'system:']) {
      expect(subjectProblems(KubernetesSubject.group(name))).toStrictEqual(['group [identity/subject-too-wide]']);
      expect(subjectProblems(KubernetesSubject.user(name))).toStrictEqual(['user [identity/subject-too-wide]']);
    }
  });

  test('has a name that a ServiceAccount can have', () => {
    expect(subjectProblems(KubernetesSubject.serviceAccount('Pay.ments', 'my_sa'))).toStrictEqual([
      'serviceAccount.namespace [name/dns-label]',
      'serviceAccount.name [name/dns-subdomain]',
    ]);
  });
});
