import type { Labels } from './fields';
import { EdgeKind, NodeKind } from './graph';
import type { GraphDraft, NodeDraft } from './graph-draft';
import type { MeshObject, Objects } from './objects';
import { drawNetwork, selected, type Workload } from './workloads';

/** A Service or a ServiceEntry: something with a host name that is called. */
export interface Host {
  readonly node: NodeDraft;
  readonly namespace: string;
  /** Host names; of a Service none, it is found by its name. */
  readonly names: readonly string[];
  /** Name of the Service, or undefined for a ServiceEntry. */
  readonly service: string | undefined;
  readonly workloads: readonly Workload[];
}

/** Everything that has a host name. */
export class Hosts {
  private readonly hosts: Host[] = [];

  public constructor(
    private readonly draft: GraphDraft,
    private readonly workloads: readonly Workload[],
  ) {}

  public get all(): readonly Host[] {
    return this.hosts;
  }

  public addService(service: MeshObject, node: NodeDraft, workloads?: readonly Workload[]): void {
    const { name, namespace } = service;
    const selector = service.spec.labels('selector');
    const chosen = selector.size === 0 ? [] : (workloads ?? selected(this.workloads, namespace, selector));
    this.hosts.push({ node, namespace, names: [], service: name, workloads: chosen });
  }

  public addEntry(entry: MeshObject, node: NodeDraft): void {
    const selector = entry.spec.optionalMap('workloadSelector')?.labels('labels') ?? new Map<string, string>();
    const workloads = selector.size === 0 ? [] : selected(this.workloads, entry.namespace, selector);
    const names = entry.spec.texts('hosts');
    this.hosts.push({ node, namespace: entry.namespace, names, service: undefined, workloads });
  }

  /** The host that a name means in a namespace, if it is among the objects. */
  public find(name: string, namespace: string): Host | undefined {
    const service = serviceOf(name, namespace);
    const found =
      service && this.hosts.find((host) => host.service === service.name && host.namespace === service.namespace);
    if (found) return found;
    const serving = this.hosts.filter(({ names }) => names.some((pattern) => covers(pattern, name)));
    return serving.find((host) => host.namespace === namespace) ?? serving[0];
  }

  /** As `find`, and a node that says what is missing where nothing is found. */
  public findOrDraw(name: string, namespace: string): Host {
    const found = this.find(name, namespace);
    if (found) return found;
    const service = serviceOf(name, namespace);
    const node = this.draft.node(NodeKind.SERVICE, service?.name ?? name, service?.namespace ?? namespace);
    node.lines.push('not among these objects');
    const host = {
      node,
      namespace: service?.namespace ?? namespace,
      names: service ? [] : [name],
      service: service?.name,
      workloads: [],
    };
    this.hosts.push(host);
    return host;
  }
}

/** Draws a Service that is no gateway. */
export function drawService(draft: GraphDraft, hosts: Hosts, service: MeshObject): void {
  const { name, namespace, spec } = service;
  const externalName = spec.text('externalName');
  const isExternal = spec.text('type') === 'ExternalName';
  const node = draft.node(isExternal ? NodeKind.EXTERNAL : NodeKind.SERVICE, name, namespace);
  if (isExternal) node.lines.push(`ExternalName ${externalName ?? ''}`);
  node.lines.push(...servicePorts(service));
  hosts.addService(service, node);
}

/** Draws ServiceEntries. */
export function drawEntries(draft: GraphDraft, hosts: Hosts, objects: Objects): void {
  for (const entry of objects.ofIstio('ServiceEntry')) {
    const { name, namespace, spec } = entry;
    // Without a location it is outside (the enum's first value is MESH_EXTERNAL).
    const isInternal = spec.text('location') === 'MESH_INTERNAL';
    const node = draft.node(isInternal ? NodeKind.ENTRY : NodeKind.EXTERNAL, name, namespace);
    node.lines.push(...spec.texts('hosts'), ...spec.texts('addresses').map((address) => `address ${address}`));
    for (const port of spec.maps('ports')) {
      const target = port.scalar('targetPort');
      node.lines.push(`${port.scalar('protocol') ?? 'TCP'} ${port.scalar('number') ?? ''}${arrow(target)}`);
    }
    for (const endpoint of spec.maps('endpoints')) {
      const address = endpoint.text('address');
      if (address !== undefined) node.lines.push(`endpoint ${address}`);
      drawNetwork(draft, node, endpoint.text('network'));
    }
    hosts.addEntry(entry, node);
  }
}

/** Draws who serves each host, where no route says more. */
export function drawSelections(draft: GraphDraft, hosts: Hosts): void {
  for (const { node, workloads } of hosts.all) {
    for (const workload of workloads) {
      if (workload.node === node || draft.hasEdge(EdgeKind.ROUTES, node, workload.node)) continue;
      draft.edge(EdgeKind.SELECTS, node, workload.node);
    }
  }
}

/** Ports of a Service, a line each. */
export function servicePorts({ spec }: MeshObject): readonly string[] {
  return spec.maps('ports').map((port) => {
    const [number, target] = [port.scalar('port') ?? '', port.scalar('targetPort')];
    return `${port.text('name') ?? port.text('protocol') ?? 'TCP'} ${number}${target === number ? '' : arrow(target)}`;
  });
}

/** Name and namespace of the Service that a host means: a short name is the namespace's own (Istio's ResolveShortnameToFQDN). */
function serviceOf(host: string, namespace: string): { readonly name: string; readonly namespace: string } | undefined {
  if (/^[^.*]+$/.test(host)) return { name: host, namespace };
  const match = /^([^.*]+)\.([^.*]+)\.svc(\.[^*]*)?$/.exec(host);
  return match ? { name: match[1], namespace: match[2] } : undefined;
}

function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*') && host.endsWith(pattern.slice(1)));
}

function arrow(target: string | undefined): string {
  return target === undefined ? '' : ` to ${target}`;
}

/** Labels of a selector, for people. */
export function selectorText(selector: Labels): string {
  return [...selector].map(([key, value]) => `${key}=${value}`).join(', ');
}
