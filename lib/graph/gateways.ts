import { type Fields, type Labels, matches } from './fields';
import { EdgeKind, NodeKind } from './graph';
import type { GraphDraft, NodeDraft } from './graph-draft';
import { type Hosts, selectorText } from './hosts';
import type { MeshObject, Objects } from './objects';
import { drawNetwork, type Pods, SidecarState, type Workload } from './workloads';

/** Gateways by the objects that open them. */
export interface Gateways {
  /** Nodes of Istio's Gateway `<namespace>/<name>`. */
  readonly istio: ReadonlyMap<string, readonly NodeDraft[]>;
  /** Nodes of the Gateway API's Gateway `<namespace>/<name>`. */
  readonly api: ReadonlyMap<string, readonly NodeDraft[]>;
  readonly workloads: readonly Workload[];
  /** Pods that are drawn as part of a gateway. */
  readonly pods: ReadonlySet<Pods>;
  /** Services that are drawn as gateways. */
  readonly services: ReadonlySet<MeshObject>;
}

/** A Service in front of gateway pods. */
interface Entrance {
  readonly service: MeshObject;
  readonly labels: Labels;
  readonly pods: readonly Pods[];
  readonly node: NodeDraft;
}

const TOPOLOGY_NETWORK = 'topology.istio.io/network';
const HEALTH_PORT = '15021';
/** What the east-west ports are for, whoever opens them. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['15012', 'istiod'],
  ['15017', "istiod's webhook"],
  ['15443', 'services of the mesh'],
]);
const PLAIN_PROTOCOLS = new Set(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'TCP', 'MONGO', 'MYSQL', 'REDIS', 'UDP']);

/** Draws gateways: the Service with the pods behind it, what Gateway objects open on them, and the load balancer in front. */
export function drawGateways(draft: GraphDraft, objects: Objects, pods: readonly Pods[]): Gateways {
  const istioGateways = objects.ofIstio('Gateway');
  const apiGateways = objects.of('gateway.networking.k8s.io/Gateway');
  const entrances = objects.of('/Service').flatMap((service): readonly Entrance[] => {
    const candidate = candidateOf(service, pods);
    const { labels } = candidate;
    const opened =
      istioGateways.some(({ spec }) => opens(spec.labels('selector'), labels)) ||
      apiGateways.some((gateway) => isAddressOf(gateway, service));
    const isGateway = opened || candidate.pods.some(isGatewayPod) || service.labels.has(TOPOLOGY_NETWORK);
    return isGateway ? [{ ...candidate, node: draft.node(NodeKind.GATEWAY, service.name, service.namespace) }] : [];
  });
  for (const { service, node } of entrances) {
    drawNetwork(draft, node, service.labels.get(TOPOLOGY_NETWORK), 'gateway of');
    const servers = istioGateways
      .filter(({ spec }) => entrances.some((e) => e.node === node && opens(spec.labels('selector'), e.labels)))
      .flatMap(({ spec }) => spec.maps('servers'));
    const listeners = apiGateways.filter((gateway) => isAddressOf(gateway, service));
    drawPorts(node, service, [
      ...servers.map(istioServer),
      ...listeners.flatMap(({ spec }) => spec.maps('listeners')).map(apiListener),
    ]);
  }
  const istio = new Map(istioGateways.map((gateway) => [keyOf(gateway), istioNodes(draft, gateway, entrances)]));
  const api = new Map(apiGateways.map((gateway) => [keyOf(gateway), apiNodes(draft, gateway, entrances)]));
  return {
    istio,
    api,
    workloads: entrances.map(workloadOf),
    pods: new Set(entrances.flatMap((entrance) => entrance.pods)),
    services: new Set(entrances.map(({ service }) => service)),
  };
}

/** Draws who reaches a Service from outside of the cluster. */
export function drawLoadBalancers(draft: GraphDraft, objects: Objects, hosts: Hosts): void {
  for (const service of objects.of('/Service')) {
    const host = hosts.all.find((each) => each.service === service.name && each.namespace === service.namespace);
    const type = service.spec.text('type');
    if (!host || (type !== 'LoadBalancer' && type !== 'NodePort')) continue;
    const ports = service.spec.maps('ports').flatMap((port) => port.scalar('port') ?? []);
    for (const [who, isOpen] of type === 'NodePort' ? [NODE_PORT] : callersOf(service)) {
      const outside = draft.node(NodeKind.OUTSIDE, who);
      if (isOpen) {
        outside.open.push('no limit by address');
        host.node.open.push('load balancer open to every address');
      }
      draft.edge(EdgeKind.REACHES, outside, host.node, `ports ${ports.join(', ')}`);
    }
  }
}

const NODE_PORT = ['whoever reaches a node', false] as const;
const INTERNAL: readonly (readonly [string, RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(true|0\.0\.0\.0\/0)$/],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
];

function callersOf({ spec, annotations }: MeshObject): readonly (readonly [string, boolean])[] {
  const ranges = spec.texts('loadBalancerSourceRanges');
  const annotated = annotations.get('service.beta.kubernetes.io/load-balancer-source-ranges') ?? '';
  const all = ranges.length > 0 ? ranges : annotated.split(',').flatMap((range) => range.trim() || []);
  const isInternal = INTERNAL.some(([key, value]) => value.test(annotations.get(key) ?? ''));
  if (all.length > 0) return all.map((range) => [range, !isInternal && /^(0\.0\.0\.0|::)\/0$/.test(range.trim())]);
  return isInternal ? [['whoever reaches the internal load balancer', false]] : [['every address', true]];
}

