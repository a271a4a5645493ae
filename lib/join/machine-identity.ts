import { Problems } from '../core/problems';
import { checkRequired } from '../core/values/names';
import { KubernetesSubject } from './kubernetes-subject';
import { checkFilePath, checkGuid, checkServiceAccountEmail } from './private/identity';

/** Options of MachineIdentity.eks. */
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

/** Options of MachineIdentity.gke. */
export interface GkeIdentityOptions {
  /**
   * Email of the Google service account that the machines run as, one for each group; the project's default one is refused. Their access scopes must hold `cloud-platform` and
   * `userinfo.email`; without the second GKE knows the account by its number only.
   */
  readonly serviceAccountEmail: string;
}

/** Options of MachineIdentity.aks. */
export interface AksIdentityOptions {
  /** Object (principal) ID of the user-assigned managed identity, one for each group. */
  readonly objectId: string;

  /**
   * Client ID of the managed identity. Needed on machines that have several.
   * @default - the machine's only identity
   */
  readonly clientId?: string;
}

/** Options of MachineIdentity.tokenFile. */
export interface TokenFileIdentityOptions {
  /** Absolute path of the file on the machine. Something else on the machine keeps a fresh token in it. */
  readonly path: string;

  /** Who the API server takes the token's bearer for. */
  readonly subject: KubernetesSubject;
}

/** Options of MachineIdentity.kubeconfig. */
export interface KubeconfigIdentityOptions {
  /** Absolute path of the kubeconfig on the machine. It stays there: its content never passes through this program. */
  readonly path: string;

  /**
   * Context of the kubeconfig.
   * @default - its current context
   */
  readonly context?: string;

  /** Who the API server takes the kubeconfig's user for. */
  readonly subject: KubernetesSubject;
}

/**
 * How a machine proves to the Kubernetes API server who it is, before it has an identity in the mesh. It is what the machine is, or
 * holds already: no choice here puts a secret into the program, its output or the user-data.
 */
export class MachineIdentity {
  /**
   * The IAM role of EC2 instances, through an EKS access entry that maps the role to a Kubernetes group. EKS knows one access entry for
   * a role, so each group of machines needs a role of its own.
   * @throws ValidationError with every problem of the options.
   */
  public static eks(options: EksIdentityOptions): MachineIdentity {
    const { cluster, region, kubernetesGroup } = options;
    const problems = new Problems();
    checkRequired(problems, 'cluster', cluster);
    if (region !== undefined) checkRequired(problems, 'region', region);
    problems.throwIfAny('MachineIdentity.eks');
    const subject = kubernetesGroup === undefined ? undefined : KubernetesSubject.group(kubernetesGroup);
    return new MachineIdentity('eks', { cluster, region }, subject);
  }

  /**
   * The Google service account of Compute Engine machines.
   * @throws ValidationError with every problem of the options.
   */
  public static gke(options: GkeIdentityOptions): MachineIdentity {
    const problems = new Problems();
    checkServiceAccountEmail(problems, 'serviceAccountEmail', options.serviceAccountEmail);
    problems.throwIfAny('MachineIdentity.gke');
    return new MachineIdentity('gke', {}, KubernetesSubject.user(options.serviceAccountEmail));
  }

  /**
   * A user-assigned managed identity of Azure machines, for an AKS cluster with Entra ID. The cluster must use Kubernetes RBAC.
   * @throws ValidationError with every problem of the options.
   */
  public static aks(options: AksIdentityOptions): MachineIdentity {
    const problems = new Problems();
    checkGuid(problems, 'objectId', options.objectId);
    if (options.clientId !== undefined) checkGuid(problems, 'clientId', options.clientId);
    problems.throwIfAny('MachineIdentity.aks');
    return new MachineIdentity('aks', { clientId: options.clientId }, KubernetesSubject.user(options.objectId));
  }

  /**
   * A token in a file: any bearer token that the API server accepts, such as a JWT of an issuer that its structured authentication trusts.
   * @throws ValidationError with every problem of the options.
   */
  public static tokenFile(options: TokenFileIdentityOptions): MachineIdentity {
    const problems = new Problems();
    checkFilePath(problems, 'path', options.path);
    problems.throwIfAny('MachineIdentity.tokenFile');
    return new MachineIdentity('tokenFile', { path: options.path }, options.subject);
  }

  /**
   * A kubeconfig that lies on the machine already.
   * @throws ValidationError with every problem of the options.
   */
  public static kubeconfig(options: KubeconfigIdentityOptions): MachineIdentity {
    const { path, context, subject } = options;
    const problems = new Problems();
    checkFilePath(problems, 'path', path);
    if (context !== undefined) checkRequired(problems, 'context', context);
    problems.throwIfAny('MachineIdentity.kubeconfig');
    return new MachineIdentity('kubeconfig', { path, context }, subject);
  }

  private constructor(
    /** Kind of the credential, as the agent on the machine names it: `eks`, `gke`, `aks`, `tokenFile` or `kubeconfig`. */
    public readonly kind: string,
    /** Settings of the credential for the agent. None is a secret. */
    public readonly settings: Readonly<Record<string, string | undefined>>,
    private readonly givenSubject: KubernetesSubject | undefined,
  ) {}

  /**
   * Who the API server takes the machines of a group for. Known before the cloud is asked: RoleBindings never wait for it.
   *
   * @param namespace Namespace of the group.
   * @param group Name of the group.
   */
  public subjectOf(namespace: string, group: string): KubernetesSubject {
    return this.givenSubject ?? KubernetesSubject.group(`meshvm:${namespace}:${group}`);
  }
}
