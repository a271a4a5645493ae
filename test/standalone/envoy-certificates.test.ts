import { Testing } from 'cdk8s';
import {
  CertificateIssuer,
  type CertManagerCertificatesOptions,
  EnvoyCertificates,
  KubernetesSubject,
  MachineIdentity,
  TrustedRoots,
  VaultAuth,
  type VaultCertificatesOptions,
} from 'meshvm';
import { parse } from 'yaml';
import { signOf } from '../../lib/core/values/secrets';
import { INTERMEDIATE, LEAF, OTHER, ROOT, SUBORDINATE } from '../core/certificate-fixtures';
import { aChart, errorOf } from '../fixtures';
import { laptop, refusal } from './fixtures';

const meshRoots = [TrustedRoots.pem(ROOT)];
const CLUSTER = { apiServer: 'https://10.0.0.1:6443', caCertificate: LEAF };

function vault(options: Partial<VaultCertificatesOptions> = {}): EnvoyCertificates {
  const auth = VaultAuth.appRole({ roleIdFile: '/etc/vault/role-id', secretIdFile: '/etc/vault/secret-id' });
  return EnvoyCertificates.vault({ address: 'https://vault.example.com:8200', auth, meshRoots, ...options });
}

function certManager(options: Partial<CertManagerCertificatesOptions> = {}): EnvoyCertificates {
  return EnvoyCertificates.certManager({
    issuer: CertificateIssuer.issuer('machines'),
    identity: MachineIdentity.eks({ cluster: 'prod-eu' }),
    ...CLUSTER,
    ...options,
  });
}

/** What is wrong with certificates of a machine: the property of the source that is named, and the rule. */
function refusalOf(certificates: EnvoyCertificates): readonly string[] {
  return refusal({ certificates }).map((problem) => problem.replace(/^certificates\.\w+\./, ''));
}

function objectsOf(certificates: EnvoyCertificates): readonly { readonly kind: string }[] {
  const chart = aChart();
  laptop({ certificates }, chart);
  return Testing.synth(chart) as { readonly kind: string }[];
}

describe('vault', () => {
  test.each<[string, Partial<VaultCertificatesOptions>, string]>([
    ['plain HTTP', { address: 'http://vault.example.com:8200' }, 'address [vault/address]'],
    ['a path', { address: 'https://vault.example.com/v1' }, 'address [vault/address]'],
    ['a password', { address: 'https://me:secret@vault.example.com' }, 'address [vault/address]'],
    ['a wildcard in the mount', { pkiMount: 'pki/+' }, 'pkiMount [vault/path]'],
    ['a mount that climbs', { pkiMount: 'pki/../sys' }, 'pkiMount [vault/path]'],
    ['a role in upper case', { role: 'Laptop' }, 'role [vault/role]'],
    ['a role with a path', { role: 'a/b' }, 'role [vault/role]'],
    ['a namespace with a space', { vaultNamespace: 'a b' }, 'vaultNamespace [vault/path]'],
    ['a relative file', { caFile: 'ca.pem' }, 'caFile [standalone/absolute-path]'],
    ['a relative program', { binary: 'vault' }, 'binary [standalone/absolute-path]'],
    ['a relative folder', { directory: 'certificates' }, 'directory [standalone/absolute-path]'],
    ['too short a life', { lifetimeSeconds: 3599 }, 'lifetimeSeconds [certificate/lifetime]'],
    ['half a second', { lifetimeSeconds: 7200.5 }, 'lifetimeSeconds [certificate/lifetime]'],
    ['more than a year', { lifetimeSeconds: 31536001 }, 'lifetimeSeconds [certificate/lifetime]'],
    ['no root', { meshRoots: [] }, 'meshRoots [certificate/no-mesh-roots]'],
    ['an issuer that nobody trusts', { issuerChain: OTHER }, 'issuerChain [certificate/untrusted-issuer]'],
    ['a gap in the chain', { issuerChain: SUBORDINATE }, 'issuerChain [certificate/untrusted-issuer]'],
    ['an issuer that is none', { issuerChain: LEAF }, 'issuerChain [certificate/no-authority]'],
  ])('refuses %s', (_, options, problem) => {
    expect(refusalOf(vault(options))).toContain(problem);
  });

  test('repeats no password of an address', () => {
    const { message } = errorOf(() =>
      laptop({ certificates: vault({ address: 'https://me:hunter2@vault.example.com' }) }),
    );
    expect(message).not.toContain('hunter2');
  });

  test.each<[string, Partial<VaultCertificatesOptions>]>([
    ['a shared root', { issuerChain: SUBORDINATE + INTERMEDIATE }],
    ['a root that the mesh trusts besides', { issuerChain: OTHER, additionalRoots: [TrustedRoots.pem(OTHER)] }],
    ['Vault on the machine itself', { address: 'http://127.0.0.1:8200' }],
  ])('takes %s', (_, options) => {
    expect(() => laptop({ certificates: vault(options) })).not.toThrow();
  });

  test('says everything at once', () => {
    expect(refusalOf(vault({ address: '', lifetimeSeconds: 0, meshRoots: [] }))).toStrictEqual([
      'address [vault/address]',
      'lifetimeSeconds [certificate/lifetime]',
      'meshRoots [certificate/no-mesh-roots]',
    ]);
  });

  test('has Envoy read certificate and key from one file', () => {
    const { resources } = parse(laptop({ certificates: vault() }).files()['certificate.yaml']) as {
      readonly resources: readonly { readonly tls_certificate: unknown }[];
    };
    expect(resources[0].tls_certificate).toStrictEqual({
      certificate_chain: { filename: '/etc/meshvm-envoy/certificates/identity.pem' },
      private_key: { filename: '/etc/meshvm-envoy/certificates/identity.pem' },
      watched_directory: { path: '/etc/meshvm-envoy/certificates' },
    });
  });

  test('names role, policy and login by the identity, which nothing else shares', () => {
    const envoy = laptop({ certificates: vault() });
    expect(envoy.vaultWrites().map(({ path }) => path)).toStrictEqual([
      'pki/roles/payments.laptop',
      'sys/policies/acl/payments.laptop',
      'auth/approle/role/payments.laptop',
    ]);
    expect(Object.keys(envoy.certificateFiles())).toStrictEqual(['vault-agent.hcl', 'meshvm-certificate.service']);
  });

  test('puts nothing into the cluster', () => {
    expect(objectsOf(vault()).map(({ kind }) => kind)).toStrictEqual(['Namespace', 'ServiceAccount']);
  });
});

