import type * as pulumi from '@pulumi/pulumi';
import type { UserDataTargetKind } from '../join/user-data-props';
import type { EnvoyPackageArgs } from './envoy-package-args';

/** What a new machine with an Envoy of its own is told at its first boot. No secret is among it, nor may one be. */
export interface StandaloneUserDataArgs {
  /** Where the machine has the program Envoy from. Never guessed: a machine runs no program that nobody has named. */
  readonly envoy: EnvoyPackageArgs;

  /**
   * Where the text goes: its limit and its encoding.
   * @default UserDataTargetKind.Ec2 which has the lowest limit, 16 KB of plain text
   */
  readonly target?: UserDataTargetKind;

  /**
   * The text of a cloud-config of your own, such as what fetches the certificate. Its lists come together with ours: our files first, then its
   * files; its commands (`runcmd`) once Envoy's user and the folder of its certificates are there, and before Envoy starts. All else is kept as
   * it is.
   * @default - none
   */
  readonly cloudConfig?: pulumi.Input<string>;
}
