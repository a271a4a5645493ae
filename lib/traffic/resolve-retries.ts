import { type Problems, rule } from '../core/problems';
import { checkSeconds } from '../core/values/durations';
import type { Retries, RetryOn } from './retries';
import type { TrafficPort } from './traffic-hosts';

const ATTEMPTS = rule({
  id: 'retries/attempts',
  origin: 'istio',
  allowed: 'a whole number from 0 to 2147483647; 0 turns retries off',
  remedy: 'give the number of attempts after the first',
  source: 'istio validateHTTPRetry: attempts cannot be negative; int32 in the CRD',
});
const OFF = rule({
  id: 'retries/off-with-conditions',
  origin: 'istio',
  allowed: 'attempts: 0 alone',
  remedy: 'remove the other properties, or say how many attempts',
  source: 'istio validateHTTPRetry: http retry policy configured when attempts are set to 0',
});
const BACKOFF_OFF = rule({
  id: 'retries/off-with-backoff',
  origin: 'ignored',
  allowed: 'attempts: 0 alone',
  remedy: 'remove backoffSeconds, or say how many attempts',
  source: 'istio ConvertPolicy: no attempts, no policy',
});
const STATUS = rule({
  id: 'retries/status',
  origin: 'istio',
  allowed: 'a status that HTTP knows, such as 503',
  remedy: 'correct the number',
  source: 'istio validateHTTPRetry: is not a valid retryOn policy',
});
const CONDITION = rule({
  id: 'retries/condition',
  origin: 'istio',
  allowed: 'a condition that Envoy knows',
  remedy: 'take one of the conditions, or give a status',
  source: 'istio validateHTTPRetry: is not a valid retryOn policy',
});
const NO_CONDITION = rule({
  id: 'retries/no-condition',
  origin: 'ignored',
  allowed: 'at least one condition',
  remedy: 'leave retryOn out for the default; attempts: 0 turns retries off',
  source: 'istio ConvertPolicy: an empty retryOn means the default',
});
const NOT_GRPC = rule({
  id: 'retries/grpc-status-without-grpc',
  origin: 'ignored',
  allowed: 'conditions of gRPC for hosts with a port of gRPC',
  remedy: 'remove the condition, or name the port after its protocol ("grpc")',
  source: 'Envoy: such conditions look at the header grpc-status, which other answers do not have',
});
const ONLY_GRPC = rule({
  id: 'retries/http-status-with-grpc',
  origin: 'ignored',
  allowed: 'conditions of gRPC, and those of connections, for hosts whose ports are all gRPC',
  remedy: 'use a condition of gRPC, such as unavailable',
  source: 'gRPC: an error is an answer 200 with its status in grpc-status',
});
const TOO_LONG = rule({
  id: 'retries/per-try-timeout-too-long',
  origin: 'ignored',
  allowed: 'less than timeoutSeconds, which is for all attempts together',
  remedy: 'shorten perTryTimeoutSeconds: with it the first attempt alone may take all the time',
  source: 'Envoy: no retry after the timeout of the route',
});

const GRPC = new Set(['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable']);
const HTTP = new Set(['5xx', 'gateway-error', 'retriable-4xx', 'envoy-ratelimited']);
const CONNECTION = new Set(['connect-failure', 'refused-stream', 'reset-before-request', 'reset']);
/** Go's net/http StatusText knows these. */
const STATUSES = new Set([
  ...[100, 101, 102, 103],
  ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  ...[300, 301, 302, 303, 304, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418],
  ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451],
  ...[500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
]);
const SAFE = ['connect-failure', 'refused-stream', 'reset-before-request'];

/** Retries with their conditions. Total. */
export function resolveRetries(retries: Retries, ports: readonly TrafficPort[] | undefined): RetriesSpec {
  const { attempts, perTryTimeoutSeconds, backoffSeconds, retryRemoteLocalities } = retries;
  const conditions = retries.retryOn?.map(nameOf) ?? defaultConditions(ports);
  const retryOn = retries.retryOn === undefined && attempts === 0 ? undefined : conditions;
  return { attempts, perTryTimeoutSeconds, backoffSeconds, retryOn, retryRemoteLocalities };
}

/** Everything about retries that Istio would refuse, or take and then ignore. */
export function checkRetries(
  problems: Problems,
  retries: Retries,
  timeoutSeconds: number | undefined,
  ports: readonly TrafficPort[] | undefined,
): void {
  const { attempts, perTryTimeoutSeconds, retryOn, backoffSeconds, retryRemoteLocalities } = retries;
  const most = 2 ** 31 - 1;
  problems.check(ATTEMPTS, 'attempts', attempts, (count) => Number.isInteger(count) && count >= 0 && count <= most);
  if (attempts === 0) {
    const others = { perTryTimeoutSeconds, retryRemoteLocalities, retryOn: retryOn?.length ? retryOn : undefined };
    if (Object.values(others).some((value) => value !== undefined)) problems.add(OFF, 'attempts', attempts);
    else if (backoffSeconds !== undefined) problems.add(BACKOFF_OFF, 'backoffSeconds', backoffSeconds);
  }
  checkSeconds(problems, 'perTryTimeoutSeconds', perTryTimeoutSeconds);
  checkSeconds(problems, 'backoffSeconds', backoffSeconds);
  if (perTryTimeoutSeconds !== undefined && timeoutSeconds !== undefined && perTryTimeoutSeconds >= timeoutSeconds) {
    problems.add(TOO_LONG, 'perTryTimeoutSeconds', perTryTimeoutSeconds);
  }
  if (retryOn?.length === 0) problems.add(NO_CONDITION, 'retryOn', []);
  retryOn?.forEach((on, index) => {
    checkRetryOn(problems.at(`retryOn[${index}]`), on, ports);
  });
}

function checkRetryOn(problems: Problems, { condition, status }: RetryOn, ports: readonly TrafficPort[] = []): void {
  const known = (name: string) => [GRPC, HTTP, CONNECTION].some((conditions) => conditions.has(name));
  problems.check(CONDITION, 'condition', condition, known, {
    allowed: `one of ${[...CONNECTION, ...HTTP, ...GRPC].join(', ')}`,
  });
  problems.check(STATUS, 'status', status, (code) => STATUSES.has(code));
  const http = ports.filter(({ routing }) => routing === 'http');
  if (http.length === 0) return;
  const property = condition === undefined ? 'status' : 'condition';
  const name = condition ?? '';
  if (GRPC.has(name) && !http.some(({ grpc }) => grpc)) problems.add(NOT_GRPC, property, name);
  if ((status !== undefined || HTTP.has(name)) && http.every(({ grpc }) => grpc)) {
    problems.add(ONLY_GRPC, property, condition ?? status);
  }
}

/** A condition as Envoy writes it. */
function nameOf({ condition, status }: RetryOn): string {
  return condition ?? String(status);
}

function defaultConditions(ports: readonly TrafficPort[] | undefined): readonly string[] {
  const http = ports?.filter(({ routing }) => routing === 'http');
  return [
    ...SAFE,
    ...((http?.some(({ grpc }) => !grpc) ?? true) ? ['503'] : []),
    ...((http?.some(({ grpc }) => grpc) ?? false) ? ['unavailable'] : []),
  ];
}

/** How often and when a request is tried again. */
export interface RetriesSpec {
  readonly attempts: number;
  readonly perTryTimeoutSeconds: number | undefined;
  readonly backoffSeconds: number | undefined;
  /** Conditions, or undefined without retries. */
  readonly retryOn: readonly string[] | undefined;
  readonly retryRemoteLocalities: boolean | undefined;
}
