import * as pulumi from '@pulumi/pulumi';
import * as cdk8s from 'meshvm';
import { type EnvoyCertificatesArgs, StandaloneEnvoy, type VaultAuthArgs } from 'meshvm/pulumi';
import { INTERMEDIATE, LEAF, OTHER, ROOT, SUBORDINATE } from '../../core/certificate-fixtures';
import { later, refusal, registered, unknown } from '../fixtures';
import { failureOf, runProgram, settled } from '../program';
import { byCdk8s, byPulumi, envoyArgs, envoyProps, LEAVES, type Leaf } from './standalone-pairs';

type Pair = readonly [string, () => cdk8s.EnvoyCertificates, (leaf: Leaf) => EnvoyCertificatesArgs];

const ADDRESS = 'https://vault.example.com:8200';
const ARN = 'arn:aws:iam::123456789012:role/laptops';

/** Vault with one way to log in. */
function vaultBy(kind: string, auth: () => cdk8s.VaultAuth, args: (leaf: Leaf) => VaultAuthArgs): Pair {
  return [
    `Vault, with a login by ${kind}`,
    () => cdk8s.EnvoyCertificates.vault({ address: ADDRESS, auth: auth(), meshRoots: [cdk8s.TrustedRoots.pem(ROOT)] }),
    (leaf) => ({ vault: { address: leaf(ADDRESS), auth: args(leaf), meshRoots: [{ pem: leaf(ROOT) }] } }),
  ];
}

const APP_ROLE = { roleIdFile: '/etc/vault/role-id', secretIdFile: '/etc/vault/secret-id' };

const PAIRS: readonly Pair[] = [
  [
    'files',
    () => cdk8s.EnvoyCertificates.files({ directory: '/var/lib/certificates', privateKey: 'my.key' }),
    () => ({ files: { directory: '/var/lib/certificates', privateKey: 'my.key' } }),
  ],
  [
    'Vault, with everything',
    () =>
      cdk8s.EnvoyCertificates.vault({
        address: ADDRESS,
        auth: cdk8s.VaultAuth.awsIam({
          principalArns: [ARN],
          region: 'eu-west-1',
          headerValue: 'vault.example.com',
          mount: 'aws/eu',
        }),
        meshRoots: [cdk8s.TrustedRoots.pem(ROOT)],
        issuerChain: OTHER,
        additionalRoots: [cdk8s.TrustedRoots.pem(OTHER)],
        caFile: '/etc/vault/ca.pem',
        vaultNamespace: 'mesh',
        pkiMount: 'pki/mesh',
        role: 'laptop',
        lifetimeSeconds: 7200,
        binary: '/opt/vault',
        directory: '/var/lib/certificates',
      }),
    (leaf) => ({
      vault: {
        address: leaf(ADDRESS),
        auth: {
          awsIam: {
            principalArns: [leaf(ARN)],
            region: leaf('eu-west-1'),
            headerValue: leaf('vault.example.com'),
            mount: leaf('aws/eu'),
          },
        },
        meshRoots: [{ pem: leaf(ROOT) }],
        issuerChain: leaf(OTHER),
        additionalRoots: [{ pem: leaf(OTHER) }],
        caFile: '/etc/vault/ca.pem',
        vaultNamespace: leaf('mesh'),
        pkiMount: leaf('pki/mesh'),
        role: leaf('laptop'),
        lifetimeSeconds: 7200,
        binary: '/opt/vault',
        directory: '/var/lib/certificates',
      },
    }),
  ],
  vaultBy(
    'AppRole',
    () => cdk8s.VaultAuth.appRole({ ...APP_ROLE, mount: 'machines' }),
    (leaf) => ({ appRole: { ...APP_ROLE, mount: leaf('machines') } }),
  ),
  vaultBy(
    'Kubernetes',
    () =>
      cdk8s.VaultAuth.kubernetes({ tokenFile: '/token', namespace: 'ci', serviceAccount: 'runner', audience: 'mesh' }),
    (leaf) => ({
      kubernetes: {
        tokenFile: '/token',
        namespace: leaf('ci'),
        serviceAccount: leaf('runner'),
        audience: leaf('mesh'),
      },
    }),
  ),
  vaultBy(
    'JWT',
    () => cdk8s.VaultAuth.jwt({ tokenFile: '/token', subject: 'laptop-7', audience: 'vault' }),
    (leaf) => ({ jwt: { tokenFile: '/token', subject: leaf('laptop-7'), audience: leaf('vault') } }),
  ),
  vaultBy(
    'token',
    () => cdk8s.VaultAuth.tokenFile('/token'),
    () => ({ tokenFile: '/token' }),
  ),
  [
    'cert-manager, with everything',
    () =>
      cdk8s.EnvoyCertificates.certManager({
        issuer: cdk8s.CertificateIssuer.external({
          group: 'awspca.cert-manager.io',
          kind: 'AWSPCAClusterIssuer',
          name: 'machines',
        }),
        identity: cdk8s.MachineIdentity.eks({ cluster: 'prod-eu', kubernetesGroup: 'laptops' }),
        apiServer: 'https://10.0.0.1:6443',
        caCertificate: LEAF,
        meshRoots: [cdk8s.TrustedRoots.pem(ROOT)],
        issuerChain: SUBORDINATE + INTERMEDIATE,
        durationSeconds: 7200,
        renewBeforeSeconds: 600,
        secretName: 'laptop-tls',
        directory: '/var/lib/certificates',
      }),
    (leaf) => ({
      certManager: {
        issuer: {
          external: {
            group: leaf('awspca.cert-manager.io'),
            kind: leaf('AWSPCAClusterIssuer'),
            name: leaf('machines'),
          },
        },
        identity: { eks: { cluster: leaf('prod-eu'), kubernetesGroup: leaf('laptops') } },
        apiServer: leaf('https://10.0.0.1:6443'),
        caCertificate: leaf(LEAF),
        meshRoots: [{ pem: leaf(ROOT) }],
        issuerChain: leaf(SUBORDINATE + INTERMEDIATE),
        durationSeconds: 7200,
        renewBeforeSeconds: 600,
        secretName: leaf('laptop-tls'),
        directory: '/var/lib/certificates',
      },
    }),
  ],
  [
    'cert-manager, by a kubeconfig',
    () =>
      cdk8s.EnvoyCertificates.certManager({
        issuer: cdk8s.CertificateIssuer.clusterIssuer('machines'),
        identity: cdk8s.MachineIdentity.kubeconfig({
          path: '/etc/kubeconfig',
          subject: cdk8s.KubernetesSubject.user('laptop'),
        }),
      }),
    (leaf) => ({
      certManager: {
        issuer: { clusterIssuer: leaf('machines') },
        identity: { kubeconfig: { path: '/etc/kubeconfig', subject: { user: leaf('laptop') } } },
      },
    }),
  ],
  [
    'cert-manager, by an issuer of the namespace',
    () =>
      cdk8s.EnvoyCertificates.certManager({
        issuer: cdk8s.CertificateIssuer.issuer('machines'),
        identity: cdk8s.MachineIdentity.gke({ serviceAccountEmail: 'till@acme.iam.gserviceaccount.com' }),
        apiServer: 'https://10.0.0.1',
        caCertificate: LEAF,
      }),
    (leaf) => ({
      certManager: {
        issuer: { issuer: leaf('machines') },
        identity: { gke: { serviceAccountEmail: leaf('till@acme.iam.gserviceaccount.com') } },
        apiServer: leaf('https://10.0.0.1'),
        caCertificate: leaf(LEAF),
      },
    }),
  ],
];

