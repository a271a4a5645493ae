import type { IMeshVmGroup } from '../machines/references';
import type { MigrationDirection, MigrationStep } from './migration-step';
import type { Retries } from './retries';
import type { HostTraffic } from './traffic-settings';
import type { TrafficTarget } from './traffic-target';

/** Properties of Migration. */
export interface MigrationProps {
  /** The machines. */
  readonly group: IMeshVmGroup;

  /**
   * Labels by which pods are told from machines: the group has labels with the same keys, and another value for one of them at least.
   * Such as `{ version: 'v2-pods' }`; or, where both run the same version, `{ platform: 'pods' }` beside `labels: { platform: 'machines' }`
   * of the group. Pods stand behind the Service if they have the labels that it selects too: for that of the group, `app`.
   */
  readonly pods: Readonly<Record<string, string>>;

  /** Where the application moves. */
  readonly direction: MigrationDirection;

  /** How far it has come. */
  readonly step: MigrationStep;

  /**
   * Whose callers the migration is about.
   * @default - the Services of the group
   */
  readonly target?: TrafficTarget;

  /**
   * Seconds until the caller gets an error, all attempts together. For HTTP and gRPC; it cuts streams too.
   * @default - none
   */
  readonly timeoutSeconds?: number;

  /**
   * How often and when requests are tried again. For HTTP and gRPC.
   * @default - what the mesh says, as a rule 2 attempts after the first
   */
  readonly retries?: Retries;

  /**
   * What a TrafficPolicy would say of the same hosts, of which there is one DestinationRule alone.
   * @default {}
   */
  readonly traffic?: HostTraffic;
}
