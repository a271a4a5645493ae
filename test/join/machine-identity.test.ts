import { KubernetesSubject } from '../../lib/join/kubernetes-subject';
import { MachineIdentity } from '../../lib/join/machine-identity';
import { SidecarPackage } from '../../lib/join/sidecar-package';
import { errorOf, problemsOf } from '../fixtures';

const GUID = '6dae42f8-4368-4678-94ff-3960e28e3630';

describe('MachineIdentity', () => {
  const subject = KubernetesSubject.group('vm-payments');

  test.each([
    [MachineIdentity.eks({ cluster: 'c' }), 'eks', 'Group', 'meshvm:payments:shop'],
    [MachineIdentity.eks({ cluster: 'c', kubernetesGroup: 'team' }), 'eks', 'Group', 'team'],
    [
      MachineIdentity.gke({ serviceAccountEmail: 'shop@acme.iam.gserviceaccount.com' }),
      'gke',
      'User',
      'shop@acme.iam.gserviceaccount.com',
    ],
    [MachineIdentity.aks({ objectId: GUID }), 'aks', 'User', GUID],
    [MachineIdentity.tokenFile({ path: '/run/token', subject }), 'tokenFile', 'Group', 'vm-payments'],
    [MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject }), 'kubeconfig', 'Group', 'vm-payments'],
  ])('knows at synth who the API server takes a machine for', (identity, credential, kind, name) => {
    expect(identity.kind).toBe(credential);
    expect(identity.subjectOf('payments', 'shop')).toMatchObject({ kind, name });
  });

  test.each([
    ['a token', 'eyJhbGciOi.eyJzdWIiOi.c2ln'],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\nusers: []\n'],
    ['a relative path', 'etc/token'],
    ['a path upwards in words', '/etc/my token'],
  ])('refuses %s in place of a path', (_, path) => {
    const rule = 'path [identity/file-path]';
    expect(problemsOf(() => MachineIdentity.tokenFile({ path, subject }))).toStrictEqual([rule]);
    expect(problemsOf(() => MachineIdentity.kubeconfig({ path, subject }))).toStrictEqual([rule]);
  });

  test('does not repeat a secret that it refuses', () => {
    const path = `kind: Config\ntoken: ${'s3cret'.repeat(20)}`;
    expect(errorOf(() => MachineIdentity.kubeconfig({ path, subject })).message).not.toContain('s3cret');
  });

  test('refuses what the clouds would not know', () => {
    expect(problemsOf(() => MachineIdentity.eks({ cluster: '' }))).toStrictEqual(['cluster [property/required]']);
    expect(problemsOf(() => MachineIdentity.gke({ serviceAccountEmail: 'me@example.com' }))).toStrictEqual([
      'serviceAccountEmail [identity/google-service-account]',
    ]);
    for (const serviceAccountEmail of [
      '123456789012-compute@developer.gserviceaccount.com',
      'acme@appspot.gserviceaccount.com',
    ]) {
      expect(problemsOf(() => MachineIdentity.gke({ serviceAccountEmail }))).toStrictEqual([
        'serviceAccountEmail [identity/google-default-service-account]',
      ]);
    }
    expect(
      problemsOf(() => MachineIdentity.aks({ objectId: 'my-identity', clientId: '/subscriptions/1' })),
    ).toStrictEqual(['objectId [identity/azure-guid]', 'clientId [identity/azure-guid]']);
  });
});

describe('KubernetesSubject', () => {
  test("refuses the users and groups of Kubernetes's own", () => {
    for (const name of ['system:authenticated', 'system:masters', 'system:']) {
      expect(problemsOf(() => KubernetesSubject.group(name))).toStrictEqual(['name [identity/subject-too-wide]']);
      expect(problemsOf(() => KubernetesSubject.user(name))).toStrictEqual(['name [identity/subject-too-wide]']);
    }
  });

  test('refuses names that no ServiceAccount has', () => {
    expect(problemsOf(() => KubernetesSubject.serviceAccount('Pay.ments', 'my_sa'))).toStrictEqual([
      'namespace [name/dns-label]',
      'name [name/dns-subdomain]',
    ]);
  });
});

describe('SidecarPackage', () => {
  const debAmd64 = 'a'.repeat(64);

  test.each([
    [() => SidecarPackage.pinned({}), ['checksums [package/sha256]']],
    [() => SidecarPackage.pinned({ debAmd64, rpmArm64: 'abc' }), ['checksums.rpmArm64 [package/sha256]']],
    [() => SidecarPackage.pinned({ debAmd64 }, 'https://user:pw@mirror'), ['baseUrl [package/base-url]']],
    [() => SidecarPackage.pinned({ debAmd64 }, 'https://mirror/'), ['baseUrl [package/base-url]']],
    // Nothing but TLS says then who made the package.
    [() => SidecarPackage.published('http://mirror'), ['baseUrl [package/base-url]']],
  ])('refuses a source that proves nothing', (make, problems) => {
    expect(problemsOf(make)).toStrictEqual(problems);
  });

  test('takes a plain mirror for a package whose checksum is known', () => {
    expect(SidecarPackage.pinned({ debAmd64 }, 'http://mirror:8080/istio').baseUrl).toBe('http://mirror:8080/istio');
  });
});
