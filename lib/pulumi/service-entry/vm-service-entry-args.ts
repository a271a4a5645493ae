import type * as pulumi from '@pulumi/pulumi';
import type { ServiceEntryLocation, ServiceEntryProtocol } from '../../service-entry/vm-service-endpoints';
import type { MeshArgs } from '../mesh/mesh-args';
import type { VmServiceEndpointsArgs } from './vm-service-endpoints-args';

export { ServiceEntryLocation, ServiceEntryProtocol } from '../../service-entry/vm-service-endpoints';

/** A port of a VmServiceEntry. */
export interface ServiceEntryPortArgs {
  /** Name of the port. Where machines have a port of this name, that port serves it. */
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

/** Arguments of VmServiceEntry. */
export interface VmServiceEntryArgs {
  /** The mesh whose proxies know the hosts. */
  readonly mesh: MeshArgs;

  /**
   * Name of the ServiceEntry.
   * @default - the component's name
   */
  readonly name?: pulumi.Input<string>;

  /**
   * Namespace of the ServiceEntry: that of the machines it selects. Needed unless the endpoints are those of a group or machine.
   * @default - the machines'
   */
  readonly namespace?: pulumi.Input<string>;

  /**
   * DNS names, such as `payments.example.com` or `*.example.com`. Not necessarily known to any DNS server: proxies that capture DNS
   * (`dnsCapture` of the mesh) answer for hosts with an address.
   */
  readonly hosts: pulumi.Input<string>[];

  /**
   * Virtual IP addresses of the hosts; with `passthrough` and `staticEndpoints` address ranges too. Connections to them go to the
   * endpoints.
   * @default - istiod allocates an address to each host without wildcard, unless resolution is passthrough
   */
  readonly addresses?: pulumi.Input<string>[];

  /** Ports of the hosts. */
  readonly ports: ServiceEntryPortArgs[];

  /** What stands behind the hosts. */
  readonly endpoints: VmServiceEndpointsArgs;

  /**
   * Whether the endpoints belong to the mesh.
   * @default - MESH_INTERNAL for machines selected by labels, else MESH_EXTERNAL
   */
  readonly location?: ServiceEntryLocation;

  /**
   * Namespaces whose proxies know the hosts: names, or one of `.` (the entry's own), `*` (all) and `~` (none) alone.
   * @default - what the mesh's `defaultServiceExportTo` says, as a rule all
   */
  readonly exportTo?: pulumi.Input<string>[];

  /**
   * Names that the endpoints' certificates may carry instead of the identities known from ServiceAccounts: SPIFFE identities for mutual
   * TLS, DNS names where a DestinationRule originates TLS.
   * @default - the identities of the endpoints' ServiceAccounts
   */
  readonly subjectAltNames?: pulumi.Input<string>[];

  /**
   * Labels of the ServiceEntry.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Annotations of the ServiceEntry.
   * @default {}
   */
  readonly annotations?: Record<string, pulumi.Input<string>>;
}
