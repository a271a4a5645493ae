import type { CloudConfig } from '../join/cloud-config';
import type { UserDataTarget } from '../join/user-data-target';
import type { EnvoyPackage } from './envoy-package';

/** Properties of StandaloneEnvoy.userData: what a new machine is told at its first boot. No secret is among it, nor may one be. */
export interface StandaloneUserDataProps {
  /** Where the machine has the program Envoy from. Never guessed: a machine runs no program that nobody has named. */
  readonly envoy: EnvoyPackage;

  /**
   * Where the text goes: its limit and its encoding.
   * @default UserDataTarget.ec2() which has the lowest limit, 16 KB of plain text
   */
  readonly target?: UserDataTarget;

  /**
   * Your own cloud-config, such as what fetches the certificate. Its lists come together with ours: our files first, then its files; its
   * commands (`runcmd`) once Envoy's user and the folder of its certificates are there, and before Envoy starts. All else is kept as it is.
   * @default - none
   */
  readonly cloudConfig?: CloudConfig;
}
