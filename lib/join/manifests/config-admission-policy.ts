import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Subject } from '../../core/rbac';
import type { Member } from '../../machines/member';
import { admissionPolicy, cel, inNamespace } from './admission-policy';
import { agentConfigMapName, bootstrapConfigMapName } from './bootstrap-config-map';
import { clusterName } from './bootstrap-rbac';
import { isSubject } from './subject-expression';

/** Removes what stands in a namespace that is removed, and may change nothing. */
const REMOVER = 'system:serviceaccount:kube-system:namespace-controller';

/**
 * Closes what RBAC leaves open: Kubernetes' role `edit` may change every ConfigMap of a namespace, and what stands in those of a group is
 * what its machines run as root. With this policy they are changed by whoever may change the policy itself, and by the editors that the
 * group names.
 */
export function configAdmissionPolicy(member: Member, editors: readonly Subject[]): KubernetesObject {
  const guarded = [bootstrapConfigMapName(member.name), agentConfigMapName(member.name)];
  return admissionPolicy(configPolicyName(member), {
    apiGroup: '',
    apiVersions: ['v1'],
    resource: 'configmaps',
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    matchConditions: [
      inNamespace(member.namespace),
      {
        // The request for a whole collection has no name; each of its objects is judged by its own.
        name: 'configuration',
        expression: `(request.operation == "DELETE" ? oldObject : object).metadata.name in ${cel(guarded)}`,
      },
      {
        name: 'not-removed-with-its-namespace',
        expression: `!(request.operation == "DELETE" && request.userInfo.username == ${cel(REMOVER)})`,
      },
    ],
    variables: [],
    validations: [
      {
        expression: [...editors.map(isSubject), mayChange(configPolicyName(member))].join(' || '),
        message: `the machines of ${member.name} run as root what stands here: only whoever may change this policy, or an editor that the group names, changes it`,
      },
    ],
  });
}

/** Name of the policy and of its binding. */
export function configPolicyName(member: Member): string {
  return `${clusterName(member)}.config`;
}

/** Server-side and client-side apply need `patch`, other clients `update`. */
function mayChange(policy: string): string {
  const right = `authorizer.group("admissionregistration.k8s.io").resource("validatingadmissionpolicies").name(${cel(policy)})`;
  return ['update', 'patch'].map((verb) => `${right}.check(${cel(verb)}).allowed()`).join(' || ');
}
