import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Member } from '../../machines/member';
import { admissionPolicy, cel, inNamespace, REGISTRATIONS, type Validation } from './admission-policy';
import { clusterName } from './bootstrap-rbac';

/** Where istiod writes the group of an entry that it registered. */
export const GROUP_ANNOTATION = 'istio.io/autoRegistrationGroup';

/** Where istiod notes that the machine said it has a probe. Without it an entry is healthy. Upstream: istio pilot/pkg/status. */
const PROBED_ANNOTATION = 'proxy.istio.io/health-checks-enabled';

/** Labels beside the group's that istiod itself puts on an entry. Upstream: istio pilot/pkg/model TunnelLabel, for HBONE. */
const ISTIOD_LABELS = ['networking.istio.io/tunnel'];

/**
 * Closes what istiod leaves open: a machine tells it its own labels and address, and istiod believes them over the WorkloadGroup. With
 * this policy a machine of the group registers as a machine of the group, or not at all.
 *
 * What was registered stays istiod's to update: of an existing entry only what an update changes is judged, and never its status or
 * annotations, so that a later and tighter policy keeps no dead machine in the mesh.
 *
 * Two machines of a group can't be told apart here: one can still claim the address of another.
 *
 * @param probed Whether the group has a probe. A machine that says it has none would be in service whatever its application does.
 */
export function registrationAdmissionPolicy(
  member: Member,
  cidrs: readonly string[],
  probed: boolean,
): KubernetesObject {
  return admissionPolicy(registrationPolicyName(member), {
    ...REGISTRATIONS,
    matchConditions: [
      inNamespace(member.namespace),
      {
        // An update that takes the annotation away, or puts it on, is an update of the group's entry too.
        name: 'registered-for-group',
        expression: `${isOfGroup('object', member)} || (request.operation == "UPDATE" && ${isOfGroup('oldObject', member)})`,
      },
    ],
    variables: [
      // An entry that becomes the group's by an update is judged as a new one.
      {
        name: 'known',
        expression: `request.operation == "UPDATE" && ${isOfGroup('oldObject', member)}`,
      },
      { name: 'labels', expression: 'has(object.spec.labels) ? object.spec.labels : {}' },
      { name: 'metadataLabels', expression: 'has(object.metadata.labels) ? object.metadata.labels : {}' },
    ],
    validations: [
      {
        expression: isOfGroup('object', member),
        message: `an entry that istiod registered for ${member.name} stays an entry of that group`,
      },
      unlessUnchanged('spec.?labels', labelsAreTheGroups(member)),
      // istiod joins both lists, and the labels of the metadata win.
      unlessUnchanged('metadata.?labels', labelsAreNoOthers(member)),
      unlessUnchanged('spec.?serviceAccount', {
        expression: `has(object.spec.serviceAccount) && object.spec.serviceAccount == ${cel(member.serviceAccount)}`,
        message: `a machine of ${member.name} must have the ServiceAccount ${member.serviceAccount}`,
      }),
      unlessUnchanged('spec.?network', {
        expression: `has(object.spec.network) && object.spec.network == ${cel(member.network)}`,
        message: `a machine of ${member.name} must stand in the network ${member.network}`,
      }),
      unlessUnchanged('spec.?address', addressIsIn(member, cidrs)),
      ...(probed ? [isProbed(member)] : []),
    ],
  });
}

/** Name of the policy and of its binding. */
export function registrationPolicyName(member: Member): string {
  return `${clusterName(member)}.registration`;
}

function isOfGroup(object: string, member: Member): string {
  const annotations = `${object}.metadata.annotations`;
  const key = cel(GROUP_ANNOTATION);
  return `(has(${annotations}) && ${key} in ${annotations} && ${annotations}[${key}] == ${cel(member.name)})`;
}

function labelsAreTheGroups(member: Member): Validation {
  const wanted = cel(member.labels);
  const labels = 'variables.labels';
  const allowed = cel([...Object.keys(member.labels), ...ISTIOD_LABELS]);
  return {
    expression: `${wanted}.all(k, k in ${labels} && ${labels}[k] == ${wanted}[k]) && ${labels}.all(k, k in ${allowed})`,
    message: `a machine of ${member.name} must have the labels of its group and no others`,
  };
}

function labelsAreNoOthers(member: Member): Validation {
  const wanted = cel(member.labels);
  const labels = 'variables.metadataLabels';
  return {
    expression: `${labels}.all(k, k in ${cel(ISTIOD_LABELS)} || (k in ${wanted} && ${labels}[k] == ${wanted}[k]))`,
    message: `the entry of a machine of ${member.name} must carry no labels but those of its group`,
  };
}

/** The text of an address has many forms; CEL compares what it means, and takes no other name for an address. */
function addressIsIn(member: Member, cidrs: readonly string[]): Validation {
  const inRange = cidrs.map((range) => `cidr(${cel(range)}).containsIP(object.spec.address)`).join(' || ');
  return {
    expression: `has(object.spec.address) && isIP(object.spec.address) && (${inRange === '' ? 'false' : inRange})`,
    message: `a machine of ${member.name} must have an address in ${cidrs.join(', ')}`,
  };
}

function isProbed(member: Member): Validation {
  const now = `object.metadata.?annotations[?${cel(PROBED_ANNOTATION)}]`;
  return {
    expression: `(variables.known && ${now} == oldObject.metadata.?annotations[?${cel(PROBED_ANNOTATION)}]) || ${now}.orValue("") == "true"`,
    message: `a machine of ${member.name} must have the probe of its group`,
  };
}

/** The same demand on what an update changes, and on everything of a new entry. */
function unlessUnchanged(field: string, { expression, message }: Validation): Validation {
  return { expression: `(variables.known && object.${field} == oldObject.${field}) || (${expression})`, message };
}
