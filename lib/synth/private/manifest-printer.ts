import { type KubernetesObject, nonEmpty, type ObjectMetadata } from '../../core/kubernetes-object';
import { BlockPrinter, type YamlMap } from './yaml-blocks';
import { printsAsCdk8s } from './yaml-printer';

/**
 * Prints a builder's object as cdk8s renders and prints it: sorted keys, nothing that is null or undefined in maps, apiVersion,
 * kind and metadata first, the chart's labels merged in, and nothing empty in the metadata. The namespace is the object's own.
 *
 * @returns undefined when the object is more than plain data, so that cdk8s has to render it.
 */
export function printManifest(
  manifest: KubernetesObject,
  chartLabels: Readonly<Record<string, string>>,
): string | undefined {
  return printsAsCdk8s() ? PRINTER.printManifest(manifest, chartLabels) : undefined;
}

class ManifestPrinter extends BlockPrinter {
  public printManifest(manifest: KubernetesObject, chartLabels: YamlMap): string | undefined {
    const { apiVersion, kind } = manifest;
    const metadata = metadataOf(manifest.metadata, chartLabels);
    const sorted = this.keysOf(manifest);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !metadata || !sorted) return undefined;
    if (startsWithDigit(sorted[0])) return undefined;
    const keys = [...FIRST_KEYS];
    for (let index = 0; index < sorted.length; index++) {
      if (!FIRST_KEYS.includes(sorted[index])) keys.push(sorted[index]);
    }
    return this.printRoot(metadata === manifest.metadata ? manifest : { ...manifest, metadata }, keys);
  }

  protected override keysOf(map: object): readonly string[] | undefined {
    // cdk8s refuses other classes.
    if (map.constructor !== Object) return undefined;
    const all = Object.keys(map);
    const keys: string[] = [];
    let numbers = false;
    for (let index = 0; index < all.length; index++) {
      const key = all[index];
      const value = (map as YamlMap)[key];
      if (value !== undefined && value !== null) keys.push(key);
      if (startsWithDigit(key)) numbers = true;
      // cdk8s loses it.
      if (key === '__proto__') return undefined;
    }
    return numbers ? numbersFirst(sort(keys)) : sort(keys);
  }

  protected override isList(array: readonly unknown[]): boolean {
    return Object.getPrototypeOf(array) === Array.prototype;
  }
}

const PRINTER = new ManifestPrinter();
const FIRST_KEYS: readonly string[] = ['apiVersion', 'kind', 'metadata'];
const METADATA_KEYS: readonly string[] = ['name', 'namespace', 'labels', 'annotations'];

/** What cdk8s makes of the metadata; undefined when it holds more than builders write. */
function metadataOf(metadata: ObjectMetadata, chartLabels: YamlMap): object | undefined {
  const { name, namespace, labels, annotations } = metadata;
  if (typeof name !== 'string' || !(namespace === undefined || typeof namespace === 'string')) return undefined;
  if (!isTextMap(chartLabels)) return undefined;
  for (const key of Object.keys(metadata)) if (!METADATA_KEYS.includes(key)) return undefined;
  if (labels === undefined && annotations === undefined && Object.keys(chartLabels).length === 0) return metadata;
  if (!isTextMap(labels ?? {}) || !isTextMap(annotations ?? {})) return undefined;
  const merged = { ...chartLabels, ...labels };
  return { name, namespace, labels: nonEmpty(merged), annotations: nonEmpty(annotations ?? {}) };
}

function isTextMap(map: object): boolean {
  if (map.constructor !== Object) return false;
  for (const key of Object.keys(map)) if (typeof (map as YamlMap)[key] !== 'string') return false;
  return true;
}

function startsWithDigit(key: string): boolean {
  return key >= '0' && key < ':';
}

/** The order of keys in an object to which they are added in this order, as cdk8s does: whole numbers come first, and by size. */
function numbersFirst(keys: readonly string[]): readonly string[] {
  return Object.keys(Object.fromEntries(keys.map((key) => [key, true])));
}

/** Sorts in place, as Array.sort does. Maps of manifests have a handful of keys, for which this takes a third of the time. */
function sort(keys: string[]): readonly string[] {
  if (keys.length > 10) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end];
    let index = end;
    for (; index > 0 && keys[index - 1] > key; index--) keys[index] = keys[index - 1];
    keys[index] = key;
  }
  return keys;
}
