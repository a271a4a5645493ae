import type { Place } from '../core/place';
import { isDeferred, type Problems, type Rule, rule } from '../core/problems';
import { type Fact, FactKind, type Registry } from '../core/registry';
import { canonicalHost } from '../core/values/names';
import { isBehindGateway, selectMembers } from '../machines/declared-members';
import { hasSidecar, type Member } from '../machines/member';
import { membersBehind, waysInto } from '../machines/ways-in';

const NOT_TO_STRICT = rule({
  id: 'traffic/not-the-mutual-tls-that-machines-require',
  origin: 'ignored',
  allowed: 'istioMutual, or no tls at all, to machines that take mutual TLS alone',
  remedy: 'leave tls out: Istio then speaks to each endpoint what it understands; or let the machines take more',
  source:
    'istio buildUpstreamTLSSettings: a mode in the DestinationRule goes before what endpoints require, and they refuse it',
});
const NOT_TO_DISABLED = rule({
  id: 'traffic/mutual-tls-that-machines-do-not-take',
  origin: 'ignored',
  allowed: 'plain text to machines whose mutual TLS is off',
  remedy: 'leave tls out: Istio then speaks to each endpoint what it understands; or let the machines take mutual TLS',
  source: 'istio buildUpstreamTLSSettings: a mode in the DestinationRule goes before what endpoints take',
});
const NO_SIDECAR = rule({
  id: 'traffic/mutual-tls-without-sidecar',
  origin: 'ignored',
  allowed: 'plain text to machines without a sidecar',
  remedy: 'leave tls out: Istio then speaks to each endpoint what it understands',
  source:
    'istio buildUpstreamTLSSettings: a mode in the DestinationRule holds for all endpoints, with a sidecar or not',
});
const TLS_TO_HTTP = rule({
  id: 'traffic/tls-to-port-of-http',
  origin: 'ignored',
  allowed: 'istioMutual, or no tls at all, to ports of HTTP and gRPC of machines with a sidecar',
  remedy: 'leave tls out: the sidecars speak TLS to each other already',
  source:
    "istio buildInboundListener: the sidecar of such a port looks for requests, and finds TLS that is not the mesh's",
});
const REFUSES_CALLERS = rule({
  id: 'mutual-tls/refuses-callers-of-program',
  origin: 'ignored',
  allowed: 'modes that take what the TrafficPolicy, CanaryRelease or Migration of the machines lets callers speak',
  remedy: 'remove tls there: Istio then speaks to each endpoint what it understands; or choose another mode',
  source:
    'istio buildUpstreamTLSSettings: a mode in the DestinationRule goes before what endpoints require, and they refuse it',
});

const PLAIN_THROUGH_GATEWAY = rule({
  id: 'traffic/not-mutual-tls-through-gateway',
  origin: 'ignored',
  allowed: 'istioMutual, or no tls at all, to machines behind a gateway',
  remedy: 'leave tls out: a gateway between networks hands on mutual TLS of the mesh alone',
  source:
    'istio EndpointsByNetworkFilter, mtlsChecker: callers of other networks are not given endpoints without mutual TLS',
});
const DISABLED_BEHIND_GATEWAY = rule({
  id: 'mutual-tls/disabled-behind-gateway',
  origin: 'ignored',
  allowed: 'modes that take mutual TLS, for machines behind a gateway',
  remedy: 'choose PERMISSIVE or STRICT, or make the machines reachable from the pods and say network.flat',
  source:
    'istio EndpointsByNetworkFilter, mtlsChecker: callers of other networks are not given endpoints without mutual TLS',
});

/** What a policy says of the TLS of whoever calls machines, as far as callers are concerned. */
export interface ServerTls {
  readonly namespace: string;
  /** Labels of the machines; undefined for a whole namespace or the mesh. */
  readonly matchLabels: Readonly<Record<string, string>> | undefined;
  /** Whether it holds for the whole mesh. */
  readonly ofMesh: boolean;
  readonly mode: string;
  readonly ports: readonly { readonly port: number; readonly mode: string }[];
}

