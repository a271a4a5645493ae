import { compareText, type Labels, matches } from './fields';
import type { MeshObject, Objects } from './objects';
import { SidecarState, type Workload } from './workloads';

const PERMISSIVE = 'PERMISSIVE';
const DISABLE = 'DISABLE';

/** Writes on each workload what its sidecar demands of callers: mutual TLS, or plain text too. */
export function drawMutualTls(objects: Objects, rootNamespace: string, workloads: readonly Workload[]): void {
  const policies = objects.ofIstio('PeerAuthentication');
  for (const workload of workloads) {
    if (workload.sidecar === SidecarState.NONE) continue;
    const [own, namespace, mesh] = policiesOf(policies, rootNamespace, workload);
    const mode = modeOf(own) ?? modeOf(namespace) ?? modeOf(mesh);
    const { lines, open } = workload.node;
    if (mode === 'STRICT') lines.push('mTLS STRICT');
    else if (mode === DISABLE) open.push('plain text alone: mTLS DISABLE');
    else open.push(`plain text too: ${mode ? `mTLS ${mode}` : `mTLS ${PERMISSIVE}, Istio's default`}`);
    // Ports are read at the workload's own policy alone (istio authn policy_applier).
    const ports = own?.spec.map('portLevelMtls');
    for (const port of ports?.keys ?? []) {
      const portMode = ports?.map(port).text('mode');
      if (portMode === PERMISSIVE || portMode === DISABLE) open.push(`plain text on port ${port}: mTLS ${portMode}`);
      else if (portMode === 'STRICT') lines.push(`mTLS STRICT on port ${port}`);
    }
  }
}

/** Writes on each workload whose tokens its sidecar verifies. */
export function drawTokens(objects: Objects, rootNamespace: string, workloads: readonly Workload[]): void {
  for (const { namespace, spec } of objects.ofIstio('RequestAuthentication')) {
    const selector = spec.optionalMap('selector')?.labels('matchLabels') ?? new Map<string, string>();
    const rules = spec.maps('jwtRules');
    for (const workload of workloads) {
      const isHere = namespace === workload.namespace || namespace === rootNamespace;
      if (!isHere || !matches(selector, workload.labels) || workload.sidecar === SidecarState.NONE) continue;
      for (const rule of rules) workload.node.lines.push(`verifies tokens of ${rule.text('issuer') ?? ''}`);
    }
  }
}

/** The workload's own policy, its namespace's and the mesh's. */
function policiesOf(
  policies: readonly MeshObject[],
  rootNamespace: string,
  { namespace, labels }: Workload,
): readonly (MeshObject | undefined)[] {
  const oldestFirst = [...policies].sort(byAge);
  const here = oldestFirst.filter((policy) => policy.namespace === namespace);
  return [
    here.find((policy) => selectorOf(policy).size > 0 && matches(selectorOf(policy), labels)),
    here.find((policy) => selectorOf(policy).size === 0),
    oldestFirst.find((policy) => policy.namespace === rootNamespace && selectorOf(policy).size === 0),
  ];
}

function selectorOf({ spec }: MeshObject): Labels {
  return spec.optionalMap('selector')?.labels('matchLabels') ?? new Map();
}

/** Of several policies the oldest counts; those that aren't in a cluster yet are the same age. */
function byAge(a: MeshObject, b: MeshObject): number {
  return compareText(createdAt(a), createdAt(b));
}

/** Kubernetes writes times in UTC, so that their texts are in order. */
function createdAt({ metadata }: MeshObject): string {
  return metadata.scalar('creationTimestamp') ?? '9999';
}

function modeOf(policy: MeshObject | undefined): string | undefined {
  const mode = policy?.spec.optionalMap('mtls')?.text('mode');
  return mode === 'UNSET' ? undefined : mode;
}
