import type * as pulumi from '@pulumi/pulumi';

/** What a new machine is told at its first boot. No secret is among it, nor may one be. */
export interface UserDataArgs {
  /** Address of the Kubernetes API server as machines reach it: https, a host, and a port unless it is 443. */
  readonly apiServer: pulumi.Input<string>;

  /** Certificate of the authority that signed the API server's certificate, in PEM. */
  readonly caCertificate: pulumi.Input<string>;

  /**
   * What reads the text on the machine.
   * @default UserDataFormatKind.CloudConfig
   */
  readonly format?: UserDataFormatKind;

  /**
   * Where the text goes: its limit and its encoding.
   * @default - Amazon EC2 for an EKS identity, Compute Engine for GKE, Azure for AKS, a file otherwise
   */
  readonly target?: UserDataTargetKind;

  /**
   * What else the machine does at its first boot.
   * @default - nothing
   */
  readonly application?: ApplicationArgs;
}

/** What a machine does at its first boot besides joining. */
export interface ApplicationArgs {
  /**
   * Packages to install, by their names in the machine's distribution.
   * @default []
   */
  readonly packages?: string[];

  /**
   * Files to write, after meshvm's own and before anything runs.
   * @default []
   */
  readonly files?: UserDataFileArgs[];

  /**
   * Shell commands to run once, in order, before the machine joins. As in cloud-init a failure doesn't stop what follows.
   * @default []
   */
  readonly commands?: pulumi.Input<string>[];

  /**
   * The text of a cloud-config of your own, joined with meshvm's as UserDataProps.cloudConfig says.
   * @default - none
   */
  readonly cloudConfig?: pulumi.Input<string>;
}

/** A file that a machine gets at its first boot. */
export interface UserDataFileArgs {
  /** Absolute path. */
  readonly path: string;

  /** Text of the file. */
  readonly content: pulumi.Input<string>;

  /**
   * Permissions in octal, four digits.
   * @default '0644'
   */
  readonly permissions?: string;

  /**
   * Owner, `user:group`.
   * @default 'root:root'
   */
  readonly owner?: string;
}

/** What reads user-data on a machine. */
export enum UserDataFormatKind {
  /** cloud-init, which most images bring. */
  CloudConfig = 'CloudConfig',
  /** A POSIX shell, run as root, at every boot if need be. */
  ShellScript = 'ShellScript',
}

/** Where user-data goes. */
export enum UserDataTargetKind {
  /** EC2 through a tool that encodes by itself: plain text of at most 16 KB. */
  Ec2 = 'Ec2',
  /** The `userData` of an EC2 launch template or instance (`userDataBase64`): base64 of at most 16 KB. */
  Ec2LaunchTemplate = 'Ec2LaunchTemplate',
  /** Metadata of Compute Engine: plain text of at most 256 KB. */
  ComputeEngine = 'ComputeEngine',
  /** Azure through a tool that encodes by itself: plain text of at most 64 KB. */
  Azure = 'Azure',
  /** The `customData` of an Azure resource: base64 of at most 64 KB. */
  AzureCustomData = 'AzureCustomData',
  /** A file: plain text without a limit. */
  File = 'File',
}
