import type { KubernetesObject } from '../../core/kubernetes-object';
import { APPLICATION_ANNOTATION } from '../../machines/application-annotation';
import type { Member } from '../../machines/member';
import { admissionPolicy, cel, inNamespace, REGISTRATIONS } from './admission-policy';
import { clusterName } from './bootstrap-rbac';
import { GROUP_ANNOTATION } from './registration-admission-policy';

/** By what telemetry and the mesh's dashboards call a workload. Services select by the group's own selector. */
const CANONICAL_NAME = 'service.istio.io/canonical-name';

/**
 * Closes the way around the guard of registrations: a machine also may register by another WorkloadGroup of the namespace, and one that names
 * no ServiceAccount takes every identity of the namespace. With this policy no entry that istiod registers by another group carries the
 * application of this one, unless the WorkloadGroup itself says that its machines are of that application; and none carries all labels of
 * this group.
 *
 * What was registered before stays istiod's to update: an entry is judged when its labels or its group change. Entries that people write
 * are theirs, and their rights say which.
 */
export function applicationAdmissionPolicy(member: Member): KubernetesObject {
  const { app } = member.selector;
  return admissionPolicy(applicationPolicyName(member), {
    ...REGISTRATIONS,
    matchConditions: [
      inNamespace(member.namespace),
      {
        name: 'registered-by-another-group',
        expression: `!(${groupOf('object')}.orValue(${cel(member.name)}) == ${cel(member.name)})`,
      },
      {
        name: 'claims-application',
        expression: ['app', CANONICAL_NAME].map((key) => has(key, app)).join(' || '),
      },
      {
        name: 'new-or-changed',
        expression: `request.operation == "CREATE" || ${groupOf('object')} != ${groupOf('oldObject')} || ${LABELS.map((labels) => `object.${labels} != oldObject.${labels}`).join(' || ')}`,
      },
    ],
    variables: [],
    validations: [
      {
        expression: `object.metadata.?annotations[?${cel(APPLICATION_ANNOTATION)}].orValue("") == ${cel(app)}`,
        message: `only a machine of ${app} registers with its labels; a WorkloadGroup of other machines of ${app} says so in the annotation ${APPLICATION_ANNOTATION} of its metadata`,
      },
      {
        expression: `!(${Object.entries(member.labels)
          .map(([key, value]) => `(${has(key, value)})`)
          .join(' && ')})`,
        message: `only a machine of ${member.name} registers with the labels of ${member.name}`,
      },
    ],
  });
}

/** Name of the policy and of its binding. */
export function applicationPolicyName(member: Member): string {
  return `${clusterName(member)}.application`;
}

/** The lists that istiod joins. */
const LABELS = ['spec.?labels', 'metadata.?labels'];

/** A label in one of the lists is the machine's: which of them wins is not ours to know. */
function has(key: string, value: string): string {
  return LABELS.map((labels) => `object.${labels}[?${cel(key)}].orValue("") == ${cel(value)}`).join(' || ');
}

function groupOf(object: string): string {
  return `${object}.metadata.?annotations[?${cel(GROUP_ANNOTATION)}]`;
}
