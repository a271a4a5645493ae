import { type Problems, rule } from '../core/problems';
import type { Locality } from './locality';

const PART = rule({
  id: 'locality/part',
  origin: 'ignored',
  allowed: 'a non-empty name without "/", "*" and white space; a subzone only with a zone',
  remedy: "give the cloud's own names, such as eu-west-1 and eu-west-1a",
  source: 'istio pilot/pkg/util ConvertLocality splits region/zone/subzone at "/"',
});

/** A locality in Istio's form, `region/zone/subzone`. */
export function localityName({ region, zone, subzone }: Locality): string {
  return [region, zone, subzone].filter((part) => part !== undefined).join('/');
}

/** Everything about a locality that Istio would read as something else. */
export function checkLocality(problems: Problems, { region, zone, subzone }: Locality): void {
  for (const [name, part] of Object.entries({ region, zone, subzone })) {
    if (part !== undefined) problems.check(PART, name, part, () => /^[^/*\s]+$/.test(part));
  }
  if (subzone !== undefined && zone === undefined) problems.add(PART, 'zone', zone);
}
