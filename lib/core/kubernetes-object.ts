/** A Kubernetes object as plain data: what every builder of this folder returns. */
export interface KubernetesObject<Spec = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly spec?: Spec;
}

/** The part of an object's metadata that meshvm sets. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * A generated type with its enums widened to their literals and everything read-only, so that builders can write plain data
 * and import the generated files for their types alone.
 */
export type Plain<T> = T extends string ? `${T}` : T extends object ? { readonly [K in keyof T]: Plain<T[K]> } : T;

/** Without the keys whose value is undefined, so that what was left out does not appear as null. */
export function compact<T extends object>(value: T): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) kept[key] = value[key];
  }
  return kept as T;
}

/** The map, or undefined when it is empty. */
export function nonEmpty<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
