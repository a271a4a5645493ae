import { drawCallers } from './callers';
import { drawEgress } from './egress';
import { drawGateways, drawLoadBalancers } from './gateways';
import { type Graph, NodeKind } from './graph';
import { GraphDraft } from './graph-draft';
import { drawEntries, drawSelections, drawService, Hosts } from './hosts';
import { drawMutualTls, drawTokens } from './mutual-tls';
import { Objects } from './objects';
import { drawApiRoutes, drawVirtualServices } from './routes';
import { drawMachines, drawPods, podsOf } from './workloads';

/** What the objects themselves don't say. */
export interface GraphOptions {
  /** What stands over the picture. Default: made of the names of mesh and cluster, if an IstioOperator names them. */
  readonly title?: string;
  /** Namespace of objects that name none. Default: they stand in a frame of their own. */
  readonly namespace?: string;
  /** Namespace whose policies hold for the mesh. Default: what an IstioOperator says, else `istio-system`. */
  readonly rootNamespace?: string;
}

/**
 * The picture of an environment, from its plain objects. It takes any values: what can't be drawn is in the notes of the graph.
 * The order of the objects makes no difference.
 */
export function buildGraph(values: readonly unknown[], options: GraphOptions = {}): Graph {
  const draft = new GraphDraft();
  const objects = new Objects(values, options.namespace ?? '', (problem) => draft.note(problem));
  const mesh = meshOf(objects);
  const rootNamespace = options.rootNamespace ?? mesh.rootNamespace ?? 'istio-system';

  const pods = podsOf(objects);
  const gateways = drawGateways(draft, objects, pods);
  const workloads = [
    ...drawPods(
      draft,
      objects,
      pods.filter((each) => !gateways.pods.has(each)),
    ),
    ...drawMachines(draft, objects),
  ];
  const hosts = new Hosts(draft, workloads);
  for (const service of objects.of('/Service')) {
    if (!gateways.services.has(service)) drawService(draft, hosts, service);
    else hosts.addService(service, draft.node(NodeKind.GATEWAY, service.name, service.namespace), []);
  }
  drawEntries(draft, hosts, objects);
  drawLoadBalancers(draft, objects, hosts);
  drawVirtualServices(draft, objects, hosts, gateways);
  drawApiRoutes(draft, objects, hosts, gateways);
  drawSelections(draft, hosts);
  drawMutualTls(objects, rootNamespace, workloads);
  drawTokens(objects, rootNamespace, [...workloads, ...gateways.workloads]);
  drawCallers(objects, { draft, rootNamespace, workloads: [...workloads, ...gateways.workloads], hosts, gateways });
  drawEgress(draft, objects, hosts, workloads, rootNamespace);
  objects.reportUnread();
  return draft.graph(options.title ?? mesh.title);
}

function meshOf(objects: Objects): { readonly title: string; readonly rootNamespace: string | undefined } {
  const [operator] = objects.of('install.istio.io/IstioOperator');
  const meshConfig = operator?.spec.map('meshConfig');
  const global = operator?.spec.map('values').map('global');
  const [mesh, cluster] = [global?.text('meshID'), global?.map('multiCluster').text('clusterName')];
  const names = [mesh && `mesh ${mesh}`, cluster && `cluster ${cluster}`].filter(Boolean);
  return { title: names.join(', ') || 'Environment', rootNamespace: meshConfig?.text('rootNamespace') };
}
