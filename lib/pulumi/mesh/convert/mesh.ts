import type * as pulumi from '@pulumi/pulumi';
import { IstiodAccess } from '../../../mesh/istiod-access';
import { Mesh } from '../../../mesh/mesh';
import { Revision } from '../../../mesh/revision';
import type { ArgumentProblems } from '../../core/arguments';
import type { MeshArgs } from '../mesh-args';

/** The mesh of a component's arguments; undefined when they are wrong, which is noted. */
export function meshOf(problems: ArgumentProblems, args: pulumi.Unwrap<MeshArgs>, path = 'mesh'): Mesh | undefined {
  const { revision, revisionTag, istiodDnsName, ...others } = args;
  if (revision !== undefined && revisionTag !== undefined) {
    problems.add(`${path}.revisionTag`, 'it can not be set together with revision; remove one of the two');
  }
  problems.rename(`${path}.istiodAccess`, `${path}.istiodDnsName`);
  if (revisionTag !== undefined) problems.rename(`${path}.revision`, `${path}.revisionTag`);
  return problems.convert(
    path,
    () =>
      new Mesh({
        ...others,
        revision: revisionOf(revision, revisionTag),
        istiodAccess: istiodDnsName === undefined ? undefined : IstiodAccess.dnsName(istiodDnsName),
      }),
  );
}

/** The same; of arguments that are wrong, a mesh with which the other arguments can be checked in the same run. */
export function meshOrStandIn(problems: ArgumentProblems, args: pulumi.Unwrap<MeshArgs>): Mesh {
  const name = args?.istiodDnsName === undefined ? undefined : IstiodAccess.dnsName('stand-in.invalid');
  const names = { meshId: 'stand-in', clusterName: 'stand-in', network: 'stand-in', istioVersion: '1.31.1' };
  return meshOf(problems, args ?? {}) ?? new Mesh({ ...names, istiodAccess: name });
}

/**
 * Reads arguments that have a mesh: their shape first, then what the mesh is made of.
 *
 * @param read Reads arguments whose mesh is a Mesh.
 */
export function readWithMesh<Spec>(problems: ArgumentProblems, args: unknown, read: (args: unknown) => Spec): Spec {
  const { mesh } = (args ?? {}) as { readonly mesh?: pulumi.Unwrap<MeshArgs> };
  // What is no object, reading the shape tells.
  if (typeof mesh !== 'object' || mesh === null || Array.isArray(mesh)) return read(args);
  const spec = read({ ...(args as object), mesh: STAND_IN });
  return { ...spec, mesh: meshOrStandIn(problems, mesh) };
}

const STAND_IN = new Mesh({
  meshId: 'stand-in',
  clusterName: 'stand-in',
  network: 'stand-in',
  istioVersion: '1.31.1',
});

function revisionOf(name: string | undefined, tag: string | undefined): Revision | undefined {
  if (tag !== undefined) return Revision.tag(tag);
  return name === undefined ? undefined : Revision.named(name);
}
