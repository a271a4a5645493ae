import type * as pulumi from '@pulumi/pulumi';
import { KubernetesSubject } from '../../../kubernetes-subject';
import { MachineIdentity } from '../../../machine-identity';
import type { KubernetesSubjectArgs, MachineIdentityArgs } from '../../machine-identity-args';
import type { ArgumentProblems } from '../arguments';

/** The identity of a component's arguments; undefined when it is wrong, which is noted. */
export function identityOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<MachineIdentityArgs>,
): MachineIdentity | undefined {
  // What makes a subject of them calls each a name.
  problems.rename('identity.eks.name', 'identity.eks.kubernetesGroup');
  problems.rename('identity.gke.name', 'identity.gke.serviceAccountEmail');
  problems.rename('identity.aks.name', 'identity.aks.objectId');
  return problems.one<pulumi.Unwrap<MachineIdentityArgs>, MachineIdentity>('identity', args, {
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
): MachineIdentity | undefined {
  const subject = problems.one<pulumi.Unwrap<KubernetesSubjectArgs>, KubernetesSubject>(path, args, {
    user: (name) => KubernetesSubject.user(name),
    group: (name) => KubernetesSubject.group(name),
    serviceAccount: ({ namespace, name }) => KubernetesSubject.serviceAccount(namespace, name),
  });
  return subject && make(subject);
}
