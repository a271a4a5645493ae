import { checkCallerTls, declareCallerTls } from '../../access/tls-agreement';
import { byKind } from '../../core/object-ids';
import type { Place } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkSeconds } from '../../core/values/durations';
import { checkDomainWhenComplete } from '../../mesh/cluster-domain';
import { checkHostClaims, checkTraffic, claimHosts, resolveRules } from '../host-rules';
import { type DestinationRule, destinationRule, type SubsetSpec } from '../manifests/destination-rule';
import { type SubsetShareSpec, type VirtualService, virtualService } from '../manifests/virtual-service';
import type { RequestMatch } from '../request-match';
import { checkRetries, resolveRetries } from '../resolve-retries';
import type { Retries } from '../retries';
import { checkHosts, type KnownTarget, resolveHosts, type TrafficHost } from '../traffic-hosts';
import type { HostTraffic } from '../traffic-settings';
import { callerTlsOf } from './caller-tls';
import { checkRequestMatch, headerOf } from './request-match';
import { type Application, checkNobodyLeftOut, checkSubsets } from './subsets';
import { factsOf, type PlannedTraffic } from './traffic-policy';

const TARGET = rule({
  id: 'release/target',
  origin: 'meshvm',
  allowed: 'a group, a machine or a service',
  remedy: 'use target.service and list its ports: they say how requests can be told apart',
  source: 'meshvm',
});
const TLS_PORT = rule({
  id: 'release/tls-port',
  origin: 'ignored',
  allowed: 'ports of HTTP, gRPC or TCP',
  remedy: 'let the sidecars do the TLS and name the port "http" or "tcp", or take the port out of the Service',
  source: 'istio buildSidecarOutboundTCPFilterChainOpts: routes of TCP are passed over on ports of TLS',
});
const HTTP_ONLY = rule({
  id: 'release/http-without-http-port',
  origin: 'ignored',
  allowed: 'shares alone for hosts without a port of HTTP or gRPC',
  remedy: 'remove the property, or name the port after its protocol ("http", "grpc")',
  source: 'istio: on ports of TCP a VirtualService can share connections out and nothing else',
});
const PERCENT = rule({
  id: 'release/percent',
  origin: 'meshvm',
  allowed: 'a whole number from 0 to 100',
  remedy: 'give a percentage of the traffic',
  source: 'istio validateWeight refuses negative weights, and weights have no fractions',
});
const MIRROR_PERCENT = rule({
  id: 'release/mirror-percent',
  origin: 'istio',
  allowed: 'a number from 0 to 100',
  remedy: 'give a percentage of the requests',
  source: 'istio validateHTTPMirrors',
});
const MIRROR_NOTHING = rule({
  id: 'release/mirror-nothing',
  origin: 'ignored',
  allowed: 'a percentage of at least 0.0001',
  remedy: 'leave the mirror out',
  source: 'istio MirrorPercentByPolicy: no mirror at 0; Envoy counts in millionths',
});
const MATCH_TWICE = rule({
  id: 'release/match-twice',
  origin: 'ignored',
  allowed: 'each condition once',
  remedy: 'remove the second',
  source: 'istio analyzeUnreachableHTTPRules: the first route of a condition is used',
});

/** A route for some requests, to one subset. */
export interface ReleaseRoute {
  readonly match: RequestMatch;
  readonly subset: string;
}

/** What a CanaryRelease and a Migration have in common, as their authors say it. */
export interface Release {
  readonly target: KnownTarget;
  readonly app: string | undefined;
  readonly subsets: readonly SubsetSpec[];
  readonly shares: readonly SubsetShareSpec[];
  readonly routes: readonly ReleaseRoute[];
  readonly mirror: SubsetShareSpec | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly retries: Retries | undefined;
  readonly traffic: HostTraffic;
}

/** A release with the hosts that it is about, and its objects. */
export interface ReleasePlan {
  readonly namespace: string;
  readonly hosts: readonly TrafficHost[];
  readonly rules: readonly DestinationRule[];
  readonly services: readonly VirtualService[];
}

