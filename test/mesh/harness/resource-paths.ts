import type { KubernetesObject } from './kubernetes-object';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Where the objects of a kind live in the API, learned from the API server's own discovery. */
export class ResourcePaths {
  private readonly known = new Map<string, readonly Resource[]>();

  constructor(private readonly read: (path: string) => Promise<unknown>) {}

  /** The path to create an object at. */
  async collection(object: KubernetesObject): Promise<string> {
    return this.list(object.apiVersion, object.kind, object.metadata.namespace ?? 'default');
  }

  async object(object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>): Promise<string> {
    const path = await this.list(object.apiVersion, object.kind, object.metadata.namespace ?? 'default');
    return `${path}/${encodeURIComponent(object.metadata.name)}`;
  }

  /** The path of a kind's objects; the namespace counts only for a namespaced kind. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<string> {
    const resource = await this.resource(apiVersion, kind);
    const scope = resource.namespaced && namespace !== undefined ? `namespaces/${encodeURIComponent(namespace)}/` : '';
    return `${groupPath(apiVersion)}/${scope}${resource.name}`;
  }

  private async resource(apiVersion: string, kind: string): Promise<Resource> {
    const find = (): Resource | undefined => this.known.get(apiVersion)?.find((resource) => resource.kind === kind);
    const known = find();
    if (known !== undefined) return known;
    const list = (await this.read(groupPath(apiVersion))) as { readonly resources: readonly Resource[] };
    // A name with a slash is a subresource, and some of those have the kind of their parent.
    this.known.set(
      apiVersion,
      list.resources.filter((resource) => !resource.name.includes('/')),
    );
    const found = find();
    if (found === undefined) throw new Error(`The API server has no kind ${kind} in ${apiVersion}.`);
    return found;
  }
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
