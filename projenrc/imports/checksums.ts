import { createHash } from 'node:crypto';
import { CRD_SOURCES, type GoModule, KUBERNETES_KINDS } from './sources';

/** Where the checksums stand, beside the generated files. */
export const CHECKSUMS_FILE = '.checksums.json';

/** What imports/ was made from, and what was made. */
export interface Checksums {
  /** Go's hash of each module, by `path@version`. */
  readonly modules: Readonly<Record<string, string>>;
  /** The kinds asked for, by what they were read from. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  /** Version of cdk8s-cli. */
  readonly generator: string;
  /** SHA-256 of each generated file. */
  readonly files: Readonly<Record<string, string>>;
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `path@version`. */
export function moduleName(module: GoModule): string {
  return `${module.path}@${module.version}`;
}

/** The kinds that sources.ts asks for, in the form that the checksums record. */
export function wantedKinds(): Checksums['kinds'] {
  const custom = CRD_SOURCES.map((source) => [source.module.path, source.kinds] as const);
  return Object.fromEntries([...custom, ['k8s.io/kubernetes', KUBERNETES_KINDS]]);
}
