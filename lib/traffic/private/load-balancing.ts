import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkSeconds, checkSecondsOrZero } from '../../core/values/durations';
import { checkLocality, localityName } from '../../mesh/locality-name';
import type { HashAlgorithm, HashKey, LoadBalancing, Warmup } from '../load-balancing';
import type { LocalityBalancing, LocalityDistribution } from '../locality-balancing';

const HASH_NAME = rule({
  id: 'load-balancing/hash-name',
  origin: 'ignored',
  allowed: "letters, digits and !#$%&'*+-.^_`|~, at least one",
  remedy: 'name the header, cookie or query parameter whose value decides',
  source: 'Envoy refuses a hash policy without a name, and no header has a name of other characters',
});
const COOKIE_NAME_EMPTY = rule({
  id: 'load-balancing/cookie-name-empty',
  origin: 'istio',
  allowed: 'the name of a cookie',
  remedy: 'name the cookie whose value decides',
  source: 'istio validateLoadBalancer: name required for HttpCookie',
});
const MAGLEV_SIZE = rule({
  id: 'load-balancing/maglev-table-size',
  origin: 'istio',
  allowed: 'a prime number below 5000011',
  remedy: 'leave it out for 65537, or take another prime number',
  source: 'istio validateLoadBalancer',
});
const RING_SIZE = rule({
  id: 'load-balancing/ring-size',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 8388608',
  remedy: 'leave it out for 1024, or take a number in between',
  source: 'Envoy RingHashLbConfig: minimum_ring_size is at most 8388608; istio reads 0 as not set',
});
const WARMUP_PERCENT = rule({
  id: 'load-balancing/warmup-minimum-percent',
  origin: 'istio',
  allowed: 'a number from 0 to 100',
  remedy: 'give a percentage',
  source: 'CRD of DestinationRule; istio validateLoadBalancer',
});
const WARMUP_AGGRESSION = rule({
  id: 'load-balancing/warmup-aggression',
  origin: 'istio',
  allowed: 'a number above 0',
  remedy: 'leave it out for 1, which grows the share in a straight line',
  source: 'istio validateLoadBalancer',
});
const NOTHING = rule({
  id: 'locality/nothing-listed',
  origin: 'ignored',
  allowed: 'at least one entry',
  remedy: 'list what shall happen, or use nearest',
  source: 'istio: an empty list is the same as none',
});
const REGION = rule({
  id: 'locality/failover-region-alone',
  origin: 'istio',
  allowed: 'a Locality without zone',
  remedy: 'leave the zone out: zones of a region step in for each other by themselves',
  source: 'istio ValidateLocalityLbSetting: locality lb failover only specify region',
});
const SAME_REGION = rule({
  id: 'locality/failover-same-region',
  origin: 'istio',
  allowed: 'two regions',
  remedy: 'name another region as `to`',
  source: 'istio ValidateLocalityLbSetting: failover settings must specify different regions',
});
const REGION_TWICE = rule({
  id: 'locality/failover-twice',
  origin: 'ignored',
  allowed: 'each region once as `from`',
  remedy: 'remove one of the two',
  source: 'istio applyLocalityFailover: the first setting of a region is used',
});
const PRIORITY_LABEL = rule({
  id: 'locality/failover-priority-label',
  origin: 'ignored',
  allowed: 'keys of labels, or key=value, each once',
  remedy: 'give keys such as topology.kubernetes.io/region',
  source: 'istio priorityLabelOverrides: labels are compared as they are written',
});
const SHARES = rule({
  id: 'locality/distribute-not-100',
  origin: 'istio',
  allowed: 'whole percentages from 1 to 100 whose sum is 100',
  remedy: 'correct the shares; leave a locality out that shall get nothing',
  source: 'istio ValidateLocalityLbSetting: total locality weight != 100; locality weight must be in range [1, 100]',
});
const OVERLAP = rule({
  id: 'locality/distribute-overlap',
  origin: 'istio',
  allowed: 'localities of which none contains another',
  remedy:
    'name regions or their zones, not both; an entry without `from` is for the callers of no other, and comes last',
  source: 'istio validateLocalities: locality overlap with previous specified ones',
});
const TWICE = rule({
  id: 'locality/distribute-twice',
  origin: 'meshvm',
  allowed: 'each locality once',
  remedy: 'add the two shares up',
  source: 'meshvm: shares are a map by locality, the second would replace the first',
});

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Whether HTTP allows the name of a header or cookie. */
export const isToken = (value: unknown): value is string => typeof value === 'string' && TOKEN.test(value);

/** Everything about load balancing that Istio would refuse, or take and then ignore. */
export function checkLoadBalancing(problems: Problems, balancing: LoadBalancing): void {
  const { leastRequest, roundRobin, consistentHash } = balancing;
  for (const [kind, options] of Object.entries({ leastRequest, roundRobin })) {
    if (options?.warmup !== undefined) checkWarmup(problems.at(`${kind}.warmup`), options.warmup);
  }
  if (consistentHash === undefined) return;
  checkHashKey(problems.at('consistentHash.key'), consistentHash.key);
  if (consistentHash.algorithm) checkHashAlgorithm(problems.at('consistentHash.algorithm'), consistentHash.algorithm);
}

