import { Problems, rule } from '../core/problems';
import { checkAbsolutePath } from './private/paths';
import { checkVaultPath } from './private/vault-names';

const BOUND = rule({
  id: 'vault/unbound-role',
  origin: 'meshvm',
  allowed: 'who may log in by the role: at least one, by name and without "*"',
  remedy: 'name the machine that the identity is for',
  source: 'Vault: a role of an auth method that names nobody, or everybody, gives the identity to whoever logs in',
});

/** Options of VaultAuth.awsIam. */
export interface VaultAwsIamOptions {
  /** ARNs of the IAM roles of the machines, such as `arn:aws:iam::123456789012:role/laptops`. */
  readonly principalArns: readonly string[];

  /**
   * AWS region whose STS proves the identity.
   * @default - us-east-1, Vault's own default
   */
  readonly region?: string;

  /**
   * Value that the login must carry in the header X-Vault-AWS-IAM-Server-ID, where Vault's auth method asks for one.
   * @default - none
   */
  readonly headerValue?: string;

  /**
   * Where the auth method is mounted.
   * @default 'aws'
   */
  readonly mount?: string;
}

/** Options of VaultAuth.appRole. */
export interface VaultAppRoleOptions {
  /** File on the machine with the role ID. */
  readonly roleIdFile: string;

  /** File on the machine with the secret ID, mode 0600. It stays there: the agent reads it at each start. */
  readonly secretIdFile: string;

  /**
   * Where the auth method is mounted.
   * @default 'approle'
   */
  readonly mount?: string;
}

/** Options of VaultAuth.kubernetes. */
export interface VaultKubernetesOptions {
  /** File with a token of the ServiceAccount. */
  readonly tokenFile: string;

  /** Namespace of the ServiceAccount. */
  readonly namespace: string;

  /** Name of the ServiceAccount. */
  readonly serviceAccount: string;

  /**
   * Audience of the token.
   * @default 'vault'
   */
  readonly audience?: string;

  /**
   * Where the auth method is mounted.
   * @default 'kubernetes'
   */
  readonly mount?: string;
}

/** Options of VaultAuth.jwt. */
export interface VaultJwtOptions {
  /** File on the machine that something else keeps a fresh token in. It stays there. */
  readonly tokenFile: string;

  /** Claim `sub` of the token. */
  readonly subject: string;

  /** Claim `aud` of the token. */
  readonly audience: string;

  /**
   * Where the auth method is mounted.
   * @default 'jwt'
   */
  readonly mount?: string;
}

/** How a machine proves to Vault who it is. No choice here puts a secret into the program or its output. */
export class VaultAuth {
  /**
   * The IAM role of EC2 instances.
   * @throws ValidationError with every problem of the options.
   */
  public static awsIam(options: VaultAwsIamOptions): VaultAuth {
    const { principalArns, region, headerValue, mount = 'aws' } = options;
    const problems = new Problems();
    checkVaultPath(problems, 'mount', mount);
    checkBound(problems, 'principalArns', principalArns);
    problems.throwIfAny('VaultAuth.awsIam');
    const config = { type: 'iam', region, header_value: headerValue };
    return new VaultAuth('aws', mount, config, { auth_type: 'iam', bound_iam_principal_arn: principalArns });
  }

  /**
   * A role ID and a secret ID in files, which something else brings to the machine.
   * @throws ValidationError with every problem of the options.
   */
  public static appRole(options: VaultAppRoleOptions): VaultAuth {
    const { roleIdFile, secretIdFile, mount = 'approle' } = options;
    const problems = new Problems();
    checkVaultPath(problems, 'mount', mount);
    checkAbsolutePath(problems, 'roleIdFile', roleIdFile);
    checkAbsolutePath(problems, 'secretIdFile', secretIdFile);
    problems.throwIfAny('VaultAuth.appRole');
    const config = {
      role_id_file_path: roleIdFile,
      secret_id_file_path: secretIdFile,
      // Vault's own default removes the file: the agent could not log in again after it has stopped.
      remove_secret_id_file_after_reading: false,
    };
    return new VaultAuth('approle', mount, config, { bind_secret_id: true });
  }

  /**
   * A token of a Kubernetes ServiceAccount, for containers.
   * @throws ValidationError with every problem of the options.
   */
  public static kubernetes(options: VaultKubernetesOptions): VaultAuth {
    const { tokenFile, namespace, serviceAccount, audience = 'vault', mount = 'kubernetes' } = options;
    const problems = new Problems();
    checkVaultPath(problems, 'mount', mount);
    checkAbsolutePath(problems, 'tokenFile', tokenFile);
    checkBound(problems, 'namespace', [namespace]);
    checkBound(problems, 'serviceAccount', [serviceAccount]);
    problems.throwIfAny('VaultAuth.kubernetes');
    return new VaultAuth(
      'kubernetes',
      mount,
      { token_path: tokenFile },
      {
        bound_service_account_names: [serviceAccount],
        bound_service_account_namespaces: [namespace],
        audience,
      },
    );
  }

  /**
   * A JWT of an issuer that Vault trusts, in a file.
   * @throws ValidationError with every problem of the options.
   */
  public static jwt(options: VaultJwtOptions): VaultAuth {
    const { tokenFile, subject, audience, mount = 'jwt' } = options;
    const problems = new Problems();
    checkVaultPath(problems, 'mount', mount);
    checkAbsolutePath(problems, 'tokenFile', tokenFile);
    checkBound(problems, 'subject', [subject]);
    checkBound(problems, 'audience', [audience]);
    problems.throwIfAny('VaultAuth.jwt');
    const config = { path: tokenFile, remove_jwt_after_reading: false };
    const role = { role_type: 'jwt', user_claim: 'sub', bound_subject: subject, bound_audiences: [audience] };
    return new VaultAuth('jwt', mount, config, role);
  }

  /**
   * A token of Vault in a file, which something else keeps alive. For tests, and for agents that have logged in already.
   *
   * @param path File on the machine.
   * @throws ValidationError for a path that is not absolute.
   */
  public static tokenFile(path: string): VaultAuth {
    const problems = new Problems();
    checkAbsolutePath(problems, 'path', path);
    problems.throwIfAny('VaultAuth.tokenFile');
    return new VaultAuth('token_file', undefined, { token_file_path: path }, undefined);
  }

  private constructor(
    /** Kind of the auth method, as Vault Agent names it. */
    public readonly method: string,
    /** Where it is mounted, without `auth/`; undefined for a token, which needs no login. */
    public readonly mount: string | undefined,
    /** Settings of the auth method in Vault Agent, but for the role. None is a secret. */
    public readonly config: Readonly<Record<string, string | boolean | undefined>>,
    /** Who may log in by the role of the auth method, as Vault's API takes it; undefined for a token. */
    public readonly boundTo: Readonly<Record<string, string | boolean | readonly string[]>> | undefined,
  ) {}
}

function checkBound(problems: Problems, property: string, values: readonly unknown[]): void {
  const open =
    values.length === 0 || values.some((each) => typeof each !== 'string' || each === '' || each.includes('*'));
  if (open) problems.add(BOUND, property, values);
}

/**
 * Something that who rules Vault writes to it, once: `vault write <path> -` takes `data` as JSON on its standard input, HTTP takes it with POST
 * to `/v1/<path>`.
 */
export interface VaultWrite {
  /** Path in Vault, such as `pki/roles/laptops.laptop`. */
  readonly path: string;
  /** What to write there. Nothing secret is in it. */
  readonly data: Readonly<Record<string, unknown>>;
}
