import { isDeferred } from '../core/problems';
import { FactKind, Registry } from '../core/registry';
import type { Mesh } from '../mesh/mesh';
import type { ExtensionProvider } from './extension-provider';

/** Extension providers of a control plane of the program. */
interface DeclaredProviders {
  readonly clusterName: string;
  readonly extensionProviders: readonly ExtensionProvider[];
}

const PROVIDERS = new FactKind<DeclaredProviders>(
  'extension providers of a control plane',
  ({ clusterName }) => clusterName,
);

/**
 * Records the extension providers of a control plane.
 *
 * @param program The program; for a control plane that stands in none, the registry of its mesh.
 */
export function declareProviders(
  program: Registry,
  path: string,
  { clusterName }: Mesh,
  extensionProviders: readonly ExtensionProvider[],
): void {
  program.declare(PROVIDERS, path, { clusterName, extensionProviders });
}

/** Extension providers of all control planes that are known to be of a mesh; undefined without one, or where a name isn't known yet. */
export function declaredProviders(program: Registry, mesh: Mesh): readonly ExtensionProvider[] | undefined {
  const controlPlanes = [program, Registry.of(mesh)].flatMap((known) => known.facts(PROVIDERS, mesh.clusterName));
  const all = controlPlanes.flatMap(({ value }) => value.extensionProviders);
  return controlPlanes.length === 0 || all.some(({ name }) => isDeferred(name)) ? undefined : all;
}