/** What the DestinationRule of hosts says of the TLS of callers. */
export interface CallerTls {
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly levels: readonly TlsLevel[];
}

/** TLS of callers on one port, or on all that have none of their own. */
export interface TlsLevel {
  /** Where it stands among the properties. */
  readonly property: string;
  /** The port that callers name; undefined for all others. */
  readonly port: number | undefined;
  readonly mode: 'istioMutual' | 'disable' | 'simple' | 'mutual';
  /** What stands there. */
  readonly value: object;
}

/** By whom they hold for, so that a fleet of groups isn't searched for each. */
const SERVER_TLS = new FactKind<ServerTls>('mutual TLS of machines', ({ ofMesh, namespace, matchLabels }) =>
  ofMesh ? OF_MESH : serverKey(namespace, matchLabels?.app),
);
/** One for each host, by the host. */
const CALLER_TLS = new FactKind<CallerTls>('TLS of callers', ({ hosts: [host] }) => canonicalHost(host));

const OF_MESH = '';

function serverKey(namespace: string, app: string | undefined): string {
  return `${namespace} ${app ?? ''}`;
}

/** Records what machines take, once it is known to be good. */
export function declareServerTls(program: Registry, path: string, policy: ServerTls): void {
  program.declare(SERVER_TLS, path, policy);
}

/** Records what callers speak, once it is known to be good, and looks at it again when the program is complete. */
export function declareCallerTls({ program, path, whenComplete }: Place, callers: CallerTls): void {
  if (callers.levels.length === 0) return;
  for (const host of callers.hosts.filter((one) => !isDeferred(one))) {
    program.declare(CALLER_TLS, path, { ...callers, hosts: [host] });
  }
  whenComplete((problems) => checkCallerTls(problems, program, callers, true));
}

/** Adds a problem for each mode of a group's or machine's policy that refuses what callers of the program have been told to speak. */
export function checkServerTls(problems: Problems, program: Registry, policy: ServerTls): void {
  // What a namespace or the mesh says holds where nothing narrower is said, which the end of the program tells.
  if (policy.matchLabels === undefined) return;
  const told = new Set<string>();
  for (const { path, value: callers } of callersOf(program, policy)) {
    for (const { level, machines, machinePort } of calls(program, callers)) {
      if (!selects(policy, machines.value) || !hasSidecar(machines.value)) continue;
      const index = policy.ports.findIndex(({ port }) => port === machinePort);
      const property = index < 0 ? 'mode' : `ports[${index}].mode`;
      const mode = index < 0 ? policy.mode : policy.ports[index].mode;
      if (violatedBy(level.mode, mode) === undefined || told.has(property)) continue;
      told.add(property);
      problems.add(REFUSES_CALLERS, property, mode, {
        allowed: `a mode that takes what ${path} says in ${level.property}: ${level.mode}`,
      });
    }
  }
}

/**
 * Adds a problem for each TLS of callers that the machines don't take.
 *
 * @param complete Whether the program is: only then is it known that no policy of the group itself goes before that of its namespace.
 */
export function checkCallerTls(problems: Problems, program: Registry, callers: CallerTls, complete: boolean): void {
  const told = new Set<string>();
  for (const { level, machines, machinePort, isHttp } of calls(program, callers)) {
    const { property, mode } = level;
    const tell = (violated: Rule, allowed: string) => {
      if (!told.has(property)) problems.add(violated, property, level.value, { allowed });
      told.add(property);
    };
    if (!hasSidecar(machines.value)) {
      if (mode === 'istioMutual') tell(NO_SIDECAR, `plain text to ${machines.path}, which has no sidecar`);
      continue;
    }
    if (mode !== 'istioMutual' && isBehindGateway(program, machines.path)) {
      tell(PLAIN_THROUGH_GATEWAY, `istioMutual, or no tls at all, to ${machines.path}, which is behind a gateway`);
      continue;
    }
    const server = modeOf(program, machines.value, machinePort, complete);
    const violated = violatedBy(mode, server?.mode);
    if (violated !== undefined) {
      tell(violated, `what port ${machinePort} of ${machines.path} takes: ${server?.path} says ${server?.mode}`);
    } else if (isHttp && (mode === 'simple' || mode === 'mutual')) {
      tell(TLS_TO_HTTP, `istioMutual, or no tls at all, to port ${machinePort} of ${machines.path}`);
    }
  }
}

