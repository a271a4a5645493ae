import { type Labels, matches } from './fields';
import { EdgeKind } from './graph';
import type { GraphDraft } from './graph-draft';
import type { Host, Hosts } from './hosts';
import type { MeshObject, Objects } from './objects';
import { SidecarState, type Workload } from './workloads';

/** Draws what workloads may call, where a Sidecar limits it. */
export function drawEgress(
  draft: GraphDraft,
  objects: Objects,
  hosts: Hosts,
  workloads: readonly Workload[],
  rootNamespace: string,
): void {
  const sidecars = objects.ofIstio('Sidecar');
  const used = new Set<MeshObject>();
  for (const workload of workloads) {
    const sidecar = sidecarOf(sidecars, workload, rootNamespace);
    if (!sidecar || workload.sidecar === SidecarState.NONE) continue;
    used.add(sidecar);
    const { spec } = sidecar;
    const names = spec.maps('egress').flatMap((egress) => egress.texts('hosts'));
    const rest = names.filter((name) => !drawHosts(draft, workload, name, hosts));
    if (names.length === 1 && names[0] === '~/*') workload.node.lines.push('may call nothing in the mesh');
    else if (rest.length > 0) workload.node.lines.push(`may call ${rest.join(', ')}`);
    if (spec.optionalMap('outboundTrafficPolicy')?.text('mode') === 'REGISTRY_ONLY') {
      workload.node.lines.push('may call no other host (REGISTRY_ONLY)');
    }
  }
  for (const sidecar of sidecars)
    if (!used.has(sidecar)) draft.note(`${sidecar.title} holds for nothing that is drawn`);
}

/** The nearest of them: for the workload, its namespace, the mesh. */
function sidecarOf(
  sidecars: readonly MeshObject[],
  { namespace, labels }: Workload,
  rootNamespace: string,
): MeshObject | undefined {
  const here = sidecars.filter((sidecar) => sidecar.namespace === namespace);
  return (
    here.find((sidecar) => selectorOf(sidecar).size > 0 && matches(selectorOf(sidecar), labels)) ??
    here.find((sidecar) => selectorOf(sidecar).size === 0) ??
    sidecars.find((sidecar) => sidecar.namespace === rootNamespace && selectorOf(sidecar).size === 0)
  );
}

/** Whether `name` stands for one host, which is then drawn. */
function drawHosts(draft: GraphDraft, workload: Workload, name: string, hosts: Hosts): boolean {
  const slash = name.indexOf('/');
  const [scope, host] = slash < 0 ? ['*', name] : [name.slice(0, slash), name.slice(slash + 1)];
  if (host.includes('*') || scope === '~') return false;
  const namespace = scope === '.' ? workload.namespace : scope;
  const found: Host | undefined = hosts.find(host, namespace);
  if (!found || (scope !== '*' && found.namespace !== namespace)) return false;
  draft.edge(EdgeKind.CALLS, workload.node, found.node);
  return true;
}

function selectorOf({ spec }: MeshObject): Labels {
  return spec.optionalMap('workloadSelector')?.labels('labels') ?? new Map();
}
