import type { VirtualServiceSpec } from '../../../imports/networking.istio.io';
import { compact, type KubernetesObject, type Plain } from '../../core/kubernetes-object';
import type { RetriesSpec } from '../resolve-retries';
import { seconds } from './destination-rule';

/** A VirtualService over subsets of one host as the builder sees it, every default filled in. Lists and keys are plain. */
export interface VirtualService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  readonly http: readonly HttpRouteSpec[];
  readonly tcp: readonly SubsetShareSpec[];
}

/** A route of HTTP requests. */
export interface HttpRouteSpec {
  /** Condition on a header, or undefined for all requests. */
  readonly header: HeaderMatchSpec | undefined;
  readonly shares: readonly SubsetShareSpec[];
  readonly mirrors: readonly SubsetShareSpec[];
  readonly timeoutSeconds: number | undefined;
  readonly retries: RetriesSpec | undefined;
}

/** A condition on a header: present, if it has none of the three. */
export interface HeaderMatchSpec {
  readonly name: string;
  readonly exact: string | undefined;
  readonly prefix: string | undefined;
  readonly regex: string | undefined;
}

/** A share of the traffic of a host. */
export interface SubsetShareSpec {
  readonly subset: string;
  readonly percent: number;
}

type Spec = Plain<VirtualServiceSpec>;
type HttpRoute = NonNullable<Spec['http']>[number];

/** Builds the VirtualService that shares the traffic of a host among its subsets. */
export function virtualService(service: VirtualService): KubernetesObject<Spec> {
  const { host, http, tcp } = service;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service.name, namespace: service.namespace },
    spec: compact<Spec>({
      hosts: [host],
      http: http.length > 0 ? http.map((route) => httpRoute(host, route)) : undefined,
      tcp: tcp.length > 0 ? [{ route: destinations(host, tcp) }] : undefined,
    }),
  };
}

function httpRoute(host: string, route: HttpRouteSpec): HttpRoute {
  const { header, mirrors, retries } = route;
  return compact<HttpRoute>({
    match: header && [
      { headers: { [header.name]: compact({ exact: header.exact, prefix: header.prefix, regex: header.regex }) } },
    ],
    route: destinations(host, route.shares),
    mirrors:
      mirrors.length > 0
        ? mirrors.map(({ subset, percent }) => ({ destination: { host, subset }, percentage: { value: percent } }))
        : undefined,
    timeout: seconds(route.timeoutSeconds),
    retries:
      retries &&
      compact({
        attempts: retries.attempts,
        perTryTimeout: seconds(retries.perTryTimeoutSeconds),
        backoff: seconds(retries.backoffSeconds),
        retryOn: retries.retryOn?.join(','),
        retryRemoteLocalities: retries.retryRemoteLocalities,
      }),
  });
}

function destinations(host: string, shares: readonly SubsetShareSpec[]) {
  // A weight of 0 is written too, so that a step of a release changes a number and nothing else.
  return shares.map(({ subset, percent }) => ({ destination: { host, subset }, weight: percent }));
}
