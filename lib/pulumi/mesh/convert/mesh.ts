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

function revisionOf(name: string | undefined, tag: string | undefined): Revision | undefined {
  if (tag !== undefined) return Revision.tag(tag);
  return name === undefined ? undefined : Revision.named(name);
}
