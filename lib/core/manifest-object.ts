import { ApiObject, type ApiObjectMetadataDefinition, type ApiObjectProps, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { KubernetesObject } from './kubernetes-object';

/**
 * An object of a builder in a chart: an ApiObject that remembers what it was made of, as long as nobody changes it.
 *
 * Without a namespace of its own it has none, where an ApiObject takes the chart's, which cluster-scoped objects must not.
 */
export class ManifestObject extends ApiObject {
  /** Whether an object of a program is one of ours. */
  public static isOne(object: ApiObject): boolean {
    // Not instanceof: ApiObject answers that for its subclasses too, with true for every ApiObject.
    return object.constructor === ManifestObject;
  }

  /** What cdk8s would render the object from, except for labels of the chart; undefined when there may be more to it. */
  public static manifestOf(object: ApiObject): KubernetesObject | undefined {
    return ManifestObject.isOne(object) ? (object as ManifestObject).untouchedManifest() : undefined;
  }

  private readonly manifest: KubernetesObject;
  private readonly ownMetadata: ApiObjectMetadataDefinition;
  private patched = false;

  public constructor(scope: Construct, id: string, manifest: KubernetesObject) {
    super(scope, id, manifest as ApiObjectProps);
    this.manifest = manifest;
    if (manifest.metadata.namespace === undefined && this.chart.namespace !== undefined) {
      super.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
    this.ownMetadata = this.metadata;
    (this as Writable<Pick<ApiObject, 'metadata'>>).metadata = new Proxy(this.metadata, NOTICE_ACCESS);
  }

  public override addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  private untouchedManifest(): KubernetesObject | undefined {
    return this.patched || accessed.has(this.ownMetadata) ? undefined : this.manifest;
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Metadata that somebody has reached for, and may have changed: it can't be asked. */
const accessed = new WeakSet<ApiObjectMetadataDefinition>();

const NOTICE_ACCESS: ProxyHandler<ApiObjectMetadataDefinition> = {
  get(metadata, property) {
    accessed.add(metadata);
    const value: unknown = Reflect.get(metadata, property);
    return typeof value === 'function' ? value.bind(metadata) : value;
  },
  set(metadata, property, value) {
    accessed.add(metadata);
    return Reflect.set(metadata, property, value);
  },
};
