import { Yaml } from 'cdk8s';
import { BlockPrinter } from './yaml-blocks';

/**
 * Prints a document exactly as cdk8s does (`Yaml.stringify`), in a fraction of the time.
 *
 * The layout of block maps and lists, and the text of scalars that are provably plain, are written here. Every other scalar and
 * key is printed by cdk8s itself and copied in, and a document that is more than a tree of plain JSON-like data is printed by
 * cdk8s as a whole. So the hard cases of YAML stay where they were.
 */
export function printYaml(document: unknown): string {
  return (printsAsCdk8s() ? print(document) : undefined) ?? Yaml.stringify(document);
}

/** Whether the installed cdk8s lays YAML out as it is laid out here. It is asked once, before the first document. */
export function printsAsCdk8s(): boolean {
  agrees ??= print(SAMPLE) === Yaml.stringify(SAMPLE);
  return agrees;
}

let agrees: boolean | undefined;

/** Some of each layout and scalar that is written here. */
const SAMPLE = {
  map: { empty: {}, list: [], text: `${'plain '.repeat(20)}text`, off: null, block: 'one\n\n  two\n' },
  list: [1, true, '10.0.0.1', [['a:80'], []], {}, { key: [{ deep: 'one\ntwo' }], last: {} }],
};

function print(document: unknown): string | undefined {
  return typeof document === 'object' && document !== null ? new JsonPrinter().printDocument(document) : undefined;
}

/** Prints trees of plain objects and arrays. */
class JsonPrinter extends BlockPrinter {
  private readonly seen = new Set<object>();

  public printDocument(document: object): string | undefined {
    return this.printRoot(document);
  }

  protected override keysOf(map: object): readonly string[] | undefined {
    const prototype = Object.getPrototypeOf(map);
    const isPlain = (prototype === Object.prototype || prototype === null) && !(Symbol.iterator in map);
    return isPlain && this.isFirstAndOrdinary(map) ? Object.keys(map) : undefined;
  }

  protected override isList(array: readonly unknown[]): boolean {
    return Object.getPrototypeOf(array) === Array.prototype && this.isFirstAndOrdinary(array);
  }

  /** cdk8s prints a second occurrence of an object as an alias, asks `toJSON`, and knows the nodes of the yaml library. */
  private isFirstAndOrdinary(collection: object): boolean {
    if (this.seen.has(collection)) return false;
    this.seen.add(collection);
    const { toJSON, [YAML_NODE]: node } = collection as { readonly toJSON?: unknown; readonly [YAML_NODE]?: unknown };
    return typeof toJSON !== 'function' && node === undefined;
  }
}

const YAML_NODE = Symbol.for('yaml.node.type');
