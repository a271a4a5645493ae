import {
  type CertificateSpec,
  certificate,
  certificateRole,
  certificateRoleBinding,
} from '../../../lib/standalone/manifests/certificate';

const spec: CertificateSpec = {
  name: 'laptop',
  namespace: 'laptops',
  secretName: 'laptop-certificate',
  identity: 'spiffe://cluster.local/ns/laptops/sa/laptop',
  issuer: { group: 'cert-manager.io', kind: 'Issuer', name: 'machines' },
  durationSeconds: 86400,
  renewBeforeSeconds: 28800,
  readsRoots: false,
};

test('a Certificate has the one URI, no other name, and a new key each time', () => {
  expect(certificate(spec)).toStrictEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'laptop', namespace: 'laptops' },
    spec: {
      secretName: 'laptop-certificate',
      issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: 'machines' },
      uris: ['spiffe://cluster.local/ns/laptops/sa/laptop'],
      usages: ['digital signature', 'client auth', 'server auth'],
      duration: '86400s',
      renewBefore: '28800s',
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      revisionHistoryLimit: 1,
    },
  });
});

test('the machine may get its own Secret by name, and nothing else', () => {
  expect(certificateRole(spec).rules).toStrictEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['laptop-certificate'], verbs: ['get'] },
  ]);
  const binding = certificateRoleBinding(spec, { kind: 'User', name: 'laptop', namespace: undefined });
  expect(binding.roleRef.name).toBe(certificateRole(spec).metadata.name);
});
