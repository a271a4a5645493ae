import type * as pulumi from '@pulumi/pulumi';
import type { MigrationDirection } from '../../traffic/migration-step';
import type { GroupReferenceArgs } from '../machines/reference-args';
import type { RetriesArgs } from './retries-args';
import type { HostTrafficArgs } from './traffic-settings-args';
import type { TrafficTargetArgs } from './traffic-target-args';

export { MigrationDirection } from '../../traffic/migration-step';

/** How far a migration has come. The way back is an earlier step. Exactly one property must be set. */
export interface MigrationStepArgs {
  /**
   * `true`: the new side is known and gets nothing.
   * @default - another property is set
   */
  readonly start?: boolean;

  /**
   * Percentage of the requests of which the new side gets copies, whose answers callers never see. For HTTP and gRPC; requests that
   * change something are copied too.
   * @default - another property is set
   */
  readonly mirrorPercent?: number;

  /**
   * Percentage of the traffic that the new side gets, a whole number: 1, then 10, then 50 is a good way; or a share that stays, for a mix
   * that is meant to last.
   * @default - another property is set
   */
  readonly sharePercent?: number;

  /**
   * `true`: the new side gets everything, and the old one is still there to go back to.
   * @default - another property is set
   */
  readonly done?: boolean;
}

/** Arguments of Migration. */
export interface MigrationArgs {
  /** The machines. */
  readonly group: GroupReferenceArgs;

  /**
   * Labels by which pods are told from machines: the group has labels with the same keys, and another value for one of them at least.
   * Such as `{ version: 'v2-pods' }`. Pods stand behind the Service if they have the labels that it selects too: for that of the group,
   * `app`.
   */
  readonly pods: Record<string, pulumi.Input<string>>;

  /** Where the application moves. */
  readonly direction: MigrationDirection;

  /** How far it has come. */
  readonly step: MigrationStepArgs;

  /**
   * Whose callers the migration is about. Needed where the group is no MeshVmGroup of the program with Services.
   * @default - the Services of the group
   */
  readonly target?: TrafficTargetArgs;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: RetriesArgs;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTrafficArgs;
}
