import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ManifestObject } from '../../core/manifest-object';
import { isDeferred, Problems, rule } from '../../core/problems';
import { FactKind, Registry } from '../../core/registry';
import { ValidationError } from '../../core/validation-error';
import type { Member } from '../../machines/member';
import type { MeshVmGroupProps } from '../mesh-vm-group-props';

const OTHER_WORKLOADS = rule({
  id: 'group/service-account-of-other-workloads',
  origin: 'meshvm',
  allowed: 'a ServiceAccount that no pods, and no machines that are written by hand, run as; or serviceAccount.shared',
  remedy:
    'give the machines a ServiceAccount of their own; or say serviceAccount.shared where each may be the other, and let something else make it',
  source:
    'istio: the ServiceAccount is the identity. A pod that has it registers as a machine of the group, and a machine calls and is called as the pods',
});

/**
 * Sees to it that a program in which pods or hand-written machines have the ServiceAccount of a group fails its validation: cdk8s asks when it
 * synthesizes, because such objects may come after the group.
 */
export function watchOtherWorkloads(group: Construct, { serviceAccount }: MeshVmGroupProps, member: Member): void {
  if (serviceAccount?.shared !== undefined || isDeferred(member.serviceAccount)) return;
  const program = Registry.ofProgram(group);
  const { root } = group.node;
  // One look at the program for all of its groups.
  if (program.first(ACCOUNT) === undefined) root.node.addValidation({ validate: () => complaints(program, root) });
  program.declare(ACCOUNT, group.node.path, member);
}

const ACCOUNT = new FactKind<Member>('ServiceAccount of a group alone', keyOf);

function complaints(program: Registry, root: IConstruct): string[] {
  const found: string[] = [];
  for (const object of otherObjects(root)) {
    const { kind, metadata, ...manifest } = object.toJson() as Workload;
    for (const serviceAccount of serviceAccountsOf(manifest)) {
      const namespace = metadata?.namespace ?? 'default';
      const owner = program.first(ACCOUNT, keyOf({ namespace, serviceAccount }));
      if (owner === undefined) continue;
      const problems = new Problems();
      problems.add(OTHER_WORKLOADS, 'serviceAccount', serviceAccount, {
        allowed: `a ServiceAccount other than that of ${kind} ${metadata?.name} (${object.node.path}), or serviceAccount.shared`,
      });
      found.push(new ValidationError(owner.path, problems.all).message);
    }
  }
  return found;
}

/** Objects of these kinds that no construct of ours has made. */
function otherObjects(construct: IConstruct): readonly ApiObject[] {
  const below = construct.node.children.flatMap(otherObjects);
  const isOne = construct instanceof ApiObject && KINDS.has(construct.kind) && !ManifestObject.isOne(construct);
  return isOne ? [construct, ...below] : below;
}

const KINDS = new Set([
  ...[
    'Pod',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'ReplicaSet',
    'ReplicationController',
    'Job',
    'CronJob',
    'Rollout',
  ],
  ...['WorkloadGroup', 'WorkloadEntry'],
]);

interface Workload {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: Fields;
}

interface Fields {
  readonly [field: string]: unknown;
}

/** Pods without one run as `default`; a WorkloadGroup or WorkloadEntry without one has none. */
function serviceAccountsOf({ spec = {} }: Workload): readonly string[] {
  const template = at(spec, 'template');
  const pods = [spec, at(template, 'spec'), at(at(at(at(spec, 'jobTemplate'), 'spec'), 'template'), 'spec')];
  const ofPods = pods
    .filter(({ containers }) => Array.isArray(containers))
    .map((pod) => pod.serviceAccountName ?? pod.serviceAccount ?? 'default');
  const ofMachines = [spec, template]
    .filter(({ containers }) => containers === undefined)
    .map((each) => each.serviceAccount);
  return [...ofPods, ...ofMachines].filter((name): name is string => typeof name === 'string' && name !== '');
}

function at(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function keyOf({ namespace, serviceAccount }: Pick<Member, 'namespace' | 'serviceAccount'>): string {
  return `${namespace}/${serviceAccount}`;
}
