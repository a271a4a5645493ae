import { EnvoyCertificates, TrustedRoots, VaultAuth } from 'meshvm';
import { ROOT } from '../core/certificate-fixtures';
import { laptop, refusal } from './fixtures';

const ARN = 'arn:aws:iam::123456789012:role/laptops';

function by(auth: VaultAuth): EnvoyCertificates {
  return EnvoyCertificates.vault({
    address: 'https://vault.example.com',
    auth,
    meshRoots: [TrustedRoots.pem(ROOT)],
  });
}

test.each<[string, VaultAuth, string]>([
  ['an IAM role of nobody', VaultAuth.awsIam({ principalArns: [] }), 'awsIam.principalArns [vault/unbound-role]'],
  [
    'every IAM role',
    VaultAuth.awsIam({ principalArns: ['arn:aws:iam::1:*'] }),
    'awsIam.principalArns [vault/unbound-role]',
  ],
  ['a mount with a wildcard', VaultAuth.awsIam({ principalArns: [ARN], mount: 'a*' }), 'awsIam.mount [vault/path]'],
  [
    'a relative file',
    VaultAuth.appRole({ roleIdFile: 'role', secretIdFile: '/run/secret' }),
    'appRole.roleIdFile [standalone/absolute-path]',
  ],
  [
    'every ServiceAccount',
    VaultAuth.kubernetes({ tokenFile: '/run/token', namespace: 'a', serviceAccount: '*' }),
    'kubernetes.serviceAccount [vault/unbound-role]',
  ],
  [
    'a token of anybody',
    VaultAuth.jwt({ tokenFile: '/run/token', subject: '', audience: 'vault' }),
    'jwt.subject [vault/unbound-role]',
  ],
  ['a relative token', VaultAuth.tokenFile('token'), 'tokenFile [standalone/absolute-path]'],
])('refuses %s', (_, auth, problem) => {
  expect(refusal({ certificates: by(auth) })).toStrictEqual([`certificates.vault.auth.${problem}`]);
});

/** Configuration of Vault's agent, and the role that it logs in by. */
function toldOf(auth: VaultAuth): readonly [string, object | undefined] {
  const envoy = laptop({ certificates: by(auth) });
  return [envoy.certificateFiles()['vault-agent.hcl'], envoy.vaultWrites()[2]?.data];
}

test('AppRole keeps the file of the secret ID, which the agent reads at each start', () => {
  const [config, role] = toldOf(VaultAuth.appRole({ roleIdFile: '/etc/role', secretIdFile: '/etc/secret' }));
  expect(config).toContain('role_id_file_path = "/etc/role"');
  expect(config).toContain('secret_id_file_path = "/etc/secret"');
  expect(config).toContain('remove_secret_id_file_after_reading = false');
  expect(role).toMatchObject({ bind_secret_id: true });
});

test('Kubernetes and JWT bind one subject and one audience', () => {
  expect(toldOf(VaultAuth.kubernetes({ tokenFile: '/t', namespace: 'a', serviceAccount: 'b' }))[1]).toMatchObject({
    bound_service_account_names: ['b'],
    bound_service_account_namespaces: ['a'],
    audience: 'vault',
  });
  expect(toldOf(VaultAuth.jwt({ tokenFile: '/t', subject: 'laptop', audience: 'vault' }))[1]).toMatchObject({
    role_type: 'jwt',
    user_claim: 'sub',
    bound_subject: 'laptop',
    bound_audiences: ['vault'],
  });
});

test('a token needs no role', () => {
  expect(toldOf(VaultAuth.tokenFile('/run/token'))[1]).toBeUndefined();
});
