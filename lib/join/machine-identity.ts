import type { KubernetesSubject } from './kubernetes-subject';

/**
 * Options of MachineIdentity.eks.
 * @args EksIdentityArgs
 * @argsDoc Identity by IAM role. EKS knows one access entry for a role, so each group of machines needs a role of its own.
 */
export interface EksIdentityOptions {
  /** Name of the EKS cluster. A machine's proof of identity is good for this cluster only. */
  readonly cluster: string;

  /**
   * AWS region of the machines.
   * @default - what the instance's metadata service says
   */
  readonly region?: string;

  /**
   * Kubernetes group that the EKS access entry gives the machines' IAM role.
   * @default - 'meshvm:<namespace>:<group>'
   */
  readonly kubernetesGroup?: string;
}

/**
 * Options of MachineIdentity.gke.
 * @args GkeIdentityArgs
 * @argsDoc Identity by Google service account.
 */
export interface GkeIdentityOptions {
  /**
   * Email of the Google service account that the machines run as, one for each group; the project's default one is refused. Their access
   * scopes must hold `cloud-platform` and `userinfo.email`; without the second GKE knows the account by its number only.
   */
  readonly serviceAccountEmail: string;
}

/**
 * Options of MachineIdentity.aks.
 * @args AksIdentityArgs
 * @argsDoc Identity by managed identity.
 */
export interface AksIdentityOptions {
  /** Object (principal) ID of the user-assigned managed identity, one for each group. */
  readonly objectId: string;

  /**
   * Client ID of the managed identity. Needed on machines that have several.
   * @default - the machine's only identity
   */
  readonly clientId?: string;
}

/**
 * Options of MachineIdentity.tokenFile.
 * @args TokenFileIdentityArgs
 * @argsDoc Identity by a token in a file.
 */
export interface TokenFileIdentityOptions {
  /**
   * Absolute path of the file on the machine. Something else on the machine keeps a fresh token in it.
   * @argsPlain
   */
  readonly path: string;

  /** Who the API server takes the token's bearer for. */
  readonly subject: KubernetesSubject;
}

/**
 * Options of MachineIdentity.kubeconfig.
 * @args KubeconfigIdentityArgs
 * @argsDoc Identity by a kubeconfig on the machine.
 */
export interface KubeconfigIdentityOptions {
  /**
   * Absolute path of the kubeconfig on the machine. It stays there: its content never passes through this program.
   * @argsPlain
   */
  readonly path: string;

  /**
   * Context of the kubeconfig.
   * @default - its current context
   * @argsPlain
   */
  readonly context?: string;

  /** Who the API server takes the kubeconfig's user for. */
  readonly subject: KubernetesSubject;
}

/**
 * How a machine proves to the Kubernetes API server who it is, before it has an identity in the mesh. It is what the machine is, or
 * holds already: no choice here puts a secret into the program, its output or the user-data.
 * @argsDoc How a machine proves to the Kubernetes API server who it is, before it has an identity in the mesh. None puts a secret into the
 * program, its state or the user-data.
 */
export class MachineIdentity {
  /**
   * The IAM role of EC2 instances, through an EKS access entry that maps the role to a Kubernetes group. EKS knows one access entry for
   * a role, so each group of machines needs a role of its own.
   */
  public static eks(options: EksIdentityOptions): MachineIdentity {
    return new MachineIdentity({ eks: options });
  }

  /** The Google service account of Compute Engine machines. */
  public static gke(options: GkeIdentityOptions): MachineIdentity {
    return new MachineIdentity({ gke: options });
  }

  /** A user-assigned managed identity of Azure machines, for an AKS cluster with Entra ID. The cluster must use Kubernetes RBAC. */
  public static aks(options: AksIdentityOptions): MachineIdentity {
    return new MachineIdentity({ aks: options });
  }

  /**
   * A token in a file: any bearer token that the API server accepts, such as a JWT of an issuer that its structured authentication trusts.
   */
  public static tokenFile(options: TokenFileIdentityOptions): MachineIdentity {
    return new MachineIdentity({ tokenFile: options });
  }

  /** A kubeconfig that lies on the machine already. */
  public static kubeconfig(options: KubeconfigIdentityOptions): MachineIdentity {
    return new MachineIdentity({ kubeconfig: options });
  }

  /** {@link MachineIdentity.eks} */
  declare public readonly eks?: EksIdentityOptions;
  /** {@link MachineIdentity.gke} */
  declare public readonly gke?: GkeIdentityOptions;
  /** {@link MachineIdentity.aks} */
  declare public readonly aks?: AksIdentityOptions;
  /** {@link MachineIdentity.tokenFile} */
  declare public readonly tokenFile?: TokenFileIdentityOptions;
  /** {@link MachineIdentity.kubeconfig} */
  declare public readonly kubeconfig?: KubeconfigIdentityOptions;

  private constructor(choice: MachineIdentity) {
    Object.assign(this, choice);
  }
}
