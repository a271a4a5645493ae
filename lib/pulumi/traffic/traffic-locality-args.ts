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
