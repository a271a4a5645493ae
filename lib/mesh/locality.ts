/** Where machines stand, for locality-aware load balancing and failover. */
export class Locality {
  /**
   * A place by its parts.
   *
   * @param region Such as `eu-west-1`.
   * @param zone Such as `eu-west-1a`.
   * @param subzone Such as a rack. It needs `zone`.
   */
  public static of(region: string, zone?: string, subzone?: string): Locality {
    return new Locality(region, zone, subzone);
  }

  /** Such as `eu-west-1`. */
  public readonly region: string;

  /**
   * Such as `eu-west-1a`.
   * @default - all zones
   */
  public readonly zone?: string;

  /**
   * Such as a rack. It needs `zone`.
   * @default - all of the zone
   */
  public readonly subzone?: string;

  private constructor(region: string, zone: string | undefined, subzone: string | undefined) {
    this.region = region;
    this.zone = zone;
    this.subzone = subzone;
  }
}