/** What a machine needs for its certificate, by each face. */
const ofCdk8s = (envoy: cdk8s.StandaloneEnvoy, user?: string) => ({
  certificateFiles: envoy.certificateFiles({ user }),
  vaultWrites: envoy.vaultWrites().map(({ path, data }) => ({ path, dataJson: JSON.stringify(data) })),
});
const ofPulumi = async (envoy: StandaloneEnvoy) => ({
  certificateFiles: await settled(envoy.certificateFiles),
  vaultWrites: await settled(envoy.vaultWrites),
});

function machine(certificates: EnvoyCertificatesArgs): StandaloneEnvoy {
  return new StandaloneEnvoy('laptop', envoyArgs({ certificates }));
}

describe.each(LEAVES)('A certificate, its source %s,', (_, leaf) => {
  test.each(PAIRS)('from %s is that of the cdk8s construct', async (_what, certificates, args) => {
    const made = await byPulumi(() => envoyArgs({ certificates: args(leaf) }), ofPulumi);
    expect(made).toStrictEqual(byCdk8s(() => envoyProps({ certificates: certificates() }), ofCdk8s));
  });
});

describe('A certificate', () => {
  const auth = { tokenFile: '/token' };
  const meshRoots = [{ pem: ROOT }];
  const identity = { eks: { cluster: 'prod-eu' } };
  const server = { apiServer: 'https://10.0.0.1', caCertificate: LEAF };

  test('is fetched by the user that runs Envoy', async () => {
    const [, certificates, args] = PAIRS[1];
    const certificateProgram = { user: 'developer' };
    const made = await byPulumi(
      () => envoyArgs({ certificates: args((value) => value), certificateProgram }),
      ofPulumi,
    );
    expect(made.rest).toStrictEqual(
      byCdk8s(
        () => envoyProps({ certificates: certificates() }),
        (envoy) => ofCdk8s(envoy, 'developer'),
      ).rest,
    );
    expect(made.rest.certificateFiles['meshvm-certificate.service']).toContain('User=developer\n');
  });

  test('of the right identity is told Vault by its parts, which other resources can take', async () => {
    const { value } = await runProgram(() => {
      const { vaultWrites } = machine({ vault: { address: ADDRESS, auth, meshRoots } });
      return settled(vaultWrites[0].path);
    });
    expect(value).toBe('pki/roles/laptops.laptop');
  });

  test('is told Vault in secret where Pulumi keeps the name of its role secret', async () => {
    const { value } = await runProgram(() => {
      const { files, vaultWrites } = machine({
        vault: { address: ADDRESS, auth, meshRoots, role: pulumi.secret('laptop') },
      });
      return Promise.all([pulumi.isSecret(vaultWrites), pulumi.isSecret(files)]);
    });
    expect(value).toStrictEqual([true, false]);
  });

  test('from an address that a preview does not know is declared all the same', async () => {
    const certManager = { issuer: { issuer: 'machines' }, identity, ...server, apiServer: unknown<string>() };
    const resources = await registered(() => machine({ certManager }), { preview: true });
    expect(resources.map(({ name }) => name)).toStrictEqual(
      expect.arrayContaining([
        'Certificate laptops/laptop',
        'Role laptops/laptop-certificate',
        'RoleBinding laptops/laptop-certificate',
      ]),
    );
  });

  test('of an issuer that turns out not to lead to a root of the mesh is refused then', async () => {
    const vault = { address: ADDRESS, auth, meshRoots: [{ pem: later(ROOT) }], issuerChain: OTHER };
    const [error] = await failureOf(() => machine({ vault }));
    expect(error.message).toContain('certificates.vault.issuerChain: ');
    expect(error.message).toContain('[certificate/untrusted-issuer]');
  });

  test.each<[string, EnvoyCertificatesArgs, readonly string[]]>([
    ['no source', {}, ['certificates [shape/choice]']],
    ['two sources', { files: {}, vault: { address: ADDRESS, auth, meshRoots } }, ['certificates [shape/choice]']],
    [
      'all that is wrong with Vault',
      {
        vault: {
          address: 'http://vault.example.com',
          auth: { kubernetes: { tokenFile: 'token', namespace: '', serviceAccount: '*' } },
          meshRoots: [{ pem: INTERMEDIATE }, { pem: 'x' }],
          issuerChain: OTHER,
          role: 'Laptop',
          lifetimeSeconds: 60,
        },
      },
      [
        'certificates.vault.address [vault/address]',
        'certificates.vault.auth.kubernetes.tokenFile [standalone/absolute-path]',
        'certificates.vault.auth.kubernetes.namespace [vault/unbound-role]',
        'certificates.vault.auth.kubernetes.serviceAccount [vault/unbound-role]',
        'certificates.vault.lifetimeSeconds [certificate/lifetime]',
        'certificates.vault.meshRoots[0].pem [certificate/no-root]',
        'certificates.vault.meshRoots[1].pem [certificate/pem]',
        'certificates.vault.role [vault/role]',
      ],
    ],
    [
      'all that is wrong with cert-manager',
      {
        certManager: {
          issuer: { external: { group: 'a b', kind: 'x', name: '' } },
          identity: { aks: { objectId: 'x' } },
          secretName: 'A',
          durationSeconds: 60,
          meshRoots: [],
        },
      },
      [
        'certificates.certManager.issuer.external.group [name/dns-subdomain]',
        'certificates.certManager.issuer.external.name [property/required]',
        'certificates.certManager.identity.aks.objectId [identity/azure-guid]',
        'certificates.certManager.apiServer [certificate/api-server]',
        'certificates.certManager.caCertificate [certificate/api-server-authority]',
        'certificates.certManager.durationSeconds [certificate/lifetime]',
        'certificates.certManager.meshRoots [certificate/no-mesh-roots]',
        'certificates.certManager.secretName [name/dns-subdomain]',
      ],
    ],
    [
      'no issuer',
      { certManager: { issuer: {}, identity: { kubeconfig: { path: '/x', subject: { user: 'x' } } } } },
      ['certificates.certManager.issuer [shape/choice]'],
    ],
    [
      'a kubeconfig that is wrong',
      {
        certManager: {
          issuer: { issuer: 'machines' },
          identity: { kubeconfig: { path: 'x', subject: { user: 'x' } } },
        },
      },
      ['certificates.certManager.identity.kubeconfig.path [identity/file-path]'],
    ],
  ])('of %s is refused', async (_, certificates, expected) => {
    expect(await refusal(() => machine(certificates))).toStrictEqual(expected);
  });

  test('a role that follows from a bad ServiceAccount is told where a role can be given', async () => {
    const args = envoyArgs({
      serviceAccount: 'Laptop',
      certificates: { vault: { address: ADDRESS, auth, meshRoots } },
    });
    expect(await refusal(() => new StandaloneEnvoy('laptop', args))).toStrictEqual([
      'serviceAccount [name/dns-subdomain]',
      'certificates.vault.role [vault/role]',
    ]);
  });
});
