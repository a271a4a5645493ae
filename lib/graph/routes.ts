import { type Fields, type Labels, matches } from './fields';
import type { Gateways } from './gateways';
import { EdgeKind, type GraphNode, NodeKind } from './graph';
import type { GraphDraft } from './graph-draft';
import type { Host, Hosts } from './hosts';
import type { MeshObject, Objects } from './objects';

/** Draws how traffic is shared: VirtualServices over the subsets of DestinationRules. */
export function drawVirtualServices(draft: GraphDraft, objects: Objects, hosts: Hosts, gateways: Gateways): void {
  const subsets = subsetsOf(draft, objects, hosts);
  for (const service of objects.ofIstio('VirtualService')) {
    const { namespace, spec, title } = service;
    const names = spec.texts('gateways');
    const inMesh = names.length === 0 || names.includes('mesh');
    const origins: readonly Origin[] = [
      ...(inMesh ? spec.texts('hosts').map((name) => hosts.findOrDraw(name, namespace)) : []),
      ...names.filter((name) => name !== 'mesh').flatMap((name) => gatewayOrigins(draft, gateways, name, namespace)),
    ];
    const routes = ['http', 'tls', 'tcp'].flatMap((section) => spec.maps(section));
    if (routes.length === 0) draft.note(`${title} has no routes`);
    for (const route of routes) {
      for (const origin of origins) drawRoute({ draft, hosts, subsets, service, origin }, route);
    }
  }
}

/** Draws routes of the Gateway API. */
export function drawApiRoutes(draft: GraphDraft, objects: Objects, hosts: Hosts, gateways: Gateways): void {
  for (const route of ROUTE_KINDS.flatMap((kind) => objects.of(`gateway.networking.k8s.io/${kind}`))) {
    const origins = route.spec.maps('parentRefs').flatMap((parent) => {
      const [name, namespace] = [parent.text('name') ?? '', parent.text('namespace') ?? route.namespace];
      if (parent.text('kind') === 'Service') return [hosts.findOrDraw(name, namespace).node];
      const found = gateways.api.get(`${namespace}/${name}`);
      if (!found) draft.note(`${route.title} hangs on Gateway ${namespace}/${name}, which is not among these objects`);
      return found ?? [];
    });
    for (const rule of route.spec.maps('rules')) {
      const backends = rule.maps('backendRefs');
      const labels = shares(backends.map((backend) => backend.number('weight') ?? 1));
      backends.forEach((backend, index) => {
        const target = hosts.findOrDraw(backend.text('name') ?? '', backend.text('namespace') ?? route.namespace).node;
        for (const origin of origins) draft.edge(EdgeKind.ROUTES, origin, target, labels[index]);
      });
    }
  }
}

const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

/** Where a route starts: at a host, for callers in the mesh, or at a gateway. */
interface Origin {
  readonly node: GraphNode;
}

/** Labels of subsets by host and name. */
type Subsets = ReadonlyMap<GraphNode, ReadonlyMap<string, Labels>>;

interface Context {
  readonly draft: GraphDraft;
  readonly hosts: Hosts;
  readonly subsets: Subsets;
  readonly service: MeshObject;
  readonly origin: Origin;
}

function subsetsOf(draft: GraphDraft, objects: Objects, hosts: Hosts): Subsets {
  const all = new Map<GraphNode, Map<string, Labels>>();
  for (const { namespace, spec, title } of objects.ofIstio('DestinationRule')) {
    const name = spec.text('host') ?? '';
    const host = hosts.find(name, namespace);
    if (!host) {
      draft.note(`${title} is for ${name}, which is not drawn`);
      continue;
    }
    const subsets = all.get(host.node) ?? new Map<string, Labels>();
    for (const subset of spec.maps('subsets')) subsets.set(subset.text('name') ?? '', subset.labels('labels'));
    all.set(host.node, subsets);
    if (subsets.size > 0) host.node.lines.push(`subsets ${[...subsets.keys()].join(', ')}`);
    const tls = spec.optionalMap('trafficPolicy')?.optionalMap('tls')?.text('mode');
    if (tls === 'DISABLE') host.node.open.push('callers use plain text: TLS mode DISABLE');
    else if (tls !== undefined) host.node.lines.push(`callers use TLS mode ${tls}`);
  }
  return all;
}

function gatewayOrigins(draft: GraphDraft, gateways: Gateways, name: string, namespace: string): readonly Origin[] {
  const key = name.includes('/') ? name : `${namespace}/${name}`;
  const found = gateways.istio.get(key);
  if (found) return found.map((node) => ({ node }));
  const slash = key.indexOf('/');
  const node = draft.node(NodeKind.GATEWAY, key.slice(slash + 1), key.slice(0, slash));
  node.lines.push('not among these objects');
  return [{ node }];
}

