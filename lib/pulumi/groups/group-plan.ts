import type * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../core/place';
import { isDeferred } from '../../core/problems';
import { type PlannedGroup as PlannedMachines, planMeshVmGroup } from '../../groups/private/mesh-vm-group';
import { joiningOf } from '../../join/bootstrap-objects';
import { type AwsLifecycleOptions, awsLifecycle } from '../../join/files/aws-lifecycle';
import { subjectOf } from '../../join/known-identity';
import { renderUserData } from '../../join/render-user-data';
import { resolveMember } from '../../machines/resolve-member';
import type { ArgumentProblems } from '../core/arguments';
import { withoutAwait } from '../core/await';
import type { Plan, Run } from '../core/plan';
import { plannedUserData } from '../join/planned-user-data';
import { type Face, planComponent } from '../machines/component-plan';
import type { MeshVmGroupArgs } from './mesh-vm-group-args';
import { type GroupSpec, gatewayReference, groupSpec } from './mesh-vm-group-spelling';
import shapes from './shapes.json';

const PROXY_CONFIG = 'proxy.istio.io/config';

/** A group, and what only this face tells of it. */
export interface PlannedGroup extends PlannedMachines {
  readonly bootstrapSubject: { readonly kind: string; readonly name: string } | undefined;
  readonly userData: string | undefined;
  /** Name of the component that declares the group: that of a fleet, where the group is part of one. */
  readonly path: string;
}

/** What the machines are told of the EC2 Auto Scaling group that they belong to. */
export type AwsLifecycleArgs = { readonly [Key in keyof AwsLifecycleOptions]: pulumi.Input<AwsLifecycleOptions[Key]> };

/** Plans of groups that another component contains, until their MeshVmGroup takes them. */
const prepared = new WeakMap<MeshVmGroupArgs, Plan<PlannedGroup>>();

/**
 * Plans a group for the component that will contain it, so that all of their problems are known before anything is registered. The
 * MeshVmGroup that is then made of these very arguments takes this plan.
 *
 * @param check Notes what is wrong with the component's own arguments, and where those of the group stand among them.
 */
export function prepareGroup(
  component: string,
  name: string,
  args: MeshVmGroupArgs,
  lifecycle: AwsLifecycleArgs | undefined,
  check: (problems: ArgumentProblems, run: Run) => void,
): Plan<PlannedGroup> {
  const planned = planGroup(component, name, args, lifecycle, check);
  prepared.set(args, planned);
  return planned;
}

/** The plan that was prepared for these arguments. It serves once: a second group of them is planned, and refused, as any other. */
export function takePreparedGroup(args: MeshVmGroupArgs): Plan<PlannedGroup> | undefined {
  const planned = prepared.get(args);
  prepared.delete(args);
  return planned;
}

/**
 * @param lifecycle Goes into the user-data of the machines of an EC2 Auto Scaling group.
 * @param check Notes further problems.
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planGroup(
  component: string,
  name: string,
  args: MeshVmGroupArgs,
  lifecycle?: AwsLifecycleArgs,
  check?: (problems: ArgumentProblems, run: Run) => void,
): Plan<PlannedGroup> {
  return planComponent(name, args, {
    component,
    type: 'MeshVmGroupSpelling',
    shapes,
    spelled: groupSpec,
    refer: gatewayReference,
    beside: lifecycle,
    around: check,
    plan: groupOf,
  });
}

function groupOf(
  { userData: told, ...spec }: GroupSpec,
  place: Place,
  face: Face<AwsLifecycleOptions | undefined>,
): PlannedGroup {
  const { problems, beside: lifecycle } = face;
  if (isDeferred(spec.annotations?.[PROXY_CONFIG])) {
    // It is read and joined with the mesh's, so that not even what derives from it could be told.
    problems.add(
      `annotations["${PROXY_CONFIG}"]`,
      'it depends on a value that is known only at deployment; give a plain one',
    );
  }
  const member = resolveMember(spec, place.id, place.namespace);
  const extras = lifecycle && awsLifecycle(lifecycle);
  const joining = joiningOf(spec);
  const userData = told && plannedUserData(face, () => renderUserData('userData', member, joining, told, extras));
  const planned = planMeshVmGroup(spec, place);
  const subject = spec.identity && subjectOf(spec.identity, member.namespace, member.name);
  return {
    ...planned,
    objects: withoutAwait(planned.objects),
    bootstrapSubject: subject && { kind: subject.kind, name: subject.name },
    userData,
    path: place.path,
  };
}
