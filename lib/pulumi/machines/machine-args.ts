import type * as pulumi from '@pulumi/pulumi';
import type { MeshArgs } from '../mesh/mesh-args';

/** What a group of machines and a single machine have in common: who they are, what they serve and where they stand. */
export interface MachineArgs {
  /** The mesh that the machines join. */
  readonly mesh: MeshArgs;

  /** Namespace of the machines. */
  readonly namespace: pulumi.Input<string>;

  /**
   * Whether the component creates the namespace.
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Whether a namespace that the component creates makes the mesh inject sidecars into its pods.
   * @default true
   */
  readonly injectPods?: boolean;

  /**
   * Name of the ServiceAccount whose identity the machines carry. One that is there already must have no right in the cluster: whoever
   * controls a machine can use it.
   * @default - the name of the machines
   */
  readonly serviceAccount?: pulumi.Input<string>;

  /**
   * Whether the component creates the ServiceAccount, without a token mounted anywhere.
   * @default true
   */
  readonly createServiceAccount?: boolean;

  /**
   * Whether another group of the program may have the same ServiceAccount; it needs `createServiceAccount: false`. Whoever controls a machine of
   * one group can make it a machine of the other: for groups that trust each other as themselves, such as two versions of an application.
   * @default false
   */
  readonly shareServiceAccount?: boolean;

  /**
   * Name of the Kubernetes objects: lower case letters, digits and "-".
   * @default - the component's name
   */
  readonly name?: string;

  /**
   * Name of the application: label `app`, canonical service, and what the Services select.
   * @default - name
   */
  readonly canonicalService?: string;

  /**
   * Version of the application: label `version` and canonical revision.
   * @default 'latest'
   */
  readonly version?: string;

  /** Ports on which the application listens. None for machines that only call others. */
  readonly ports: MachinePortArgs[];

  /**
   * Kubernetes Services over the machines.
   * @default - one Service with the machines' name and ports; none without ports
   */
  readonly services?: VmServiceArgs[];

  /** Where the machines stand, as seen from the pods. */
  readonly network: NetworkArgs;

  /**
   * Region and zone. The sidecar finds them out by itself on AWS, GCP and Azure.
   * @default - what the sidecar reports
   */
  readonly locality?: LocalityArgs;

  /**
   * Share of the traffic among the endpoints of a locality, 1 to 65535.
   * @default 1
   */
  readonly weight?: pulumi.Input<number>;

  /**
   * Further labels of the machines. `app`, `version` and the canonical labels belong to the properties above.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Annotations of the machines' WorkloadEntries. On a group `proxy.istio.io/config` must be a plain string.
   * @default {}
   */
  readonly annotations?: Record<string, pulumi.Input<string>>;
}

/** A port on which the application on the machines listens. */
export interface MachinePortArgs {
  /** Name of the port. It says the protocol (`http`, `grpc-admin`) unless `appProtocol` does. */
  readonly name: string;

  /** Number of the port. */
  readonly port: number;

  /**
   * Protocol of the port, where its name doesn't say it, such as `http`, `http2`, `grpc`, `tcp` or `tls`.
   * @default - the protocol that the name starts with
   */
  readonly appProtocol?: string;
}

/** A Kubernetes Service over machines. */
export interface VmServiceArgs {
  /** Name of the Service, and the first label of its host name. */
  readonly name: string;

  /**
   * Ports of the Service.
   * @default - a port for each of the machines' ports, with the same name and number
   */
  readonly ports?: VmServicePortArgs[];

  /**
   * Labels of the Service.
   * @default {}
   */
  readonly labels?: Record<string, pulumi.Input<string>>;

  /**
   * Annotations of the Service.
   * @default {}
   */
  readonly annotations?: Record<string, pulumi.Input<string>>;
}

/** A port of a Service over machines. */
export interface VmServicePortArgs {
  /** Name of the port. It says the protocol (`http`, `grpc-admin`) unless `appProtocol` does. */
  readonly name: string;

  /** Number under which clients reach the Service. */
  readonly port: number;

  /**
   * The machines' port behind it by its name, at most 15 characters. Not together with `targetPortNumber`.
   * @default - the machines' port of the same name
   */
  readonly targetPortName?: string;

  /**
   * The machines' port behind it by its number.
   * @default - the machines' port of the same name
   */
  readonly targetPortNumber?: number;

  /**
   * Protocol of the port.
   * @default - the appProtocol of the machines' port behind it, else the protocol that the name starts with
   */
  readonly appProtocol?: string;
}

/** Where machines stand, as seen from the mesh's pods. Exactly one property must be set: Istio's own guess is often wrong. */
export interface NetworkArgs {
  /**
   * Machines and pods reach each other's addresses directly (same VPC, routed network).
   * @default - the other property is set
   */
  readonly flat?: FlatNetworkArgs;

  /**
   * Machines stand in a network of their own, whose east-west gateway carries traffic towards them.
   * @default - the other property is set
   */
  readonly behindGateway?: GatewayNetworkArgs;
}

/** Machines in the network of the pods. */
export interface FlatNetworkArgs {
  /** Address ranges of the machines, such as `10.20.0.0/16`. A machine may register with no other address. */
  readonly cidrs: pulumi.Input<string>[];
}

/** Machines in a network of their own. */
export interface GatewayNetworkArgs {
  /** Istio network name of the machines, such as `dc-1`. */
  readonly name: pulumi.Input<string>;

  /** Address ranges of the machines. A machine may register with no other address. */
  readonly cidrs: pulumi.Input<string>[];
}

/** Region and zone of machines. */
export interface LocalityArgs {
  /** Such as `eu-west-1`. */
  readonly region: pulumi.Input<string>;

  /**
   * Such as `eu-west-1a`.
   * @default - none
   */
  readonly zone?: pulumi.Input<string>;

  /**
   * Such as a rack. It needs `zone`.
   * @default - none
   */
  readonly subzone?: pulumi.Input<string>;
}
