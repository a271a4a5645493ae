import { type Problems, rule } from '../../core/problems';
import type { Scope } from '../../core/scope';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway } from '../gateway';
import type { GatewayExposure } from './east-west-gateway';

const SELECTS_OTHER = rule({
  id: 'gateway/selects-other-gateway',
  origin: 'ignored',
  allowed: 'gateways of a cluster that differ in their labels, those of other namespaces too',
  remedy: 'give one of the two another name, or expose by the Gateway API, which names a Service instead',
  source: "istio mergeGateways: the selector of a Gateway holds in every namespace, so one's servers open on the other",
});

interface DeclaredGateway {
  readonly path: string;
  readonly clusterName: string;
  readonly gateway: Gateway;
  /** Whether Gateways of Istio's own select its pods by label. */
  readonly selects: boolean;
}

const declared = new WeakMap<object, DeclaredGateway[]>();

/** Adds a problem when a gateway of the program would get the servers of another; else remembers this one. */
export function declareGateway(
  problems: Problems,
  scope: Scope,
  mesh: Mesh,
  gateway: Gateway,
  { istiod, services }: GatewayExposure,
): void {
  const selects = (istiod.exposed && !istiod.usesGatewayApi) || (services.exposed && !services.usesGatewayApi);
  const own = { path: scope.node.path, clusterName: mesh.clusterName, gateway, selects };
  const others = declared.get(scope.node.root) ?? [];
  declared.set(scope.node.root, others);
  const other = others.find((candidate) => candidate.clusterName === own.clusterName && mixUp(candidate, own));
  if (other === undefined) others.push(own);
  else problems.add(SELECTS_OTHER, 'name', gateway.name, { allowed: `labels other than those of ${other.path}` });
}

function mixUp(a: DeclaredGateway, b: DeclaredGateway): boolean {
  const same = a.gateway.name === b.gateway.name && a.gateway.namespace === b.gateway.namespace;
  return !same && ((a.selects && selectsPodsOf(a, b)) || (b.selects && selectsPodsOf(b, a)));
}

function selectsPodsOf(one: DeclaredGateway, other: DeclaredGateway): boolean {
  return Object.entries(one.gateway.selector).every(([key, value]) => other.gateway.selector[key] === value);
}
