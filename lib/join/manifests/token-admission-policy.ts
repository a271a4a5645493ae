import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Subject } from '../../core/rbac';
import type { Member } from '../../machines/member';
import { admissionPolicy, cel } from './admission-policy';
import { clusterName } from './bootstrap-rbac';
import { isSubject } from './subject-expression';

/** Longest life of a token that a machine makes, in seconds. */
export const MAX_TOKEN_LIFETIME_SECONDS = 3600;

/**
 * Closes what RBAC can't say: the tokens that machines make of their ServiceAccount are for istiod alone and short-lived. A token for
 * another audience would make the machine that ServiceAccount in the cluster.
 *
 * The API server fills in audience and lifetime before it asks; a request that left them out is judged by what it would get.
 */
export function tokenAdmissionPolicy(member: Member, subject: Subject, audience: string): KubernetesObject {
  const { namespace, serviceAccount } = member;
  return admissionPolicy(tokenPolicyName(member), {
    apiGroup: '',
    apiVersions: ['v1'],
    resource: 'serviceaccounts/token',
    operations: ['CREATE'],
    matchConditions: [
      {
        name: 'service-account',
        expression: `request.namespace == ${cel(namespace)} && request.name == ${cel(serviceAccount)}`,
      },
      { name: 'machine', expression: isSubject(subject) },
    ],
    variables: [],
    validations: [
      {
        expression: `has(object.spec.audiences) && object.spec.audiences == ${cel([audience])}`,
        message: `a machine's token must have the audience ${audience} and no other`,
      },
      {
        expression: `has(object.spec.expirationSeconds) && object.spec.expirationSeconds <= ${MAX_TOKEN_LIFETIME_SECONDS}`,
        message: `a machine's token must live ${MAX_TOKEN_LIFETIME_SECONDS} seconds at most`,
      },
      {
        // The API server writes an absent reference as null.
        expression: '!has(object.spec.boundObjectRef) || object.spec.boundObjectRef == null',
        message: "a machine's token must not be bound to an object of the cluster",
      },
    ],
  });
}

/** Name of the policy and of its binding. */
export function tokenPolicyName(member: Member): string {
  return `${clusterName(member)}.token`;
}
