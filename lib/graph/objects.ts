import { compareText, Fields, isMap, type Labels } from './fields';

/** An object of Kubernetes, as far as the picture needs it. */
export interface MeshObject {
  /** Group and kind, such as `networking.istio.io/WorkloadGroup` or `/Service`. */
  readonly type: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where the object names none. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly metadata: Fields;
  readonly spec: Fields;
  /** How messages name it. */
  readonly title: string;
}

/** The objects of an environment by type, in an order that doesn't depend on files. */
export class Objects {
  private readonly byType = new Map<string, MeshObject[]>();
  private readonly read = new Set<string>();

  public constructor(
    values: readonly unknown[],
    defaultNamespace: string,
    private readonly report: (problem: string) => void,
  ) {
    const objects = values.map((value) => objectOf(isMap(value) ? value : {}, defaultNamespace, report));
    const counts = new Map<string, number>();
    for (const object of objects.sort(byNames)) {
      const key = JSON.stringify([object.type, object.namespace, object.name]);
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count === 2) report(`${object.title} is there more than once`);
      this.byType.set(object.type, [...(this.byType.get(object.type) ?? []), object]);
    }
  }

  /** The objects of a type; those are then part of the picture. */
  public of(type: string): readonly MeshObject[] {
    this.read.add(type);
    return this.byType.get(type) ?? [];
  }

  /** The objects of a kind of Istio's, security or networking. */
  public ofIstio(kind: string): readonly MeshObject[] {
    return this.of(`${SECURITY.has(kind) ? 'security' : 'networking'}.istio.io/${kind}`);
  }

  /** Reports the types that nobody asked for. */
  public reportUnread(): void {
    const unread = [...this.byType].filter(([type]) => !this.read.has(type)).sort(([a], [b]) => compareText(a, b));
    if (unread.length === 0) return;
    this.report(`Not drawn: ${unread.map(([type, objects]) => `${objects.length} ${typeTitle(type)}`).join(', ')}`);
  }
}

const SECURITY = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']);
/** Kinds whose group need not be said, because everybody knows them. */
const WELL_KNOWN = /^(|apps|autoscaling|policy|batch|rbac\.authorization\.k8s\.io|.*\.istio\.io)$/;

function objectOf(
  value: Readonly<Record<string, unknown>>,
  defaultNamespace: string,
  report: (problem: string) => void,
): MeshObject {
  const silent = new Fields(value, '', () => {});
  const apiVersion = silent.scalar('apiVersion') ?? '';
  const kind = silent.scalar('kind') ?? 'object without a kind';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const name = silent.map('metadata').scalar('name') ?? '';
  const own = silent.map('metadata').scalar('namespace');
  const namespace = own === undefined || own === '' ? defaultNamespace : own;
  const title = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const fields = new Fields(value, title, report);
  const metadata = fields.map('metadata');
  return {
    type: `${group}/${kind}`,
    kind,
    name,
    namespace,
    labels: metadata.labels('labels'),
    annotations: metadata.labels('annotations'),
    metadata,
    spec: fields.map('spec'),
    title,
  };
}

function byNames(a: MeshObject, b: MeshObject): number {
  return compareText(a.type, b.type) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

function typeTitle(type: string): string {
  const slash = type.indexOf('/');
  const [group, kind] = [type.slice(0, slash), type.slice(slash + 1)];
  return WELL_KNOWN.test(group) ? kind : `${kind} (${group})`;
}
