import { isDeferred, type Problems, rule } from '../../core/problems';
import type { VaultAuthSpec } from '../envoy/vault';
import type { VaultAuth } from '../vault-auth';
import { checkAbsolutePath } from './paths';
import { checkVaultPath } from './vault-names';

const BOUND = rule({
  id: 'vault/unbound-role',
  origin: 'meshvm',
  allowed: 'who may log in by the role: at least one, by name and without "*"',
  remedy: 'name the machine that the identity is for',
  source: 'Vault: a role of an auth method that names nobody, or everybody, gives the identity to whoever logs in',
});

/** Everything about a login that Vault or its agent would refuse, or that would let in more than one machine. */
export function checkVaultAuth(problems: Problems, { awsIam, appRole, kubernetes, jwt, tokenFile }: VaultAuth): void {
  for (const [method, options] of Object.entries({ awsIam, appRole, kubernetes, jwt })) {
    if (options?.mount !== undefined) checkVaultPath(problems, `${method}.mount`, options.mount);
  }
  if (awsIam !== undefined) checkBound(problems, 'awsIam.principalArns', awsIam.principalArns);
  checkAbsolutePath(problems, 'appRole.roleIdFile', appRole?.roleIdFile);
  checkAbsolutePath(problems, 'appRole.secretIdFile', appRole?.secretIdFile);
  checkAbsolutePath(problems, 'kubernetes.tokenFile', kubernetes?.tokenFile);
  if (kubernetes !== undefined) {
    checkBound(problems, 'kubernetes.namespace', [kubernetes.namespace]);
    checkBound(problems, 'kubernetes.serviceAccount', [kubernetes.serviceAccount]);
  }
  checkAbsolutePath(problems, 'jwt.tokenFile', jwt?.tokenFile);
  if (jwt !== undefined) {
    checkBound(problems, 'jwt.subject', [jwt.subject]);
    checkBound(problems, 'jwt.audience', [jwt.audience]);
  }
  checkAbsolutePath(problems, 'tokenFile', tokenFile);
}

/** The login as Vault's agent and Vault itself are told it, with every default. Total. */
export function resolveVaultAuth({ awsIam, appRole, kubernetes, jwt, tokenFile }: VaultAuth): VaultAuthSpec {
  if (awsIam !== undefined) {
    const { principalArns, region, headerValue, mount = 'aws' } = awsIam;
    const config = { type: 'iam', region, header_value: headerValue };
    return { method: 'aws', mount, config, boundTo: { auth_type: 'iam', bound_iam_principal_arn: principalArns } };
  }
  if (appRole !== undefined) {
    const { roleIdFile, secretIdFile, mount = 'approle' } = appRole;
    const config = {
      role_id_file_path: roleIdFile,
      secret_id_file_path: secretIdFile,
      // Vault's own default removes the file: the agent could not log in again after it has stopped.
      remove_secret_id_file_after_reading: false,
    };
    return { method: 'approle', mount, config, boundTo: { bind_secret_id: true } };
  }
  if (kubernetes !== undefined) {
    const { tokenFile: path, namespace, serviceAccount, audience = 'vault', mount = 'kubernetes' } = kubernetes;
    const boundTo = {
      bound_service_account_names: [serviceAccount],
      bound_service_account_namespaces: [namespace],
      audience,
    };
    return { method: 'kubernetes', mount, config: { token_path: path }, boundTo };
  }
  if (jwt !== undefined) {
    const { tokenFile: path, subject, audience, mount = 'jwt' } = jwt;
    const config = { path, remove_jwt_after_reading: false };
    const boundTo = { role_type: 'jwt', user_claim: 'sub', bound_subject: subject, bound_audiences: [audience] };
    return { method: 'jwt', mount, config, boundTo };
  }
  return { method: 'token_file', mount: undefined, config: { token_file_path: tokenFile }, boundTo: undefined };
}

function checkBound(problems: Problems, property: string, values: readonly string[]): void {
  const open = values.length === 0 || values.some((each) => !isDeferred(each) && (each === '' || each.includes('*')));
  if (open) problems.add(BOUND, property, values);
}
