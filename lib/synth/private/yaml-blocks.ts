import { printKey, printScalar } from './yaml-scalars';

/** A map of a document. */
export type YamlMap = Readonly<Record<string, unknown>>;

/**
 * Lays out block maps and lists as cdk8s does. What it may print, and in which order, is for the classes below to say.
 *
 * Most of a program's documents are printed before this code is compiled, which is why loops here and below go by index.
 */
export abstract class BlockPrinter {
  /** The keys of a map to print, in their order; undefined when the object is no map for this printer. */
  protected abstract keysOf(map: object): readonly string[] | undefined;

  /** Whether the array is a list for this printer. */
  protected abstract isList(array: readonly unknown[]): boolean;

  /** The text of a map or list with its final newline; undefined when something in it is not for this printer. */
  protected printRoot(root: object, keys?: readonly string[]): string | undefined {
    const text = keys === undefined ? this.print(root, '', '', '') : this.printMap(root as YamlMap, keys, '', '');
    return text === undefined ? undefined : `${text}\n`;
  }

  /**
   * A node with what stands between it and its parent's key or dash: `beforeFlow` for scalars and empty collections, `beforeBlock`
   * for blocks, whose further lines start with `indent`.
   */
  private print(node: unknown, beforeFlow: string, beforeBlock: string, indent: string): string | undefined {
    if (typeof node !== 'object' || node === null) {
      const scalar = printScalar(node, indent);
      return scalar === undefined ? undefined : beforeFlow + scalar;
    }
    if (Array.isArray(node)) {
      if (!this.isList(node)) return undefined;
      return node.length === 0 ? `${beforeFlow}[]` : this.printList(node, beforeBlock, indent);
    }
    const keys = this.keysOf(node);
    if (keys === undefined) return undefined;
    return keys.length === 0 ? `${beforeFlow}{}` : this.printMap(node as YamlMap, keys, beforeBlock, indent);
  }

  private printMap(map: YamlMap, keys: readonly string[], before: string, indent: string): string | undefined {
    const deeper = `${indent}  `;
    const newLine = `\n${deeper}`;
    let text = '';
    let separator = before;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      const name = printKey(key);
      if (name === undefined) return undefined;
      const value = this.print(map[key], ' ', newLine, deeper);
      if (value === undefined) return undefined;
      text += `${separator}${name}:${value}`;
      separator = `\n${indent}`;
    }
    return text;
  }

  private printList(list: readonly unknown[], before: string, indent: string): string | undefined {
    const deeper = `${indent}  `;
    let text = '';
    let separator = `${before}- `;
    for (let index = 0; index < list.length; index++) {
      const item = this.print(list[index], '', '', deeper);
      if (item === undefined) return undefined;
      text += separator + item;
      separator = `\n${indent}- `;
    }
    return text;
  }
}
