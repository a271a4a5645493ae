import { Problems, rule } from '../core/problems';

const PART = rule({
  id: 'locality/part',
  origin: 'ignored',
  allowed: 'a non-empty name without "/", "*" and white space; a subzone only with a zone',
  remedy: "give the cloud's own names, such as eu-west-1 and eu-west-1a",
  source: 'istio pilot/pkg/util ConvertLocality splits region/zone/subzone at "/"',
});

/** Where machines stand, for locality-aware load balancing and failover. */
export class Locality {
  /**
   * @param region Such as `eu-west-1`.
   * @param zone Such as `eu-west-1a`.
   * @param subzone Such as a rack.
   * @throws ValidationError for a part that Istio would read as something else.
   */
  public static of(region: string, zone?: string, subzone?: string): Locality {
    const problems = new Problems();
    const parts = { region, zone, subzone };
    for (const [name, part] of Object.entries(parts)) {
      if (part !== undefined && !/^[^/*\s]+$/.test(part)) problems.add(PART, name, part);
    }
    if (subzone !== undefined && zone === undefined) problems.add(PART, 'zone', zone);
    problems.throwIfAny('Locality.of');
    return new Locality([region, zone, subzone].filter((part) => part !== undefined).join('/'));
  }

  private constructor(
    /** In Istio's form, `region/zone/subzone`. */
    public readonly value: string,
  ) {}
}
