import { VaultAuth } from 'meshvm';
import { problemsOf } from '../fixtures';

const ARN = 'arn:aws:iam::123456789012:role/laptops';

test.each<[string, () => VaultAuth, string]>([
  ['an IAM role of nobody', () => VaultAuth.awsIam({ principalArns: [] }), 'principalArns [vault/unbound-role]'],
  [
    'every IAM role',
    () => VaultAuth.awsIam({ principalArns: ['arn:aws:iam::1:*'] }),
    'principalArns [vault/unbound-role]',
  ],
  ['a mount with a wildcard', () => VaultAuth.awsIam({ principalArns: [ARN], mount: 'a*' }), 'mount [vault/path]'],
  [
    'a relative file',
    () => VaultAuth.appRole({ roleIdFile: 'role', secretIdFile: '/run/secret' }),
    'roleIdFile [standalone/absolute-path]',
  ],
  [
    'every ServiceAccount',
    () => VaultAuth.kubernetes({ tokenFile: '/run/token', namespace: 'a', serviceAccount: '*' }),
    'serviceAccount [vault/unbound-role]',
  ],
  [
    'a token of anybody',
    () => VaultAuth.jwt({ tokenFile: '/run/token', subject: '', audience: 'vault' }),
    'subject [vault/unbound-role]',
  ],
  ['a relative token', () => VaultAuth.tokenFile('token'), 'path [standalone/absolute-path]'],
])('refuses %s', (_, make, problem) => {
  expect(problemsOf(make)).toContain(problem);
});

test('AppRole keeps the file of the secret ID, which the agent reads at each start', () => {
  const { config, boundTo } = VaultAuth.appRole({ roleIdFile: '/etc/role', secretIdFile: '/etc/secret' });
  expect(config).toStrictEqual({
    role_id_file_path: '/etc/role',
    secret_id_file_path: '/etc/secret',
    remove_secret_id_file_after_reading: false,
  });
  expect(boundTo).toStrictEqual({ bind_secret_id: true });
});

test('Kubernetes and JWT bind one subject and one audience', () => {
  expect(VaultAuth.kubernetes({ tokenFile: '/t', namespace: 'a', serviceAccount: 'b' }).boundTo).toStrictEqual({
    bound_service_account_names: ['b'],
    bound_service_account_namespaces: ['a'],
    audience: 'vault',
  });
  expect(VaultAuth.jwt({ tokenFile: '/t', subject: 'laptop', audience: 'vault' }).boundTo).toStrictEqual({
    role_type: 'jwt',
    user_claim: 'sub',
    bound_subject: 'laptop',
    bound_audiences: ['vault'],
  });
});
