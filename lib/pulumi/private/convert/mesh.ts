import type * as pulumi from '@pulumi/pulumi';
import { IstiodAccess } from '../../../istiod-access';
import { Mesh } from '../../../mesh';
import { Revision } from '../../../revision';
import type { MeshArgs } from '../../mesh-args';
import type { ArgumentProblems } from '../arguments';

/** The mesh of a component's arguments; undefined when they are wrong, which is noted. */
export function meshOf(problems: ArgumentProblems, args: pulumi.Unwrap<MeshArgs>, path = 'mesh'): Mesh | undefined {
  const { revision, revisionTag, istiodDnsName, ...others } = args;
  if (revision !== undefined && revisionTag !== undefined) {
    problems.add(`${path}.revisionTag`, 'it can not be set together with revision; remove one of the two');
  }
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

function revisionOf(name: string | undefined, tag: string | undefined): Revision | undefined {
  if (tag !== undefined) return Revision.tag(tag);
  return name === undefined ? undefined : Revision.named(name);
}
