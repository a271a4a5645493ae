import { type Problems, rule } from '../problems';

const QUANTITY = rule({
  id: 'quantity/form',
  origin: 'kubernetes',
  allowed: 'a number with an optional unit: m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei',
  remedy: 'write CPU like 100m or 2, memory like 128Mi or 1Gi',
  source: 'k8s.io/apimachinery resource.ParseQuantity',
});
const ZERO = rule({
  id: 'quantity/zero',
  origin: 'ignored',
  allowed: 'a number above 0',
  remedy: 'leave the property out for its default',
  source: 'Kubernetes: a limit of 0 is none, and an autoscaler does not scale pods that request no CPU',
});
const REQUEST_ABOVE_LIMIT = rule({
  id: 'quantity/request-above-limit',
  origin: 'kubernetes',
  allowed: 'a request that is no more than the limit',
  remedy: 'lower the request, or raise the limit',
  source: 'k8s.io/kubernetes ValidateContainerResourceRequirements',
});

const UNITS: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** Value of a Kubernetes quantity; NaN when it is none. */
export function quantityValue(text: unknown): number {
  const match = /^\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(text));
  if (match === null) return Number.NaN;
  const [, digits, exponent, unit = ''] = match;
  return Number(digits) * (exponent === undefined ? UNITS[unit] : 10 ** Number(exponent));
}

/** A request and a limit of one resource. */
export function checkRequestAndLimit(
  problems: Problems,
  properties: { readonly request: string; readonly limit: string },
  values: { readonly request: unknown; readonly limit: unknown },
): void {
  const request = checkQuantity(problems, properties.request, values.request);
  const limit = checkQuantity(problems, properties.limit, values.limit);
  if (request > limit) {
    problems.add(REQUEST_ABOVE_LIMIT, properties.request, values.request, {
      allowed: `at most ${properties.limit}, which is ${values.limit}`,
    });
  }
}

/** The quantity's value, or NaN, with which every comparison is false. */
function checkQuantity(problems: Problems, property: string, value: unknown): number {
  const number = typeof value === 'string' ? quantityValue(value) : Number.NaN;
  if (value === undefined) problems.add(QUANTITY, property, value);
  problems.check(QUANTITY, property, value, () => !Number.isNaN(number));
  problems.check(ZERO, property, value, () => number !== 0);
  return number;
}