/** What listens on a port. */
interface Listener {
  readonly port: string;
  readonly text: string;
  readonly isPlain: boolean;
}

function istioServer(server: Fields): Listener {
  const port = server.map('port');
  const protocol = (port.text('protocol') ?? '').toUpperCase();
  const tls = server.optionalMap('tls');
  const redirects = tls?.flag('httpsRedirect') ?? false;
  const mode = redirects ? 'redirects to HTTPS' : (tls?.text('mode') ?? '');
  return {
    port: port.scalar('number') ?? '',
    text: [protocol, mode, server.texts('hosts').join(', ')].filter((part) => part !== '').join(' '),
    isPlain: PLAIN_PROTOCOLS.has(protocol) && !redirects,
  };
}

function apiListener(listener: Fields): Listener {
  const protocol = (listener.text('protocol') ?? '').toUpperCase();
  const mode = listener.optionalMap('tls')?.text('mode') ?? '';
  return {
    port: listener.scalar('port') ?? '',
    text: [protocol, mode, listener.text('hostname') ?? ''].filter((part) => part !== '').join(' '),
    isPlain: PLAIN_PROTOCOLS.has(protocol),
  };
}

function drawPorts(node: NodeDraft, service: MeshObject, listeners: readonly Listener[]): void {
  const seen = new Set<Listener>();
  for (const port of service.spec.maps('ports')) {
    const number = port.scalar('port') ?? '';
    const target = port.scalar('targetPort') ?? number;
    const found = listeners.filter((listener) => listener.port === (/^\d+$/.test(target) ? target : number));
    for (const listener of found) {
      seen.add(listener);
      drawListener(node, number, listener);
    }
    if (found.length > 0) continue;
    const purpose = number === HEALTH_PORT ? 'health of the gateway' : 'no Gateway here opens it';
    node.lines.push([number, PURPOSES.get(number), purpose].filter((part) => part !== undefined).join(': '));
  }
  for (const listener of listeners) {
    if (!seen.has(listener)) node.lines.push(`${listener.port}: ${listener.text}: not a port of the Service`);
  }
}

function drawListener(node: NodeDraft, port: string, { text, isPlain }: Listener): void {
  const line = [port, PURPOSES.get(port), text].filter((part) => part !== undefined).join(': ');
  if (isPlain) node.open.push(`${line}: plain text`);
  else node.lines.push(line);
}

function istioNodes(draft: GraphDraft, gateway: MeshObject, entrances: readonly Entrance[]): readonly NodeDraft[] {
  const selector = gateway.spec.labels('selector');
  const found = entrances.filter(({ labels }) => opens(selector, labels)).map(({ node }) => node);
  return found.length > 0
    ? found
    : [aloneNode(draft, gateway, selector, gateway.spec.maps('servers').map(istioServer))];
}

function apiNodes(draft: GraphDraft, gateway: MeshObject, entrances: readonly Entrance[]): readonly NodeDraft[] {
  const found = entrances.filter(({ service }) => isAddressOf(gateway, service)).map(({ node }) => node);
  const listeners = gateway.spec.maps('listeners').map(apiListener);
  if (found.length > 0) return found;
  const node = aloneNode(draft, gateway, new Map(), listeners);
  drawNetwork(draft, node, gateway.labels.get(TOPOLOGY_NETWORK), 'gateway of');
  return [node];
}

/** A Gateway whose Service isn't among the objects. */
function aloneNode(
  draft: GraphDraft,
  { name, namespace }: MeshObject,
  selector: Labels,
  listeners: readonly Listener[],
): NodeDraft {
  const node = draft.node(NodeKind.GATEWAY, name, namespace);
  if (selector.size > 0) node.lines.push(`on pods with ${selectorText(selector)}: not among these objects`);
  for (const listener of listeners) drawListener(node, listener.port, listener);
  return node;
}

function candidateOf(service: MeshObject, pods: readonly Pods[]): Omit<Entrance, 'node'> {
  const selector = service.spec.labels('selector');
  const chosen = pods.filter(
    ({ object, labels }) => selector.size > 0 && object.namespace === service.namespace && matches(selector, labels),
  );
  return { service, pods: chosen, labels: chosen[0]?.labels ?? selector };
}

function workloadOf({ service, labels, pods, node }: Entrance): Workload {
  return {
    node,
    name: service.name,
    namespace: service.namespace,
    labels,
    serviceAccount: pods[0]?.serviceAccount,
    sidecar: SidecarState.THERE,
  };
}

/** Istio looks for a gateway's pods in all namespaces. */
function opens(selector: Labels, labels: Labels): boolean {
  return selector.size > 0 && matches(selector, labels);
}

function isGatewayPod({ annotations }: Pods): boolean {
  return (annotations.get('inject.istio.io/templates') ?? '').split(',').includes('gateway');
}

/** A Gateway of the Gateway API names the Service of pods that are there already (istio gatewaycommon.IsManaged). */
function isAddressOf(gateway: MeshObject, service: MeshObject): boolean {
  if (gateway.namespace !== service.namespace) return false;
  return gateway.spec.maps('addresses').some((address) => address.text('value')?.split('.')[0] === service.name);
}

function keyOf({ namespace, name }: MeshObject): string {
  return `${namespace}/${name}`;
}