/** What an author called the parts of a release. */
export interface ReleaseProperties {
  readonly subset: (index: number) => string;
  readonly shares: string;
  readonly mirror: string;
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveRelease(release: Release, chartNamespace: string, program: Registry | undefined): ReleasePlan {
  const namespace = release.target.namespace ?? chartNamespace;
  const hosts = resolveHosts(release.target, namespace, program);
  return {
    namespace,
    hosts,
    rules: resolveRules(hosts, namespace, release.traffic, release.subsets),
    services: hosts.map((host) => routesOf(release, namespace, host)),
  };
}

/** The objects of a release that was checked. Rules come first: a route to a subset that is not there yet answers 503. */
export function releaseObjects(place: Place, release: Release, plan: ReleasePlan): PlannedTraffic {
  claimHosts(place.program, place.path, plan);
  if (release.target.serviceName !== undefined) checkDomainWhenComplete(place, 'target.service');
  declareCallerTls(place, callerTlsOf(plan, release.traffic, 'traffic.'));
  return {
    ...factsOf(plan),
    objects: byKind([...plan.rules.map(destinationRule), ...plan.services.map(virtualService)]),
  };
}

/** Everything about a release that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkRelease(
  problems: Problems,
  program: Registry,
  release: Release,
  plan: ReleasePlan,
  properties: ReleaseProperties,
): void {
  const { target, mirror, timeoutSeconds, retries } = release;
  checkHosts(problems, target, plan.namespace);
  if (target.serviceName === undefined && target.source === undefined)
    problems.add(TARGET, target.property, target.hosts);
  checkHostClaims(problems, program, plan);
  checkTraffic(problems.at('traffic'), release.traffic, plan.hosts);
  checkCallerTls(problems, program, callerTlsOf(plan, release.traffic, 'traffic.'), false);
  checkSubsets(problems, release.subsets, properties.subset);
  const application: Application = { namespace: plan.namespace, app: release.app };
  checkNobodyLeftOut(problems, program, properties.shares, application, release.subsets);
  checkProtocols(problems, release, plan.hosts, properties);
  checkRoutes(problems, release.routes);
  if (mirror !== undefined) checkMirrorPercent(problems, properties.mirror, mirror.percent);
  checkSeconds(problems, 'timeoutSeconds', timeoutSeconds);
  if (retries) {
    const ports = plan.hosts.flatMap((host) => host.ports ?? []);
    checkRetries(problems.at('retries'), retries, timeoutSeconds, ports.length > 0 ? ports : undefined);
  }
}

/** A share of the traffic. */
export function checkShare(problems: Problems, property: string, percent: number): void {
  problems.check(PERCENT, property, percent, (share) => Number.isInteger(share) && share >= 0 && share <= 100);
}

function routesOf(release: Release, namespace: string, { host, name, ports }: TrafficHost): VirtualService {
  const { shares, routes, mirror, timeoutSeconds } = release;
  const retries = release.retries && resolveRetries(release.retries, ports);
  const common = { timeoutSeconds, retries };
  const http = [
    ...routes.map(({ match, subset }) => ({
      header: headerOf(match),
      shares: [{ subset, percent: 100 }],
      mirrors: [],
      ...common,
    })),
    { header: undefined, shares, mirrors: mirror ? [mirror] : [], ...common },
  ];
  return {
    name,
    namespace,
    host,
    http: (ports?.some(({ routing }) => routing === 'http') ?? true) ? http : [],
    tcp: ports?.some(({ routing }) => routing === 'tcp') ? shares : [],
  };
}

function checkProtocols(
  problems: Problems,
  { routes, mirror, timeoutSeconds, retries }: Release,
  hosts: readonly TrafficHost[],
  properties: ReleaseProperties,
): void {
  for (const { host, ports } of hosts) {
    if (ports === undefined) continue;
    const tls = ports.filter(({ routing }) => routing === 'tls').map(({ port }) => port);
    if (tls.length > 0)
      problems.add(TLS_PORT, 'target', host, { allowed: `no port of TLS, such as ${tls.join(', ')}` });
    if (ports.some(({ routing }) => routing === 'http')) continue;
    const given = { routes: routes.length > 0 ? routes.length : undefined, timeoutSeconds, retries };
    for (const [property, value] of Object.entries({ ...given, [properties.mirror]: mirror })) {
      if (value !== undefined) problems.add(HTTP_ONLY, property, value);
    }
  }
}

function checkRoutes(problems: Problems, routes: readonly ReleaseRoute[]): void {
  const seen = new Set<string>();
  routes.forEach(({ match }, index) => {
    const property = `routes[${index}].match`;
    checkRequestMatch(problems.at(property), match);
    const key = JSON.stringify(headerOf(match));
    if (seen.has(key)) problems.add(MATCH_TWICE, property, match);
    seen.add(key);
  });
}

function checkMirrorPercent(problems: Problems, property: string, percent: number): void {
  if (percent >= 0 && percent < 0.0001) problems.add(MIRROR_NOTHING, property, percent);
  else problems.check(MIRROR_PERCENT, property, percent, (share) => share >= 0 && share <= 100);
}
