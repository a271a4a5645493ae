import type { KubernetesObject } from './kubernetes-object';
import { type Problems, rule } from './problems';
import { FactKind, type Registry } from './registry';

const DECLARED_TWICE = rule({
  id: 'object/declared-twice',
  origin: 'meshvm',
  allowed: 'one object of a kind, namespace and name',
  remedy:
    'rename one of the two; for a namespace or ServiceAccount, let one own it and the others use it: existing(), or in Pulumi createNamespace: false',
  source: 'meshvm: the second would overwrite the first when applied',
});

/** Records an object; adds a problem when another construct of the program has declared it. */
export function declareObject(problems: Problems, program: Registry, path: string, object: KubernetesObject): void {
  const { name, namespace } = object.metadata;
  const owner = program.first(OBJECT, keyOf(object));
  if (owner !== undefined) {
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    problems.add(DECLARED_TWICE, 'name', name, {
      allowed: `one ${object.kind} ${name}${where}; ${owner.path} declares it already`,
    });
  }
  program.declare(OBJECT, path, object);
}

/** Objects are told apart by their group, and not by its version: the API server keeps one of them. */
function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.slice(0, Math.max(0, apiVersion.lastIndexOf('/')));
  return `${group} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
}

const OBJECT = new FactKind<KubernetesObject>('object', keyOf);