/** Adds a problem where a policy of the complete program turns mutual TLS off for machines behind a gateway. */
export function checkNetworks(problems: Problems, program: Registry, path: string, policy: ServerTls): void {
  const modes = [
    { property: 'mode', mode: policy.mode, port: undefined },
    ...policy.ports.map(({ mode, port }, index) => ({ property: `ports[${index}].mode`, mode, port })),
  ];
  const inScope = selectMembers(program, policy.ofMesh ? undefined : policy.namespace, policy.matchLabels ?? {});
  for (const { property, mode, port } of modes) {
    if (mode !== 'DISABLE') continue;
    const cut = inScope.find((member) => {
      if (!isBehindGateway(program, member.path)) return false;
      const ports = port === undefined ? member.value.ports.map((own) => own.port) : [port];
      return ports.some((number) => {
        const decided = modeOf(program, member.value, number, true);
        return decided?.path === path && decided.mode === mode;
      });
    });
    if (cut !== undefined)
      problems.add(DISABLED_BEHIND_GATEWAY, property, mode, {
        allowed: `a mode that takes mutual TLS, for ${cut.path}`,
      });
  }
}

/** The rule that callers of this mode violate where servers have that one. */
function violatedBy(callers: TlsLevel['mode'], servers: string | undefined): Rule | undefined {
  if (servers === 'STRICT' && callers !== 'istioMutual') return NOT_TO_STRICT;
  return servers === 'DISABLE' && callers === 'istioMutual' ? NOT_TO_DISABLED : undefined;
}

/** Every call by hosts of the policy to a port of machines of the program. */
function* calls(program: Registry, { namespace, hosts, levels }: CallerTls) {
  for (const host of hosts) {
    if (isDeferred(host)) continue;
    for (const machines of membersBehind(program, namespace, host)) {
      for (const way of waysInto(program, machines.value)) {
        if (!way.hosts.includes(canonicalHost(host))) continue;
        const level = levels.find(({ port }) => port === way.port) ?? levels.find(({ port }) => port === undefined);
        const { machinePort, protocol } = way;
        if (level !== undefined) yield { level, machines, machinePort, isHttp: protocol !== 'TCP' };
      }
    }
  }
}

/** Who has said what callers of the machines of a policy speak. */
function callersOf(program: Registry, { namespace, matchLabels = {} }: ServerTls): readonly Fact<CallerTls>[] {
  if (program.first(CALLER_TLS) === undefined) return [];
  const ways = selectMembers(program, namespace, matchLabels).flatMap(({ value }) => waysInto(program, value));
  const hosts = new Set(ways.flatMap((way) => way.hosts));
  return [...hosts].flatMap((host) => program.facts(CALLER_TLS, host));
}

/** What a port of machines takes, and who says so: what is said of the machines, else of their namespace, else of the mesh. */
function modeOf(
  program: Registry,
  member: Member,
  port: number,
  complete: boolean,
): { readonly mode: string; readonly path: string } | undefined {
  const { namespace, labels } = member;
  const own = program.facts(SERVER_TLS, serverKey(namespace, labels.app)).filter(({ value }) => selects(value, member));
  const wide = complete ? [serverKey(namespace, undefined), OF_MESH] : [];
  for (const { path, value } of [...own, ...wide.flatMap((key) => program.facts(SERVER_TLS, key))]) {
    const mode = value.ports.find((level) => level.port === port)?.mode ?? value.mode;
    if (mode !== 'UNSET') return { mode, path };
  }
  return undefined;
}

function selects({ namespace, matchLabels }: ServerTls, member: Member): boolean {
  const wanted = Object.entries(matchLabels ?? {});
  return namespace === member.namespace && wanted.every(([key, value]) => member.labels[key] === value);
}
