import { type Fields, type Labels, matches } from './fields';
import { EdgeKind, type GraphNode, NodeKind } from './graph';
import type { GraphDraft, NodeDraft } from './graph-draft';
import type { MeshObject, Objects } from './objects';

/** Whether policies of the mesh hold at a workload. */
export enum SidecarState {
  THERE = 'there',
  /** Callers use plain text, and nothing enforces policies. */
  NONE = 'none',
  /** It depends on a Namespace that isn't among the objects. */
  UNKNOWN = 'unknown',
}

/** Something that runs: a group of machines, a machine, pods, or the pods of a gateway. */
export interface Workload {
  readonly node: NodeDraft;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly serviceAccount: string | undefined;
  readonly sidecar: SidecarState;
}

/** Pods before it is known whether they are a gateway's. */
export interface Pods {
  readonly object: MeshObject;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string | undefined;
}

const CONTROLLERS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];
const NO_SIDECAR = 'no sidecar: whoever reaches it may call, in plain text';

/** Pods of all controllers, and those that stand alone. */
export function podsOf(objects: Objects): readonly Pods[] {
  const controlled = CONTROLLERS.flatMap((type) => objects.of(type)).map((object) => {
    const template = object.spec.map('template');
    return podsFrom(object, template.map('metadata'), template.map('spec'));
  });
  const alone = objects.of('/Pod').filter(({ metadata }) => metadata.maps('ownerReferences').length === 0);
  return [...controlled, ...alone.map((object) => podsFrom(object, object.metadata, object.spec))];
}

/** Draws pods that are no gateway's. */
export function drawPods(draft: GraphDraft, objects: Objects, pods: readonly Pods[]): readonly Workload[] {
  const namespaces = new Map(objects.of('/Namespace').map((namespace) => [namespace.name, namespace]));
  return pods.map(({ object, labels, annotations, serviceAccount }) => {
    const { name, namespace, kind } = object;
    const node = draft.node(NodeKind.PODS, name, namespace);
    const sidecar = injection(namespaces.get(namespace), labels, annotations);
    node.lines.push(kind, `ServiceAccount ${serviceAccount}`);
    if (sidecar === SidecarState.NONE) node.open.push(NO_SIDECAR);
    if (sidecar === SidecarState.UNKNOWN) node.lines.push('sidecar not known: its Namespace is not among the objects');
    return { node, name, namespace, labels, serviceAccount, sidecar };
  });
}

/** Draws WorkloadGroups and WorkloadEntries, and the networks that they are in. */
export function drawMachines(draft: GraphDraft, objects: Objects): readonly Workload[] {
  const groups = objects.ofIstio('WorkloadGroup').map((group) => drawGroup(draft, group));
  const registered = new Map<Workload, number>();
  const fixed: Workload[] = [];
  for (const entry of objects.ofIstio('WorkloadEntry')) {
    const groupName = entry.annotations.get('istio.io/autoRegistrationGroup');
    const group = groups.find(({ name, namespace }) => name === groupName && namespace === entry.namespace);
    if (group) registered.set(group, (registered.get(group) ?? 0) + 1);
    else fixed.push(drawMachine(draft, entry));
  }
  for (const [group, count] of registered) {
    group.node.lines.push(count === 1 ? '1 machine is registered' : `${count} machines are registered`);
  }
  return [...groups, ...fixed];
}

/** Ties a node to its network. */
export function drawNetwork(draft: GraphDraft, node: GraphNode, network: string | undefined, label = ''): void {
  if (network) draft.edge(EdgeKind.NETWORK, node, draft.node(NodeKind.NETWORK, network), label);
}

/** The workloads of a namespace that have all of the labels. */
export function selected(workloads: readonly Workload[], namespace: string, selector: Labels): readonly Workload[] {
  return workloads.filter((workload) => workload.namespace === namespace && matches(selector, workload.labels));
}

function drawGroup(draft: GraphDraft, { name, namespace, spec }: MeshObject): Workload {
  const node = draft.node(NodeKind.GROUP, name, namespace);
  const template = spec.map('template');
  // Of a label in both lists, istiod takes the group's (autoregistration's workloadEntryFromGroup).
  const labels = new Map([...template.labels('labels'), ...spec.map('metadata').labels('labels')]);
  const serviceAccount = template.text('serviceAccount');
  describe(node, template, labels, serviceAccount);
  drawNetwork(draft, node, template.text('network'));
  // Machines register through their sidecar: there is one, whether callers use it or not.
  const tls = tlsProblem(labels, serviceAccount);
  if (tls !== undefined) node.open.push(`callers use plain text: ${tls}`);
  return { node, name, namespace, labels, serviceAccount, sidecar: SidecarState.THERE };
}

function drawMachine(draft: GraphDraft, { name, namespace, spec }: MeshObject): Workload {
  const node = draft.node(NodeKind.MACHINE, name, namespace);
  const address = spec.text('address');
  if (address !== undefined) node.lines.push(address);
  const labels = spec.labels('labels');
  const serviceAccount = spec.text('serviceAccount');
  describe(node, spec, labels, serviceAccount);
  drawNetwork(draft, node, spec.text('network'));
  const tls = tlsProblem(labels, serviceAccount);
  if (tls !== undefined) node.open.push(`${NO_SIDECAR} (${tls})`);
  const sidecar = tls === undefined ? SidecarState.THERE : SidecarState.NONE;
  return { node, name, namespace, labels, serviceAccount, sidecar };
}

function describe(node: NodeDraft, template: Fields, labels: Labels, serviceAccount: string | undefined): void {
  const ports = template.labels('ports');
  const version = labels.get('version');
  if (version) node.lines.push(`version ${version}`);
  if (ports.size > 0) node.lines.push(`ports ${[...ports].map(([name, port]) => `${name} ${port}`).join(', ')}`);
  if (serviceAccount) node.lines.push(`ServiceAccount ${serviceAccount}`);
}

/** Why callers don't use mutual TLS, as istiod decides it (serviceentry getTLSModeFromWorkloadEntry). */
function tlsProblem(labels: Labels, serviceAccount: string | undefined): string | undefined {
  const tlsMode = labels.get('security.istio.io/tlsMode');
  if (tlsMode !== undefined) return tlsMode === 'istio' ? undefined : `tlsMode ${tlsMode}`;
  return serviceAccount ? undefined : 'it names no serviceAccount';
}

function podsFrom(object: MeshObject, metadata: Fields, spec: Fields): Pods {
  return {
    object,
    labels: metadata.labels('labels'),
    annotations: metadata.labels('annotations'),
    serviceAccount: spec.text('serviceAccountName') ?? 'default',
  };
}

/** By the labels that Istio's injector reads; the pod's own goes before its namespace's. */
function injection(namespace: MeshObject | undefined, labels: Labels, annotations: Labels): SidecarState {
  const own = labels.get('sidecar.istio.io/inject') ?? annotations.get('sidecar.istio.io/inject');
  if (own === 'false') return SidecarState.NONE;
  if (own === 'true' || labels.has('istio.io/rev')) return SidecarState.THERE;
  if (!namespace) return SidecarState.UNKNOWN;
  const injects = namespace.labels.get('istio-injection');
  if (injects === 'disabled') return SidecarState.NONE;
  return injects === 'enabled' || namespace.labels.has('istio.io/rev') ? SidecarState.THERE : SidecarState.NONE;
}
