import { type Problems, rule } from '../../core/problems';
import { FactKind, type Registry } from '../../core/registry';
import { declareClusterDomain } from '../../mesh/cluster-domain';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway } from '../gateway';
import type { GatewayExposure } from '../gateway-exposure';

const SELECTS_OTHER = rule({
  id: 'gateway/selects-other-gateway',
  origin: 'ignored',
  allowed: 'gateways of a cluster that differ in their labels, those of other namespaces too',
  remedy: 'give one of the two another name, or expose by the Gateway API, which names a Service instead',
  source: "istio mergeGateways: the selector of a Gateway holds in every namespace, so one's servers open on the other",
});

interface DeclaredGateway {
  readonly clusterName: string;
  readonly gateway: Gateway;
  /** Whether Gateways of Istio's own select its pods by label. */
  readonly selects: boolean;
}

const GATEWAY = new FactKind<DeclaredGateway>('gateway', ({ clusterName }) => clusterName);

/** Adds a problem when a gateway of the program would get the servers of another; else remembers this one, and its cluster's domain. */
export function declareGateway(
  problems: Problems,
  program: Registry,
  path: string,
  mesh: Mesh,
  gateway: Gateway,
  { istiod, services, apiServer }: GatewayExposure,
): void {
  declareClusterDomain(program, path, mesh);
  const selects = [istiod, services, apiServer].some((exposed) => exposed?.by === 'istioApis');
  const own = { gateway, selects };
  // Which gateway it is, its namespace tells.
  problems.known(gateway.namespace, () => {
    const other = program.facts(GATEWAY, mesh.clusterName).find(({ value }) => mixUp(value, own));
    if (other === undefined) program.declare(GATEWAY, path, { ...own, clusterName: mesh.clusterName });
    else problems.add(SELECTS_OTHER, 'name', gateway.name, { allowed: `labels other than those of ${other.path}` });
  });
}

type SelectingGateway = Omit<DeclaredGateway, 'clusterName'>;

function mixUp(a: SelectingGateway, b: SelectingGateway): boolean {
  const same = a.gateway.name === b.gateway.name && a.gateway.namespace === b.gateway.namespace;
  return !same && ((a.selects && selectsPodsOf(a, b)) || (b.selects && selectsPodsOf(b, a)));
}

function selectsPodsOf(one: SelectingGateway, other: SelectingGateway): boolean {
  return Object.entries(one.gateway.selector).every(([key, value]) => other.gateway.selector[key] === value);
}
