import type * as pulumi from '@pulumi/pulumi';
import { readShape } from '../../../core/spec/shape';
import type { Mesh } from '../../../mesh/mesh';
import type { MeshProps } from '../../../mesh/mesh-props';
import { checkMesh } from '../../../mesh/private/mesh';
import shapes from '../../../mesh/shapes.json';
import { uncheckedMesh } from '../../../mesh/unchecked-mesh';
import type { ArgumentProblems } from '../../core/arguments';
import type { MeshArgs } from '../mesh-args';

/** The mesh of arguments that no shape is read of yet; of arguments that are wrong, a mesh with which the others can be checked. */
export function meshOrStandIn(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<MeshArgs> | undefined,
  path = 'mesh',
): Mesh {
  const at = problems.problems.at(path);
  const before = problems.problems.all.length;
  const props = readShape(at, args, shapes, 'MeshProps') as MeshProps;
  if (problems.problems.all.length > before) return uncheckedMesh(STAND_IN);
  const mesh = uncheckedMesh(props);
  checkMesh(at, mesh);
  return mesh;
}

const STAND_IN = { meshId: 'stand-in', clusterName: 'stand-in', network: 'stand-in', istioVersion: '1.31.1' };
