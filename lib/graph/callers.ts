import { type Fields, type Labels, matches } from './fields';
import type { Gateways } from './gateways';
import { EdgeKind, type GraphNode, NodeKind } from './graph';
import { type GraphDraft, isWorkload, type NodeDraft } from './graph-draft';
import type { Hosts } from './hosts';
import type { MeshObject, Objects } from './objects';
import { SidecarState, type Workload } from './workloads';

/** What AuthorizationPolicies are held against. */
export interface Callees {
  readonly draft: GraphDraft;
  readonly rootNamespace: string;
  /** Workloads and gateways. */
  readonly workloads: readonly Workload[];
  readonly hosts: Hosts;
  readonly gateways: Gateways;
}

/** Draws who may call whom, and writes on each workload whether it is closed to others. */
export function drawCallers(objects: Objects, callees: Callees): void {
  const policies = objects.ofIstio('AuthorizationPolicy');
  const closed = new Set<GraphNode>();
  for (const policy of policies) {
    const targets = targetsOf(policy, callees);
    if (targets.length === 0) callees.draft.note(`${policy.title} holds for nothing that is drawn`);
    const isDryRun = policy.annotations.get('istio.io/dry-run') === 'true';
    if (actionOf(policy) === 'ALLOW' && !isDryRun) for (const target of targets) closed.add(target);
    for (const rule of policy.spec.maps('rules')) drawRule(policy, isDryRun, rule, targets, callees);
  }
  for (const { node, sidecar } of callees.workloads) {
    if (sidecar === SidecarState.NONE || !isWorkload(node.kind)) continue;
    if (closed.has(node)) node.lines.push('closed: only drawn callers may call');
    else node.open.push('every caller may call: no policy allows only some');
  }
}

function drawRule(
  policy: MeshObject,
  isDryRun: boolean,
  rule: Fields,
  targets: readonly NodeDraft[],
  { draft, workloads }: Callees,
): void {
  const action = actionOf(policy);
  const watching = isDryRun ? `dry run of ${action}` : policy.spec.map('provider').text('name');
  const kind = isDryRun ? EdgeKind.WATCHES : kindOf(action);
  const prefix = kind === EdgeKind.WATCHES ? [isDryRun ? '' : action, watching ?? ''] : [];
  const label = [...prefix, conditionsOf(rule)].filter((part) => part !== '').join(' ');
  for (const caller of callersOf(draft, rule, workloads)) {
    for (const target of targets) draft.edge(kind, caller, target, label === '' ? 'everything' : label);
  }
}

function kindOf(action: string): EdgeKind {
  if (action === 'ALLOW') return EdgeKind.ALLOWS;
  return action === 'DENY' ? EdgeKind.DENIES : EdgeKind.WATCHES;
}

function actionOf({ spec }: MeshObject): string {
  return spec.text('action') ?? 'ALLOW';
}

function targetsOf(policy: MeshObject, callees: Callees): readonly NodeDraft[] {
  const { namespace, spec } = policy;
  const refs = [...spec.maps('targetRefs'), ...[spec.optionalMap('targetRef')].filter((ref) => ref !== undefined)];
  if (refs.length > 0) return refs.flatMap((ref) => referenced(ref, namespace, callees));
  const selector: Labels = spec.optionalMap('selector')?.labels('matchLabels') ?? new Map();
  const isMeshWide = namespace === callees.rootNamespace;
  return callees.workloads
    .filter(({ sidecar }) => sidecar !== SidecarState.NONE)
    .filter((workload) => isMeshWide || workload.namespace === namespace)
    .filter(({ labels }) => matches(selector, labels))
    .map(({ node }) => node);
}

function referenced(ref: Fields, namespace: string, { hosts, gateways }: Callees): readonly NodeDraft[] {
  const name = ref.text('name') ?? '';
  if (ref.text('kind') === 'Gateway') return gateways.api.get(`${namespace}/${name}`) ?? [];
  const host = ref.text('kind') === 'Service' ? hosts.find(name, namespace) : undefined;
  return host ? [host.node] : [];
}

