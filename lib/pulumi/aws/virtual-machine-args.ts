import type * as pulumi from '@pulumi/pulumi';
import type { Ec2MachineArgs } from './ec2-machine-args';

/** Arguments of VirtualMachine. */
export interface VirtualMachineArgs extends Ec2MachineArgs {
  /** Private subnet that the machine starts in. */
  readonly subnetId: pulumi.Input<string>;

  /** Type of the machine, such as `m7g.large`. */
  readonly instanceType: string;

  /**
   * IPv4 address of the machine, of its subnet. A machine that is replaced then goes before the new one comes.
   * @default - any of the subnet's
   */
  readonly privateIp?: pulumi.Input<string>;

  /**
   * Whether a change of the user-data replaces the machine. Otherwise a running machine never sees it. Changes of the group's settings
   * (ports, probe, mesh) reach the machine in any case: those are not in the user-data.
   * @default true
   */
  readonly replaceOnUserDataChange?: boolean;

  /**
   * Whether EC2 refuses to terminate the machine. It refuses its replacement, too, until this is false again.
   * @default false
   */
  readonly disableApiTermination?: boolean;
}
