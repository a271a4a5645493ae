/**
 * Login by IAM role.
 * @args VaultAwsIamArgs
 */
export interface VaultAwsIamOptions {
  /** ARNs of the IAM roles of the machines, such as `arn:aws:iam::123456789012:role/laptops`. At least one. */
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

/**
 * Login by AppRole.
 * @args VaultAppRoleArgs
 */
export interface VaultAppRoleOptions {
  /**
   * File on the machine with the role ID.
   * @argsPlain
   */
  readonly roleIdFile: string;

  /**
   * File on the machine with the secret ID, mode 0600. It stays there: the agent reads it at each start.
   * @argsPlain
   */
  readonly secretIdFile: string;

  /**
   * Where the auth method is mounted.
   * @default 'approle'
   */
  readonly mount?: string;
}

/**
 * Login by a token of Kubernetes.
 * @args VaultKubernetesArgs
 */
export interface VaultKubernetesOptions {
  /**
   * File with a token of the ServiceAccount.
   * @argsPlain
   */
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

/**
 * Login by a JWT.
 * @args VaultJwtArgs
 */
export interface VaultJwtOptions {
  /**
   * File on the machine that something else keeps a fresh token in. It stays there.
   * @argsPlain
   */
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

/**
 * How a machine proves to Vault who it is. No choice here puts a secret into the program, its output or the files of the machine.
 * @argsDoc How a machine proves to Vault who it is. None puts a secret into the program, its state or the files of the machine.
 */
export class VaultAuth {
  /** The IAM role of EC2 instances. */
  public static awsIam(options: VaultAwsIamOptions): VaultAuth {
    return new VaultAuth({ awsIam: options });
  }

  /** A role ID and a secret ID in files, which something else brings to the machine. */
  public static appRole(options: VaultAppRoleOptions): VaultAuth {
    return new VaultAuth({ appRole: options });
  }

  /** A token of a Kubernetes ServiceAccount, for containers. */
  public static kubernetes(options: VaultKubernetesOptions): VaultAuth {
    return new VaultAuth({ kubernetes: options });
  }

  /** A JWT of an issuer that Vault trusts, in a file. */
  public static jwt(options: VaultJwtOptions): VaultAuth {
    return new VaultAuth({ jwt: options });
  }

  /**
   * A token of Vault in a file, which something else keeps alive. For tests, and for agents that have logged in already.
   *
   * @param path File on the machine, an absolute path.
   */
  public static tokenFile(path: string): VaultAuth {
    return new VaultAuth({ tokenFile: path });
  }

  /** {@link VaultAuth.awsIam} */
  declare public readonly awsIam?: VaultAwsIamOptions;
  /** {@link VaultAuth.appRole} */
  declare public readonly appRole?: VaultAppRoleOptions;
  /** {@link VaultAuth.kubernetes} */
  declare public readonly kubernetes?: VaultKubernetesOptions;
  /** {@link VaultAuth.jwt} */
  declare public readonly jwt?: VaultJwtOptions;
  /**
   * {@link VaultAuth.tokenFile}
   * @argsDoc A file with a token of Vault, which something else keeps alive; an absolute path. For tests, and for agents that have logged in already.
   * @argsPlain
   */
  declare public readonly tokenFile?: string;

  private constructor(choice: VaultAuth) {
    Object.assign(this, choice);
  }
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