function callersOf(draft: GraphDraft, rule: Fields, workloads: readonly Workload[]): readonly GraphNode[] {
  const sources = rule.maps('from').map((from) => from.map('source'));
  if (sources.length === 0) return [draft.node(NodeKind.CALLER, 'everybody')];
  return sources.flatMap((source) => {
    const identities = namedIdentities(source);
    if (identities.length === 0) return [draft.node(NodeKind.CALLER, sourceText(source))];
    return identities.flatMap(({ namespace, name, text }) => {
      const known = workloads.filter(
        (workload) =>
          workload.namespace === namespace &&
          workload.serviceAccount === name &&
          workload.sidecar !== SidecarState.NONE,
      );
      return known.length > 0 ? known.map(({ node }) => node) : [draft.node(NodeKind.CALLER, text)];
    });
  });
}

interface Identity {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly text: string;
}

/** The identities of a source that says nothing else; empty for any other source. */
function namedIdentities(source: Fields): readonly Identity[] {
  const [key, ...others] = source.keys.filter((name) => source.has(name));
  if (others.length > 0) return [];
  if (key === 'principals') {
    return source.texts(key).map((text) => {
      const match = /^[^/*]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(text);
      const title = match ? `ServiceAccount ${match[1]}/${match[2]}` : identityText(text);
      return { namespace: match?.[1], name: match?.[2], text: title };
    });
  }
  if (key !== 'serviceAccounts') return [];
  return source.texts(key).map((text) => {
    const [namespace, name] = text.split('/');
    return { namespace, name, text: `ServiceAccount ${text}` };
  });
}

function identityText(principal: string): string {
  return principal === '*' ? 'everybody with an identity in the mesh' : `identity ${principal}`;
}

/** Fields of a source, and how they are said. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ['principals', 'identity'],
  ['serviceAccounts', 'ServiceAccount'],
  ['namespaces', 'namespace'],
  ['ipBlocks', 'address'],
  ['remoteIpBlocks', 'original address'],
  ['requestPrincipals', 'token'],
  ['trustDomains', 'trust domain'],
]);

function sourceText(source: Fields): string {
  const parts = source.keys.map((key) => {
    const values = source.texts(key).join(' or ');
    const not = /^not([A-Z])(.*)$/.exec(key);
    const positive = not ? not[1].toLowerCase() + not[2] : key;
    return `${not ? 'not ' : ''}${SOURCES.get(positive) ?? positive} ${values}`;
  });
  return parts.length > 0 ? parts.join(' and ') : 'everybody';
}

/** What of a call a rule asks for, beside the caller; empty for nothing. */
function conditionsOf(rule: Fields): string {
  const operations = rule.maps('to').map((to) => operationText(to.map('operation')));
  const conditions = rule.maps('when').map((when) => {
    const [values, notValues] = [when.texts('values'), when.texts('notValues')];
    const allowed = values.length > 0 ? ` is ${values.join(' or ')}` : '';
    return `${when.text('key') ?? ''}${allowed}${notValues.length > 0 ? ` is not ${notValues.join(' or ')}` : ''}`;
  });
  const when = conditions.length > 0 ? [`when ${conditions.join(' and ')}`] : [];
  return [operations.filter((text) => text !== '').join(' or '), ...when].filter((text) => text !== '').join(' ');
}

/** Fields of an operation in the order in which they are said. */
const OPERATIONS: readonly (readonly [string, string])[] = [
  ['methods', ''],
  ['hosts', 'host '],
  ['paths', ''],
  ['ports', 'port '],
];

function operationText(operation: Fields): string {
  const parts = OPERATIONS.flatMap(([key, word]) => {
    const values = operation.texts(key);
    const others = operation.texts(`not${key[0].toUpperCase()}${key.slice(1)}`);
    return [
      ...(values.length > 0 ? [`${word}${values.join(', ')}`] : []),
      ...(others.length > 0 ? [`not ${word}${others.join(', ')}`] : []),
    ];
  });
  return parts.join(' ');
}
