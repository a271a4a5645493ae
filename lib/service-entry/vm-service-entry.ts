import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Environment } from '../machines/private/environment';
import type { Mesh } from '../mesh/mesh';
import type { ServiceEntryLocation } from '../service-entry-location';
import type { ServiceEntryProtocol } from '../service-entry-protocol';
import { serviceEntry } from './manifests/service-entry';
import { checkServiceEntry, resolveServiceEntry } from './private/service-entry';
import { checkHostOwners, hostClaim } from './private/service-entry-hosts';
import { checkSelectedMachines } from './private/service-entry-machines';
import type { VmServiceEndpoints } from './vm-service-endpoints';

/** A port of a VmServiceEntry. */
export interface ServiceEntryPort {
  /**
   * Name of the port. Where machines have a port of this name, that port serves it.
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
export interface VmServiceEntryProps {
  /** The mesh whose proxies know the hosts. */
  readonly mesh: Mesh;

  /**
   * Name of the ServiceEntry.
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Namespace of the ServiceEntry: that of the machines it selects.
   * @default - the machines' for VmServiceEndpoints.group and VmServiceEndpoints.machine, else the chart's
   */
  readonly namespace?: string;

  /**
   * DNS names, such as `payments.example.com` or `*.example.com`. Not necessarily known to any DNS server: proxies that capture DNS
   * (`dnsCapture` of the mesh) answer for hosts with an address.
   */
  readonly hosts: readonly string[];

  /**
   * Virtual IP addresses of the hosts; with `passthrough` and `static` address ranges too. Connections to them go to the endpoints.
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

/**
 * Names that are no Kubernetes Service, known to the mesh: a legacy DNS name of machines, or a host outside that machines or pods
 * call. For a name inside the cluster use the Services of a MeshVmGroup.
 *
 * @example
 * new VmServiceEntry(chart, 'legacy-name', {
 *   mesh,
 *   hosts: ['payments.corp.example.com'],
 *   ports: [{ name: 'http', port: 80, protocol: ServiceEntryProtocol.HTTP, targetPort: 8080 }],
 *   endpoints: VmServiceEndpoints.group(group),
 * });
 */
export class VmServiceEntry extends Construct {
  /** Name of the ServiceEntry. */
  public readonly entryName: string;
  /** Namespace of the ServiceEntry. */
  public readonly namespace: string;
  /** DNS names. */
  public readonly hosts: readonly string[];

  /** @throws ValidationError with every problem of the properties. */
  public constructor(scope: Construct, id: string, props: VmServiceEntryProps) {
    super(scope, id);
    const entry = resolveServiceEntry(props, id, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    const environment = Environment.of(this);
    checkServiceEntry(problems, props, entry);
    checkHostOwners(problems, this, environment, entry);
    checkSelectedMachines(problems, environment, props, entry);
    problems.throwIfAny(this.node.path);
    for (const host of entry.hosts) claim(this, hostClaim(entry.namespace, host));

    this.entryName = entry.name;
    this.namespace = entry.namespace;
    this.hosts = entry.hosts;

    emit(this, 'Resource', serviceEntry(entry));
  }
}