describe('certManager', () => {
  test.each<[string, Partial<CertManagerCertificatesOptions>, string]>([
    ['no API server', { apiServer: undefined }, 'apiServer [certificate/api-server]'],
    ['plain HTTP', { apiServer: 'http://10.0.0.1' }, 'apiServer [certificate/api-server]'],
    ['no authority of it', { caCertificate: undefined }, 'caCertificate [certificate/api-server-authority]'],
    ['base64', { caCertificate: Buffer.from(ROOT).toString('base64') }, 'caCertificate [certificate/pem]'],
    ['a long name', { secretName: 'a'.repeat(254) }, 'secretName [name/dns-subdomain]'],
    ['half an hour', { durationSeconds: 1800 }, 'durationSeconds [certificate/lifetime]'],
    ['a late renewal', { renewBeforeSeconds: 299 }, 'renewBeforeSeconds [certificate/renew-before]'],
    ['a renewal at once', { renewBeforeSeconds: 86400 }, 'renewBeforeSeconds [certificate/renew-before]'],
    ['no root', { meshRoots: [] }, 'meshRoots [certificate/no-mesh-roots]'],
    [
      'an issuer that nobody trusts',
      { issuerChain: OTHER, additionalRoots: meshRoots },
      'issuerChain [certificate/untrusted-issuer]',
    ],
    ['an issuer that is none', { issuerChain: LEAF }, 'issuerChain [certificate/no-authority]'],
  ])('refuses %s', (_, options, problem) => {
    expect(refusalOf(certManager(options))).toContain(problem);
  });

  test('has the kubeconfig say where the cluster is, where there is one', () => {
    const identity = MachineIdentity.kubeconfig({ path: '/etc/kubeconfig', subject: KubernetesSubject.user('laptop') });
    expect(refusalOf(certManager({ identity }))).toStrictEqual([
      'apiServer [certificate/api-server]',
      'caCertificate [certificate/api-server-authority]',
    ]);
    const certificates = certManager({ identity, apiServer: undefined, caCertificate: undefined });
    expect(JSON.parse(laptop({ certificates }).certificateFiles()['certificate.json'])).toMatchObject({
      apiServer: null,
      caCertificate: null,
      credential: { kind: 'kubeconfig', path: '/etc/kubeconfig' },
    });
  });

  test('does not ask for the roots of the mesh that only the machine will read', () => {
    expect(() => laptop({ certificates: certManager({ issuerChain: INTERMEDIATE }) })).not.toThrow();
  });

  test('emits the Certificate, and the right to read its Secret and the roots', () => {
    const [, , certificate, role, binding] = objectsOf(certManager());
    expect(certificate).toMatchObject({ kind: 'Certificate', metadata: { name: 'laptop', namespace: 'payments' } });
    expect(role).toMatchObject({
      kind: 'Role',
      rules: [
        { apiGroups: [''], resources: ['secrets'], resourceNames: ['laptop-certificate'], verbs: ['get'] },
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['istio-ca-root-cert'], verbs: ['get'] },
      ],
    });
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'meshvm:payments:laptop' }],
    });
  });

  test('gives the machine no right to the roots that the program knows', () => {
    const [, , , role] = objectsOf(certManager({ meshRoots }));
    expect(role).toMatchObject({ rules: [{ resources: ['secrets'] }] });
    const settings = laptop({ certificates: certManager({ meshRoots }) }).certificateFiles()['certificate.json'];
    expect(JSON.parse(settings)).toMatchObject({ roots: ROOT });
  });
});

test('files of one’s own need nothing else', () => {
  const envoy = laptop();
  expect(envoy.certificateFiles()).toStrictEqual({});
  expect(envoy.vaultWrites()).toStrictEqual([]);
});

test.each([
  ['vault', vault()],
  ['certManager', certManager({ meshRoots })],
])('%s writes no secret, and the same text each time', (_, certificates) => {
  const texts = () => {
    const envoy = laptop({ certificates });
    return { ...envoy.files(), ...envoy.certificateFiles(), vault: JSON.stringify(envoy.vaultWrites()) };
  };
  expect(texts()).toStrictEqual(texts());
  const { 'meshvm-certificate.py': _program, ...others } = texts() as Readonly<Record<string, string>>;
  expect(Object.values(others).map((text) => signOf(text))).toStrictEqual(Object.keys(others).map(() => undefined));
});
