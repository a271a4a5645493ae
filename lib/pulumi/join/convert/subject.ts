import type * as pulumi from '@pulumi/pulumi';
import { KubernetesSubject } from '../../../join/kubernetes-subject';
import type { ArgumentProblems } from '../../core/arguments';
import type { KubernetesSubjectArgs } from '../machine-identity-args';

/**
 * The subject of a component's arguments; undefined when it is wrong, which is noted.
 *
 * @param at Where it stands among the arguments.
 */
export function subjectOf(
  problems: ArgumentProblems,
  at: string,
  args: pulumi.Unwrap<KubernetesSubjectArgs>,
): KubernetesSubject | undefined {
  return problems.one<pulumi.Unwrap<KubernetesSubjectArgs>, KubernetesSubject>(at, args, {
    user: (name) => KubernetesSubject.user(name),
    group: (name) => KubernetesSubject.group(name),
    serviceAccount: ({ namespace, name }) => KubernetesSubject.serviceAccount(namespace, name),
  });
}
