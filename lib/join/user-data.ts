import type { CloudConfig } from './cloud-config';
import type { UserDataTarget } from './user-data-target';

/**
 * Where the cluster is.
 * @argsInline
 */
export interface ApiServerAddress {
  /**
   * Address of the Kubernetes API server as machines reach it: https, a host, and a port unless it is 443. A kubeconfig on the machine says
   * itself where its server is, and goes before this.
   */
  readonly apiServer: string;

  /** Certificate of the authority that signed the API server's certificate, in PEM. */
  readonly caCertificate: string;
}

/**
 * What a machine does at its first boot besides joining.
 * @argsInline
 */
export interface FirstBoot {
  /**
   * Packages to install, by their names in the machine's distribution.
   * @default []
   * @argsPlain
   */
  readonly packages?: readonly string[];

  /**
   * Files to write, after meshvm's own and before anything runs.
   * @default []
   */
  readonly files?: readonly UserDataFile[];

  /**
   * Shell commands to run once, in order, before the machine joins. As in cloud-init a failure doesn't stop what follows.
   * @default []
   */
  readonly commands?: readonly string[];
}

/**
 * Properties of MeshVmGroup.userData: what a new machine is told at its first boot. No secret is among it, nor may one be.
 * @argsOmit
 */
export interface UserDataProps extends ApiServerAddress, FirstBoot {
  /**
   * Where the text goes: its limit and its encoding.
   * @default - Amazon EC2 for an EKS identity, Compute Engine for GKE, Azure for AKS, a file otherwise
   */
  readonly target?: UserDataTarget;

  /**
   * What reads the text on the machine.
   * @default UserDataFormat.cloudConfig()
   */
  readonly format?: UserDataFormat;

  /**
   * Your own cloud-config. Its lists come together with ours: files of ours first, then those of the cloud-config, then `files`;
   * packages of the cloud-config, then `packages`; commands of the cloud-config (`runcmd`), then `commands`, then the join. All else is kept
   * as it is.
   * @default - none
   */
  readonly cloudConfig?: CloudConfig;
}

/** A file that a machine gets at its first boot. */
export interface UserDataFile {
  /**
   * Absolute path.
   * @argsPlain
   */
  readonly path: string;

  /** Text of the file. */
  readonly content: string;

  /**
   * Permissions in octal, four digits.
   * @default '0644'
   * @argsPlain
   */
  readonly permissions?: string;

  /**
   * Owner, `user:group`. One that no package or image has made yet stops cloud-init from writing the files that follow.
   * @default 'root:root'
   * @argsPlain
   */
  readonly owner?: string;
}

/** What reads user-data on a machine. */
export class UserDataFormat {
  /** cloud-init, which most images bring: a cloud-config. */
  public static cloudConfig(): UserDataFormat {
    return new UserDataFormat({ cloudConfig: true });
  }

  /**
   * A POSIX shell, run as root: for images without cloud-init, such as a `startup-script` on Compute Engine, or by hand. It may run at every
   * boot: packages and commands then run only once.
   */
  public static shellScript(): UserDataFormat {
    return new UserDataFormat({ shellScript: true });
  }

  /** {@link UserDataFormat.cloudConfig} */
  declare public readonly cloudConfig?: true;
  /** {@link UserDataFormat.shellScript} */
  declare public readonly shellScript?: true;

  private constructor(choice: UserDataFormat) {
    Object.assign(this, choice);
  }
}
