import type { ApiServerAddress, FirstBoot } from '../../join/user-data';

/**
 * What a new machine is told at its first boot, as Pulumi's arguments spell it. No secret is among it, nor may one be.
 * @args UserDataArgs
 * @argsDoc What a new machine is told at its first boot. No secret is among it, nor may one be.
 */
export interface UserDataSpelling extends ApiServerAddress {
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
  readonly application?: Application;
}

/** What a machine does at its first boot besides joining. */
export interface Application extends FirstBoot {
  /**
   * The text of a cloud-config of your own, joined with meshvm's as UserDataProps.cloudConfig says.
   * @default - none
   */
  readonly cloudConfig?: string;
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
