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