/** Everything about localities by themselves that Istio would refuse, or take and then ignore. */
export function checkLocalityBalancing(problems: Problems, locality: LocalityBalancing): void {
  const { failover, failoverPriority, distribute } = locality;
  for (const [property, list] of Object.entries({ failover, failoverPriority, distribute })) {
    if (list?.length === 0) problems.add(NOTHING, property, []);
  }
  const regions = new Set<string>();
  failover?.forEach(({ from, to }, index) => {
    const at = problems.at(`failover[${index}]`);
    for (const [property, place] of Object.entries({ from, to })) {
      checkLocality(at.at(property), place);
      if (place.zone !== undefined) at.add(REGION, property, localityName(place));
    }
    if (from.region === to.region) at.add(SAME_REGION, 'to', to.region);
    if (regions.has(from.region)) at.add(REGION_TWICE, 'from', from.region);
    regions.add(from.region);
  });
  const labels = new Set<string>();
  failoverPriority?.forEach((label, index) => {
    const good = (text: string) => /^[^=\s]+(=\S*)?$/.test(text) && !labels.has(text);
    problems.check(PRIORITY_LABEL, `failoverPriority[${index}]`, label, good);
    labels.add(label);
  });
  if (distribute !== undefined) checkDistribution(problems, distribute);
}

function checkWarmup(problems: Problems, { durationSeconds, minimumPercent, aggression }: Warmup): void {
  checkSeconds(problems, 'durationSeconds', durationSeconds);
  problems.check(WARMUP_PERCENT, 'minimumPercent', minimumPercent, (percent) => percent >= 0 && percent <= 100);
  problems.check(WARMUP_AGGRESSION, 'aggression', aggression, (speed) => speed > 0);
}

function checkHashKey(problems: Problems, { header, queryParameter, cookie }: HashKey): void {
  problems.check(HASH_NAME, 'header', header, isToken);
  problems.check(HASH_NAME, 'queryParameter', queryParameter, isToken);
  if (cookie?.name === '') problems.add(COOKIE_NAME_EMPTY, 'cookie.name', cookie.name);
  else problems.check(HASH_NAME, 'cookie.name', cookie?.name, isToken);
  checkSecondsOrZero(problems, 'cookie.ttlSeconds', cookie?.ttlSeconds);
}

function checkHashAlgorithm(problems: Problems, { ringHash, maglev }: HashAlgorithm): void {
  problems.check(MAGLEV_SIZE, 'maglev.tableSize', maglev?.tableSize, (size) => size < 5000011 && isPrime(size));
  problems.check(
    RING_SIZE,
    'ringHash.minimumRingSize',
    ringHash?.minimumRingSize,
    (least) => Number.isInteger(least) && least >= 1 && least <= 8388608,
  );
}

/** As Envoy and istiod count: 1 is one of them. */
function isPrime(value: number): boolean {
  if (!Number.isInteger(value) || value < 1) return false;
  if (value < 4) return true;
  if (value % 2 === 0) return false;
  for (let factor = 3; factor * factor <= value; factor += 2) if (value % factor === 0) return false;
  return true;
}

function checkDistribution(problems: Problems, distributions: readonly LocalityDistribution[]): void {
  checkOverlap(
    problems,
    distributions.map(({ from }, index) => [`distribute[${index}].from`, from ? localityName(from) : '*']),
  );
  distributions.forEach(({ from, to }, index) => {
    const at = problems.at(`distribute[${index}]`);
    if (from !== undefined) checkLocality(at.at('from'), from);
    const percents: readonly unknown[] = to.map(({ percent }) => percent);
    if (!percents.some(isDeferred)) {
      const good = percents.every((percent) => Number.isInteger(percent) && Number(percent) >= 1);
      const sum = percents.reduce<number>((total, percent) => total + Number(percent), 0);
      if (!good || sum !== 100) at.add(SHARES, 'to', percents);
    }
    const seen = new Set<string>();
    to.forEach(({ locality }, position) => {
      checkLocality(at.at(`to[${position}].locality`), locality);
      const value = localityName(locality);
      if (seen.has(value)) at.add(TWICE, `to[${position}].locality`, value);
      seen.add(value);
    });
    checkOverlap(
      at,
      [...seen].map((value) => ['to', value]),
    );
  });
}

function checkOverlap(problems: Problems, localities: readonly (readonly [string, string])[]): void {
  localities.forEach(([property, value], index) => {
    const earlier = localities
      .slice(0, index)
      .find(([, other]) => contains(other, value) || (value !== '*' && contains(value, other)));
    if (earlier) problems.add(OVERLAP, property, value, { allowed: `localities that ${earlier[1]} does not overlap` });
  });
}

function contains(outer: string, inner: string): boolean {
  return outer === '*' || outer === inner || inner.startsWith(`${outer}/`);
}
