/**
 * How region and zone of callers and endpoints decide who gets the traffic. Exactly one property must be set. Machines need a locality
 * for it: the sidecar finds it out on AWS, GCP and Azure; elsewhere set `locality` of the group.
 */
export interface LocalityBalancingArgs {
  /**
   * `true`: nearest first, which is Istio's default: own zone, then own region, then any. Needs outlier detection.
   * @default - another property is set
   */
  readonly nearest?: boolean;

  /**
   * Nearest first; a region without healthy endpoints hands its traffic to another that you name: each region once as `from`. Needs
   * outlier detection.
   * @default - another property is set
   */
  readonly failover?: RegionFailoverArgs[];

  /**
   * Endpoints that have the most labels in common with the caller first, counted from the first label on: keys of labels, such as
   * `topology.kubernetes.io/region`, or `key=value` for endpoints with that value. Needs outlier detection.
   * @default - another property is set
   */
  readonly failoverPriority?: string[];

  /**
   * Fixed shares, for callers of different localities.
   * @default - another property is set
   */
  readonly distribute?: LocalityDistributionArgs[];

  /**
   * `true`: localities don't matter, whatever the mesh says.
   * @default - another property is set
   */
  readonly disabled?: boolean;
}

/** Where the traffic of a region goes when it has no healthy endpoint left. */
export interface RegionFailoverArgs {
  /** Region of the callers, such as `eu-west-1`. */
  readonly from: string;

  /** Region that steps in. */
  readonly to: string;
}

/** How the traffic of callers is spread over localities. */
export interface LocalityDistributionArgs {
  /**
   * Where the callers stand. A region stands for all its zones.
   * @default - anywhere; such a distribution comes last, for the callers of no other
   */
  readonly from?: TrafficLocalityArgs;

  /** Shares of the localities; together 100 percent. Localities that are not named get nothing. */
  readonly to: LocalityShareArgs[];
}

/** The share of a locality. */
export interface LocalityShareArgs {
  /** Where the endpoints stand. A region stands for all its zones. */
  readonly locality: TrafficLocalityArgs;

  /** Percentage of the traffic, 1 to 100. */
  readonly percent: number;
}

/** A locality by which traffic is told apart: plain, because Istio keeps shares by it. */
export interface TrafficLocalityArgs {
  /** Such as `eu-west-1`. */
  readonly region: string;

  /**
   * Such as `eu-west-1a`.
   * @default - all zones
   */
  readonly zone?: string;

  /**
   * Such as a rack. It needs `zone`.
   * @default - all of the zone
   */
  readonly subzone?: string;
}
