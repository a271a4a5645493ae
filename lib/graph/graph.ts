/** What a node stands for. */
export enum NodeKind {
  /** Addresses from which something can be reached. */
  OUTSIDE = 'outside',
  /** An identity that may call, and that is none of the drawn workloads. */
  CALLER = 'caller',
  GATEWAY = 'gateway',
  SERVICE = 'service',
  /** A ServiceEntry for something in the mesh. */
  ENTRY = 'entry',
  /** A WorkloadGroup. */
  GROUP = 'group',
  /** A WorkloadEntry. */
  MACHINE = 'machine',
  /** Pods. */
  PODS = 'pods',
  /** A ServiceEntry or Service for something outside of the mesh. */
  EXTERNAL = 'external',
  NETWORK = 'network',
}

/** What an edge says. */
export enum EdgeKind {
  /** Addresses reach a load balancer. */
  REACHES = 'reaches',
  /** A Service or ServiceEntry is served by workloads. */
  SELECTS = 'selects',
  /** Traffic is routed, with a share or a condition. */
  ROUTES = 'routes',
  /** Requests are copied. */
  MIRRORS = 'mirrors',
  ALLOWS = 'allows',
  DENIES = 'denies',
  /** A policy that looks at calls and lets others decide: AUDIT, CUSTOM or a dry run. */
  WATCHES = 'watches',
  /** A workload's Sidecar names the host. */
  CALLS = 'calls',
  /** A workload is in a network, or a gateway is its entrance. */
  NETWORK = 'network',
}

/** A box of the picture. */
export interface GraphNode {
  /** Letters, digits and `_` alone, and unique. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Undefined for what belongs to no namespace. */
  readonly namespace: string | undefined;
  /** What else there is to know, a line each. */
  readonly lines: readonly string[];
  /** What is open, a line each. */
  readonly open: readonly string[];
}

/** An arrow of the picture. */
export interface GraphEdge {
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** Empty for an edge that says all by its kind. */
  readonly labels: readonly string[];
}

/** A picture of an environment, before anybody has drawn it. Text is as it was read: who draws escapes it. */
export interface Graph {
  readonly title: string;
  /** In order of their names. */
  readonly namespaces: readonly GraphNamespace[];
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** What was read and isn't in the picture. */
  readonly notes: readonly string[];
}

/** A frame of the picture. */
export interface GraphNamespace {
  /** Letters, digits and `_` alone, and unique, among nodes too. */
  readonly id: string;
  /** Empty for objects that name no namespace. */
  readonly name: string;
}

/** What stands on the frame of a namespace. */
export function namespaceTitle({ name }: GraphNamespace): string {
  return name === '' ? 'no namespace given' : `namespace ${name}`;
}
