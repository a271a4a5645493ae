import type { Locality } from '../mesh/locality';
import type { Mesh } from '../mesh/mesh';
import type { Network } from '../mesh/network';
import type { GroupNamespace } from './group-namespace';
import type { GroupServiceAccount } from './group-service-account';
import type { MachinePort, VmServiceProps } from './vm-service';

/** What a group of machines and a single machine have in common: who they are, what they serve and where they stand. */
export interface MachineProps {
  /** The mesh that the machines join. */
  readonly mesh: Mesh;

  /**
   * Name of the Kubernetes objects: lower case letters, digits and "-".
   * @default - the construct's id
   * @argsDefault - the component's name
   * @argsPlain
   */
  readonly name?: string;

  /**
   * The namespace, created or existing.
   * @default GroupNamespace.create()
   */
  readonly namespace?: GroupNamespace;

  /**
   * The ServiceAccount whose identity the machines carry, created or existing.
   * @default GroupServiceAccount.create()
   */
  readonly serviceAccount?: GroupServiceAccount;

  /**
   * ServiceAccounts that the machines had before, and whose identity somebody else may have now, since a machine was stolen. An
   * AuthorizationPolicy in the namespace of the control plane refuses their calls everywhere. Delete the ServiceAccounts themselves,
   * too, if nothing prunes what you no longer apply. Plain text has no identity: it passes where mutual TLS is not required.
   * @default []
   */
  readonly revokedServiceAccounts?: readonly string[];

  /**
   * Name of the application: label `app`, canonical service, and what the Services select.
   * @default - name
   * @argsPlain
   */
  readonly canonicalService?: string;

  /**
   * Version of the application: label `version` and canonical revision.
   * @default 'latest'
   * @argsPlain
   */
  readonly version?: string;

  /** Ports on which the application listens. None for machines that only call others. */
  readonly ports: readonly MachinePort[];

  /**
   * Kubernetes Services over the machines.
   * @default - one Service with the machines' name and ports; none without ports
   */
  readonly services?: readonly VmServiceProps[];

  /** Where the machines stand, as seen from the pods. */
  readonly network: Network;

  /**
   * Region and zone. The sidecar finds them out by itself on AWS, GCP and Azure; these go before what it finds. istiod takes the place of a
   * machine that registers from its sidecar alone, so a group without `identity`, whose machines get their files by other means, has
   * the place that those files say.
   * @default - what the sidecar reports
   */
  readonly locality?: Locality;

  /**
   * Share of the traffic among the endpoints of a locality, 1 to 65535.
   * @default 1
   * @argsType pulumi.Input<number>
   */
  readonly weight?: number;

  /**
   * Further labels of the machines. `app`, `version` and the canonical labels belong to the properties above.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations of the machines' WorkloadEntries.
   * @default {}
   * @argsDoc Annotations of the machines' WorkloadEntries. On a group `proxy.istio.io/config` must be a plain string.
   */
  readonly annotations?: Readonly<Record<string, string>>;
}
