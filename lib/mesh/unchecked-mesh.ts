import { Mesh } from './mesh';
import type { MeshProps } from './mesh-props';
import { resolveMesh } from './private/mesh';

/** The mesh of properties whose shape is read, but not what they say: `checkMesh` tells what is wrong with them. */
export function uncheckedMesh(spec: MeshProps): Mesh {
  return Object.assign(Object.create(Mesh.prototype) as Mesh, resolveMesh(spec));
}
