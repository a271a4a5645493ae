import type { Problems } from '../../core/problems';
import type { Makers } from '../../core/spec/shape';
import type { Mesh } from '../../mesh/mesh';
import type { MeshProps } from '../../mesh/mesh-props';
import { checkMesh } from '../../mesh/private/mesh';
import { uncheckedMesh } from '../../mesh/unchecked-mesh';

/** The meshes among a component's arguments, where they are data. */
export class MeshArguments {
  private readonly found: { readonly property: string; readonly mesh: Mesh }[] = [];

  /** For reading arguments. */
  public readonly makers: Makers = {
    MeshProps: (property: string, props: MeshProps) => {
      const mesh = uncheckedMesh(props);
      this.found.push({ property, mesh });
      return mesh;
    },
  };

  /** Adds what is wrong with those that were read, so that it is told together with what else is wrong. */
  public check(problems: Problems): Problems {
    for (const { property, mesh } of this.found) checkMesh(problems.at(property), mesh);
    return problems;
  }
}
