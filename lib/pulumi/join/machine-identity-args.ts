import type * as pulumi from '@pulumi/pulumi';

/**
 * How a machine proves to the Kubernetes API server who it is, before it has an identity in the mesh. Exactly one property must be set.
 * None puts a secret into the program, its state or the user-data.
 */
export interface MachineIdentityArgs {
  /**
   * The IAM role of EC2 instances, through an EKS access entry.
   * @default - another property is set
   */
  readonly eks?: EksIdentityArgs;

  /**
   * The Google service account of Compute Engine machines.
   * @default - another property is set
   */
  readonly gke?: GkeIdentityArgs;

  /**
   * A user-assigned managed identity of Azure machines, for an AKS cluster with Entra ID and Kubernetes RBAC.
   * @default - another property is set
   */
  readonly aks?: AksIdentityArgs;

  /**
   * A token in a file, which something else on the machine keeps fresh.
   * @default - another property is set
   */
  readonly tokenFile?: TokenFileIdentityArgs;

  /**
   * A kubeconfig that lies on the machine already. Its content never passes through the program.
   * @default - another property is set
   */
  readonly kubeconfig?: KubeconfigIdentityArgs;
}

/** Identity by IAM role. EKS knows one access entry for a role, so each group of machines needs a role of its own. */
export interface EksIdentityArgs {
  /** Name of the EKS cluster. A machine's proof of identity is good for this cluster only. */
  readonly cluster: pulumi.Input<string>;

  /**
   * AWS region of the machines.
   * @default - what the instance's metadata service says
   */
  readonly region?: pulumi.Input<string>;

  /**
   * Kubernetes group that the EKS access entry gives the machines' IAM role.
   * @default - 'meshvm:<namespace>:<group>'
   */
  readonly kubernetesGroup?: pulumi.Input<string>;
}

/** Identity by Google service account. */
export interface GkeIdentityArgs {
  /**
   * Email of the Google service account that the machines run as, one for each group. Their access scopes must hold `cloud-platform` and
   * `userinfo.email`.
   */
  readonly serviceAccountEmail: pulumi.Input<string>;
}

/** Identity by managed identity. */
export interface AksIdentityArgs {
  /** Object (principal) ID of the user-assigned managed identity, one for each group. */
  readonly objectId: pulumi.Input<string>;

  /**
   * Client ID of the managed identity. Needed on machines that have several.
   * @default - the machine's only identity
   */
  readonly clientId?: pulumi.Input<string>;
}

/** Identity by a token in a file. */
export interface TokenFileIdentityArgs {
  /** Absolute path of the file on the machine. */
  readonly path: string;

  /** Who the API server takes the token's bearer for. */
  readonly subject: KubernetesSubjectArgs;
}

/** Identity by a kubeconfig on the machine. */
export interface KubeconfigIdentityArgs {
  /** Absolute path of the kubeconfig on the machine. */
  readonly path: string;

  /**
   * Context of the kubeconfig.
   * @default - its current context
   */
  readonly context?: string;

  /** Who the API server takes the kubeconfig's user for. */
  readonly subject: KubernetesSubjectArgs;
}

/** Who the API server takes a machine for. Exactly one property must be set. */
export interface KubernetesSubjectArgs {
  /**
   * A user, as the API server's authentication names it.
   * @default - another property is set
   */
  readonly user?: pulumi.Input<string>;

  /**
   * A group, as the API server's authentication names it.
   * @default - another property is set
   */
  readonly group?: pulumi.Input<string>;

  /**
   * A ServiceAccount. Not the one that the machines carry in the mesh: that one needs no right in the cluster.
   * @default - another property is set
   */
  readonly serviceAccount?: ServiceAccountSubjectArgs;
}

/** A ServiceAccount as a subject. */
export interface ServiceAccountSubjectArgs {
  /** Namespace of the ServiceAccount. */
  readonly namespace: pulumi.Input<string>;

  /** Name of the ServiceAccount. */
  readonly name: pulumi.Input<string>;
}
