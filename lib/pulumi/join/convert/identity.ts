import type * as pulumi from '@pulumi/pulumi';
import { KubernetesSubject } from '../../../join/kubernetes-subject';
import { MachineIdentity } from '../../../join/machine-identity';
import type { ArgumentProblems } from '../../core/arguments';
import type { KubernetesSubjectArgs, MachineIdentityArgs } from '../machine-identity-args';
import { subjectOf } from './subject';

/**
 * The identity of a component's arguments; undefined when it is wrong, which is noted.
 *
 * @param at Where it stands among the arguments.
 */
export function identityOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<MachineIdentityArgs>,
  at = 'identity',
): MachineIdentity | undefined {
  // What makes a subject of them calls each a name.
  problems.rename(`${at}.eks.name`, `${at}.eks.kubernetesGroup`);
  problems.rename(`${at}.gke.name`, `${at}.gke.serviceAccountEmail`);
  problems.rename(`${at}.aks.name`, `${at}.aks.objectId`);
  return problems.one<pulumi.Unwrap<MachineIdentityArgs>, MachineIdentity>(at, args, {
    eks: (options) => MachineIdentity.eks(options),
    gke: (options) => MachineIdentity.gke(options),
    aks: (options) => MachineIdentity.aks(options),
    tokenFile: ({ subject, ...options }, path) =>
      withSubject(problems, `${path}.subject`, subject, (known) =>
        MachineIdentity.tokenFile({ ...options, subject: known }),
      ),
    kubeconfig: ({ subject, ...options }, path) =>
      withSubject(problems, `${path}.subject`, subject, (known) =>
        MachineIdentity.kubeconfig({ ...options, subject: known }),
      ),
  });
}

function withSubject(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<KubernetesSubjectArgs>,
  make: (subject: KubernetesSubject) => MachineIdentity,
): MachineIdentity {
  // With another subject what else is wrong is noted, too.
  return make(subjectOf(problems, path, args) ?? KubernetesSubject.user('stand-in'));
}
