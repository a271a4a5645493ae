import { type Problems, rule } from '../problems';

const DURATION = rule({
  id: 'duration/seconds',
  origin: 'istio',
  allowed: 'seconds from 0.001 to 9223372036, to the millisecond',
  remedy: 'give seconds, such as 2.5',
  source: 'istio pkg/config/validation/agent ValidateDuration; CRDs of Istio: a valid duration of at least 1ms',
});
const DURATION_OR_ZERO = rule({
  id: 'duration/seconds-or-zero',
  origin: 'ignored',
  allowed: '0, or seconds from 0.001 to 9223372036, to the millisecond',
  remedy: 'give seconds, such as 2.5; 0 for what the property says of it',
  source:
    'istio takes any duration for idleTimeout of TCP below a millisecond, and for ttl of a cookie; proxies count in milliseconds',
});

/** The longest duration that Go, and so the API server, knows, in whole seconds. */
const LONGEST = 9223372036;

/** A duration that must be at least a millisecond. */
export function checkSeconds(problems: Problems, property: string, value: unknown): void {
  problems.check(DURATION, property, value, isDuration);
}

/** A duration where 0 has a meaning of its own. */
export function checkSecondsOrZero(problems: Problems, property: string, value: unknown): void {
  problems.check(DURATION_OR_ZERO, property, value, (seconds) => seconds === 0 || isDuration(seconds));
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value >= 0.001 && value <= LONGEST && Number(value.toFixed(3)) === value;
}
