import type { Acknowledging } from '../core/acknowledging';
import type { Mesh } from '../mesh/mesh';
import type { ServiceEntryLocation, ServiceEntryProtocol, VmServiceEndpoints } from './vm-service-endpoints';

/** An entry of the program, as traffic rules need to know it. */
export interface IVmServiceEntry {
  /** Namespace of the ServiceEntry. */
  readonly namespace: string;
  /** DNS names. */
  readonly hosts: readonly string[];
  /** Where the entry stands in the program: its path is what messages call it. */
  readonly node: {
    /** Path of the construct. */
    readonly path: string;
  };
}

/** A port of a VmServiceEntry. */
export interface ServiceEntryPort {
  /**
   * Name of the port. Where machines have a port of this name, that port serves it.
   * @argsPlain
   */
  readonly name: string;

  /** Number under which clients reach the hosts. */
  readonly port: number;

  /** Protocol of the port. The name says nothing about it here. */
  readonly protocol: ServiceEntryProtocol;

  /**
   * Port of the endpoints, where neither the machines nor the listed endpoint have a port of that name.
   * @default - port
   */
  readonly targetPort?: number;
}

/** Properties of VmServiceEntry. */
export interface VmServiceEntryProps extends Acknowledging {
  /** The mesh whose proxies know the hosts. */
  readonly mesh: Mesh;

  /**
   * Name of the ServiceEntry.
   * @default - the construct's id
   * @argsDefault - the component's name
   */
  readonly name?: string;

  /**
   * Namespace of the ServiceEntry: that of the machines it selects.
   * @default - the machines' for VmServiceEndpoints.group and VmServiceEndpoints.machine, else the chart's
   * @argsDoc Namespace of the ServiceEntry: that of the machines it selects. Needed unless the endpoints are those of a group or machine.
   * @argsDefault - the machines'
   */
  readonly namespace?: string;

  /**
   * DNS names, such as `payments.example.com` or `*.example.com`. Not necessarily known to any DNS server: proxies that capture DNS
   * (`dnsCapture` of the mesh) answer for hosts with an address.
   */
  readonly hosts: readonly string[];

  /**
   * Virtual IP addresses of the hosts; with `passthrough` and `staticEndpoints` address ranges too. Connections to them go to the
   * endpoints.
   * @default - istiod allocates an address to each host without wildcard, unless resolution is passthrough
   */
  readonly addresses?: readonly string[];

  /** Ports of the hosts. */
  readonly ports: readonly ServiceEntryPort[];

  /** What stands behind the hosts. */
  readonly endpoints: VmServiceEndpoints;

  /**
   * Whether the endpoints belong to the mesh.
   * @default - MESH_INTERNAL for machines selected by labels, else MESH_EXTERNAL
   */
  readonly location?: ServiceEntryLocation;

  /**
   * Namespaces whose proxies know the hosts: names, or one of `.` (the entry's own), `*` (all) and `~` (none) alone.
   * @default - what the mesh's `defaultServiceExportTo` says, as a rule all
   */
  readonly exportTo?: readonly string[];

  /**
   * Names that the endpoints' certificates may carry instead of the identities known from ServiceAccounts: SPIFFE identities for
   * mutual TLS, DNS names where a DestinationRule originates TLS.
   * @default - the identities of the endpoints' ServiceAccounts
   */
  readonly subjectAltNames?: readonly string[];

  /**
   * Labels of the ServiceEntry.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations of the ServiceEntry.
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;
}