function drawRoute(context: Context, route: Fields): void {
  const { draft, hosts, service, origin } = context;
  const when = matchText(route);
  const destinations = route.maps('route');
  const labels = shares(destinations.map((destination) => destination.number('weight')));
  destinations.forEach((each, index) => {
    drawDestination(context, EdgeKind.ROUTES, each.map('destination'), [when, labels[index]]);
  });
  for (const mirror of mirrorsOf(route)) {
    const target = hosts.findOrDraw(mirror.destination.text('host') ?? '', service.namespace);
    if (target.node !== origin.node || mirror.destination.has('subset')) {
      drawDestination(context, EdgeKind.MIRRORS, mirror.destination, [when, mirror.label]);
    }
  }
  for (const key of ['redirect', 'directResponse', 'delegate']) {
    if (route.has(key)) draft.note(`${service.title}: ${key}${when === '' ? '' : ` for ${when}`} is not drawn`);
  }
}

function drawDestination(context: Context, kind: EdgeKind, destination: Fields, parts: readonly string[]): void {
  const { draft, hosts, service, origin } = context;
  const host = hosts.findOrDraw(destination.text('host') ?? '', service.namespace);
  const subset = destination.text('subset');
  const [when, share] = parts;
  const isOwn = host.node === origin.node;
  const label = (text: string) => [when, text].filter((part) => part !== '').join(': ');
  if (!isOwn) {
    draft.edge(kind, origin.node, host.node, label([share, subset && `subset ${subset}`].filter(Boolean).join(' ')));
    return;
  }
  const targets = subset === undefined ? host.workloads : subsetWorkloads(context, host, subset);
  const part = label([subset, share].filter((text) => text !== undefined && text !== '').join(' '));
  if (targets.length === 0) draft.note(`${service.title}: ${part === '' ? 'its route' : part} reaches nothing drawn`);
  for (const { node } of targets) {
    // One route to all of a host's own workloads says no more than that they serve it.
    if (part === '') continue;
    draft.edge(kind, origin.node, node, targets.length > 1 ? `${part}, together` : part);
  }
}

function subsetWorkloads({ draft, subsets, service }: Context, host: Host, subset: string): Host['workloads'] {
  const labels = subsets.get(host.node)?.get(subset);
  if (labels) return host.workloads.filter((workload) => matches(labels, workload.labels));
  draft.note(`${service.title} routes to subset ${subset}, which no DestinationRule here has`);
  return [];
}

interface Mirror {
  readonly destination: Fields;
  readonly label: string;
}

function mirrorsOf(route: Fields): readonly Mirror[] {
  const single = route.optionalMap('mirror');
  const percent = route.optionalMap('mirrorPercentage')?.number('value') ?? route.number('mirrorPercent') ?? 100;
  return [
    ...(single ? [{ destination: single, label: `copies of ${percent}%` }] : []),
    ...route.maps('mirrors').map((mirror) => ({
      destination: mirror.map('destination'),
      label: `copies of ${mirror.optionalMap('percentage')?.number('value') ?? 100}%`,
    })),
  ];
}

/** Shares in percent. One destination gets all, and that needs no words. */
function shares(weights: readonly (number | undefined)[]): readonly string[] {
  if (weights.length < 2) return weights.map(() => '');
  const total = weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
  return weights.map((weight) => (total > 0 ? `${Math.round(((weight ?? 0) / total) * 1000) / 10}%` : '0%'));
}

function matchText(route: Fields): string {
  return route
    .maps('match')
    .map((match) => match.keys.map((key) => conditionText(match, key)).join(' and '))
    .join(' or ');
}

function conditionText(match: Fields, key: string): string {
  if (key === 'headers' || key === 'withoutHeaders' || key === 'queryParams') {
    const all = match.map(key);
    const word = { headers: 'header', withoutHeaders: 'no header', queryParams: 'query' }[key];
    return all.keys.map((name) => `${word} ${name} ${stringMatch(all.map(name))}`.trim()).join(' and ');
  }
  if (key === 'sniHosts' || key === 'destinationSubnets' || key === 'gateways') {
    return `${key === 'sniHosts' ? 'SNI' : key} ${match.texts(key).join(', ')}`;
  }
  if (key === 'sourceLabels') return `callers ${[...match.labels(key)].map(([k, v]) => `${k}=${v}`).join(', ')}`;
  if (key === 'port' || key === 'name' || key === 'sourceNamespace' || key === 'sourceSubnet') {
    return `${key} ${match.scalar(key) ?? ''}`;
  }
  if (key === 'ignoreUriCase') return match.flag(key) ? 'in any case' : 'in this case';
  return key === 'statPrefix' ? '' : `${key} ${stringMatch(match.map(key))}`;
}

function stringMatch(match: Fields): string {
  return match.keys.map((key) => (key === 'exact' ? '' : `${key} `) + (match.scalar(key) ?? '')).join(' ');
}
