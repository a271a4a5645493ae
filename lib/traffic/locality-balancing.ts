import type { Locality } from '../mesh/locality';

/** Where the traffic of a region goes when it has no healthy endpoint left. */
export interface RegionFailover {
  /**
   * Region of the callers: a Locality without zone.
   * @argsType TrafficLocalityArgs
   */
  readonly from: Locality;

  /**
   * Region that steps in: a Locality without zone.
   * @argsType TrafficLocalityArgs
   */
  readonly to: Locality;
}

/** How the traffic of callers is spread over localities. */
export interface LocalityDistribution {
  /**
   * Where the callers stand. A region stands for all its zones.
   * @default - anywhere; such a distribution comes last, for the callers of no other
   * @argsType TrafficLocalityArgs
   */
  readonly from?: Locality;

  /** Shares of the localities; together 100 percent. Localities that are not named get nothing. */
  readonly to: readonly LocalityShare[];
}

/** The share of a locality. */
export interface LocalityShare {
  /**
   * Where the endpoints stand. A region stands for all its zones.
   * @argsType TrafficLocalityArgs
   */
  readonly locality: Locality;

  /** Percentage of the traffic, 1 to 100. */
  readonly percent: number;
}

/**
 * How region and zone of callers and endpoints decide who gets the traffic. Machines need a locality for it: the sidecar finds it out
 * on AWS, GCP and Azure; elsewhere set `locality` of the group.
 */
export class LocalityBalancing {
  /** Nearest first, which is Istio's default: own zone, then own region, then any. Needs outlier detection. */
  public static nearest(): LocalityBalancing {
    return new LocalityBalancing({ nearest: true });
  }

  /**
   * Nearest first; a region without healthy endpoints hands its traffic to another that you name. Needs outlier detection.
   *
   * @param regions At least one; each region once as `from`.
   */
  public static failover(regions: readonly RegionFailover[]): LocalityBalancing {
    return new LocalityBalancing({ failover: regions });
  }

  /**
   * Endpoints that have the most labels in common with the caller first, counted from the first label on. Needs outlier detection.
   *
   * @param labels Keys of labels, such as `topology.kubernetes.io/region`, or `key=value` for endpoints with that value.
   */
  public static failoverPriority(labels: readonly string[]): LocalityBalancing {
    return new LocalityBalancing({ failoverPriority: labels });
  }

  /**
   * Fixed shares.
   *
   * @param distributions At least one, for callers of different localities.
   */
  public static distribute(distributions: readonly LocalityDistribution[]): LocalityBalancing {
    return new LocalityBalancing({ distribute: distributions });
  }

  /** Localities don't matter, whatever the mesh says. */
  public static disabled(): LocalityBalancing {
    return new LocalityBalancing({ disabled: true });
  }

  /** {@link LocalityBalancing.nearest} */
  declare public readonly nearest?: true;
  /** {@link LocalityBalancing.failover} */
  declare public readonly failover?: readonly RegionFailover[];
  /**
   * {@link LocalityBalancing.failoverPriority}
   * @argsPlain
   */
  declare public readonly failoverPriority?: readonly string[];
  /** {@link LocalityBalancing.distribute} */
  declare public readonly distribute?: readonly LocalityDistribution[];
  /** {@link LocalityBalancing.disabled} */
  declare public readonly disabled?: true;

  private constructor(choice: LocalityBalancing) {
    Object.assign(this, choice);
  }
}
