import { type Problems, rule } from '../problems';

const COUNT = rule({
  id: 'traffic/count',
  origin: 'istio',
  allowed: 'a whole number from 1 to 2147483647',
  remedy: 'give a whole number, or leave the property out for no limit',
  source: 'istio validateConnectionPool, validateHTTPRetry; int32 and uint32 in the CRDs',
});
const ZERO = rule({
  id: 'traffic/zero-is-no-limit',
  origin: 'ignored',
  allowed: 'a whole number from 1',
  remedy: 'leave the property out for no limit; nothing can be limited to none',
  source: 'istio applyConnectionPool, applyOutlierDetection: 0 is taken for not set',
});
const PERCENT = rule({
  id: 'traffic/percent',
  origin: 'istio',
  allowed: 'a whole number from 0 to 100',
  remedy: 'give a percentage',
  source: 'istio ValidatePercent; ValidateLocalityLbSetting',
});
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;

/** Whether a value is a whole number within bounds. */
export function isWhole(value: unknown, least: number, most = Number.POSITIVE_INFINITY): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** A limit: Istio reads 0 as none. */
export function checkLimit(problems: Problems, property: string, value: unknown): void {
  if (value === 0) problems.add(ZERO, property, value);
  else checkWhole(problems, property, value, INT32_MAX);
}

/** A count for which Istio takes 0 for not set. */
export function checkCountAboveZero(problems: Problems, property: string, value: unknown): void {
  if (value === 0) problems.add(ZERO, property, value);
  else checkCount(problems, property, value);
}

/** A count for which 0 has a meaning of its own. */
export function checkCount(problems: Problems, property: string, value: unknown): void {
  checkWhole(problems, property, value, UINT32_MAX);
}

/** Whole percent. */
export function checkPercent(problems: Problems, property: string, value: unknown): void {
  problems.check(PERCENT, property, value, (percent) => isWhole(percent, 0, 100));
}

/** Whole percent for which Istio takes 0 for not set. */
export function checkPercentAboveZero(problems: Problems, property: string, value: unknown): void {
  if (value === 0) problems.add(ZERO, property, value, { allowed: 'a whole number from 1 to 100' });
  else checkPercent(problems, property, value);
}

function checkWhole(problems: Problems, property: string, value: unknown, most: number): void {
  const allowed = `a whole number up to ${most}`;
  problems.check(COUNT, property, value, (count) => isWhole(count, 0, most), { allowed });
}
