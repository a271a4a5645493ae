import type * as pulumi from '@pulumi/pulumi';

/**
 * How a machine proves to Vault who it is. Exactly one property must be set. None puts a secret into the program, its state or the files of
 * the machine.
 */
export interface VaultAuthArgs {
  /**
   * The IAM role of EC2 instances.
   * @default - another property is set
   */
  readonly awsIam?: VaultAwsIamArgs;

  /**
   * A role ID and a secret ID in files, which something else brings to the machine.
   * @default - another property is set
   */
  readonly appRole?: VaultAppRoleArgs;

  /**
   * A token of a Kubernetes ServiceAccount, for containers.
   * @default - another property is set
   */
  readonly kubernetes?: VaultKubernetesArgs;

  /**
   * A JWT of an issuer that Vault trusts, in a file.
   * @default - another property is set
   */
  readonly jwt?: VaultJwtArgs;

  /**
   * A file with a token of Vault, which something else keeps alive; an absolute path. For tests, and for agents that have logged in already.
   * @default - another property is set
   */
  readonly tokenFile?: string;
}

/** Login by IAM role. */
export interface VaultAwsIamArgs {
  /** ARNs of the IAM roles of the machines, such as `arn:aws:iam::123456789012:role/laptops`. At least one. */
  readonly principalArns: pulumi.Input<string>[];

  /**
   * AWS region whose STS proves the identity.
   * @default - us-east-1, Vault's own default
   */
  readonly region?: pulumi.Input<string>;

  /**
   * Value that the login must carry in the header X-Vault-AWS-IAM-Server-ID, where Vault's auth method asks for one.
   * @default - none
   */
  readonly headerValue?: pulumi.Input<string>;

  /**
   * Where the auth method is mounted.
   * @default 'aws'
   */
  readonly mount?: pulumi.Input<string>;
}

/** Login by AppRole. */
export interface VaultAppRoleArgs {
  /** File on the machine with the role ID. */
  readonly roleIdFile: string;

  /** File on the machine with the secret ID, mode 0600. It stays there: the agent reads it at each start. */
  readonly secretIdFile: string;

  /**
   * Where the auth method is mounted.
   * @default 'approle'
   */
  readonly mount?: pulumi.Input<string>;
}

/** Login by a token of Kubernetes. */
export interface VaultKubernetesArgs {
  /** File with a token of the ServiceAccount. */
  readonly tokenFile: string;

  /** Namespace of the ServiceAccount. */
  readonly namespace: pulumi.Input<string>;

  /** Name of the ServiceAccount. */
  readonly serviceAccount: pulumi.Input<string>;

  /**
   * Audience of the token.
   * @default 'vault'
   */
  readonly audience?: pulumi.Input<string>;

  /**
   * Where the auth method is mounted.
   * @default 'kubernetes'
   */
  readonly mount?: pulumi.Input<string>;
}

/** Login by a JWT. */
export interface VaultJwtArgs {
  /** File on the machine that something else keeps a fresh token in. It stays there. */
  readonly tokenFile: string;

  /** Claim `sub` of the token. */
  readonly subject: pulumi.Input<string>;

  /** Claim `aud` of the token. */
  readonly audience: pulumi.Input<string>;

  /**
   * Where the auth method is mounted.
   * @default 'jwt'
   */
  readonly mount?: pulumi.Input<string>;
}
