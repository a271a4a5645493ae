import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** What the harness takes: any plain manifest, whoever typed it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
}

/** A manifest that was read and not written here: `data`, `webhooks` and so on are left to who knows the kind. */
export interface Manifest extends KubernetesObject {
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object as the API server returns it. */
export interface StoredObject extends Manifest {
  readonly metadata: ObjectMeta & { readonly uid: string; readonly resourceVersion: string };
}

/** `kind namespace/name`, for messages. */
export function describe(object: KubernetesObject): string {
  const { namespace, name } = object.metadata;
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The objects of a YAML file, in order. */
export function objectsInFile(file: string): readonly Manifest[] {
  return objectsInYaml(readFileSync(file, 'utf8'));
}

export function objectsInYaml(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object = document.toJS() as Manifest | null;
    return object === null ? [] : [object];
  });
}
