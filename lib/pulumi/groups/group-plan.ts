import type * as pulumi from '@pulumi/pulumi';
import type { KubernetesObject } from '../../core/kubernetes-object';
import { isDeferred } from '../../core/problems';
import { bootstrapObjects, checkBootstrap, type GroupBootstrapProps, joiningOf } from '../../join/bootstrap-objects';
import { checkExclusiveIdentity, claimIdentity } from '../../join/exclusive-identity';
import { type AwsLifecycleOptions, awsLifecycle } from '../../join/files/aws-lifecycle';
import { MachineIdentity } from '../../join/machine-identity';
import { renderUserData } from '../../join/render-user-data';
import type { UserDataProps } from '../../join/user-data';
import { checkGroup, checkSelection, declareGroup } from '../../machines/declared-members';
import type { Member } from '../../machines/member';
import { groupObjects } from '../../machines/member-objects';
import { Probe } from '../../machines/probe';
import { checkMember, resolveMember } from '../../machines/resolve-member';
import { checkWaysOfServices } from '../../machines/ways-in';
import type { Mesh } from '../../mesh/mesh';
import { ArgumentProblems } from '../core/arguments';
import { withoutAwait } from '../core/await';
import { type Plan, plan, type Run } from '../core/plan';
import { programRegistry } from '../core/program';
import { bootstrapPropsOf } from '../join/convert/bootstrap';
import { identityOf } from '../join/convert/identity';
import { userDataPropsOf } from '../join/convert/user-data';
import { machinePropsOf } from '../machines/convert/machines';
import { meshOrStandIn } from '../mesh/convert/mesh';
import type { GatewayReferenceArgs, MeshVmGroupArgs } from './mesh-vm-group-args';

const PROXY_CONFIG = 'proxy.istio.io/config';

/** All that a group of machines consists of. */
export interface PlannedGroup {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly groupName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceHosts: readonly string[];
  readonly spiffeId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bootstrapSubject: { readonly kind: string; readonly name: string } | undefined;
  readonly userData: string | undefined;
  /** Name of the component that declares the group: that of a fleet, where the group is part of one. */
  readonly path: string;
  /** For components that refer to the group. */
  readonly machines: Member;
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
  const { gateway, ...others } = args;
  // A component is a gateway, too: only what is needed of it is data.
  const group = { ...others, gateway: gateway && { serviceName: gateway.serviceName, namespace: gateway.namespace } };
  return plan({ group, lifecycle }, (known, run) =>
    buildGroup(component, name, known.group as pulumi.Unwrap<MeshVmGroupArgs>, known.lifecycle, run, check),
  );
}

function buildGroup(
  component: string,
  name: string,
  args: pulumi.Unwrap<MeshVmGroupArgs>,
  lifecycle: AwsLifecycleOptions | undefined,
  run: Run,
  check: ((problems: ArgumentProblems, run: Run) => void) | undefined,
): PlannedGroup {
  const problems = new ArgumentProblems(run);
  check?.(problems, run);
  const mesh = meshOrStandIn(problems, args.mesh);
  const common = machinePropsOf(problems, args, mesh, name);
  const { probe: probeArgs, identity: identityArgs, bootstrap: bootstrapArgs } = args;
  const probe = probeArgs && problems.convert('probe', () => Probe.fromKubernetes(probeArgs));
  // Of a wrong one, the rest can be checked all the same.
  const identity = identityArgs && (identityOf(problems, identityArgs) ?? MachineIdentity.eks({ cluster: 'stand-in' }));
  const bootstrap = bootstrapArgs && bootstrapPropsOf(problems, bootstrapArgs);
  const gateway = args.gateway && gatewayOf(mesh, args.gateway);
  const props = { ...common, mesh, probe, identity, bootstrap, gateway } satisfies GroupBootstrapProps;
  const machines = resolveMember(props, name, '');
  checkMember(problems.problems, props, machines);
  checkBootstrap(problems.problems, props, machines);
  if (isDeferred(args.annotations?.[PROXY_CONFIG])) {
    // It is read and joined with the mesh's, so that not even what derives from it could be told.
    problems.add(
      `annotations["${PROXY_CONFIG}"]`,
      'it depends on a value that is known only at deployment; give a plain one',
    );
  }
  const program = programRegistry();
  if (run.first) {
    checkGroup(problems.problems, program, machines);
    checkSelection(problems.problems, program, machines);
    checkWaysOfServices(problems.problems, program, machines);
    checkExclusiveIdentity(problems.problems, program, props, machines);
  }
  const told = args.userData && userDataPropsOf(problems, args.userData);
  const extras = lifecycle && awsLifecycle(lifecycle);
  const joining = joiningOf(props);
  const render = (props: UserDataProps) =>
    problems.convert('userData', () => renderUserData('userData', machines, joining, props, extras));
  // What is wrong whatever the Inputs will be is told before anything is registered.
  if (told !== undefined && run.first && run.later !== undefined) render(withStandIns(told));
  const userData = told && (run.later ?? render(told));
  problems.throwIfAny(`${component} ${name}`);
  if (run.first) {
    declareGroup(program, name, machines);
    claimIdentity(program, name, props, machines);
  }

  const subject = identity?.subjectOf(machines.namespace, machines.name);
  return {
    objects: {
      ...withoutAwait(groupObjects(props, machines, props.probe?.spec)),
      ...(identity === undefined ? {} : bootstrapObjects(props, identity, machines)),
    },
    groupName: machines.name,
    namespace: machines.namespace,
    serviceAccount: machines.serviceAccount,
    serviceHosts: machines.services.map((service) => `${service.name}.${machines.namespace}.svc.cluster.local`),
    spiffeId: mesh.spiffeId(machines.namespace, machines.serviceAccount),
    labels: machines.labels,
    bootstrapSubject: subject && { kind: subject.kind, name: subject.name },
    userData,
    path: name,
    machines,
  };
}

/** A certificate that isn't known yet would be judged by its length. */
function withStandIns(props: UserDataProps): UserDataProps {
  const standIn = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  return isDeferred(props.caCertificate) ? { ...props, caCertificate: standIn } : props;
}

function gatewayOf(mesh: Mesh, args: pulumi.Unwrap<GatewayReferenceArgs>): GroupBootstrapProps['gateway'] {
  const { serviceName, namespace = mesh.controlPlaneNamespace } = args;
  return { mesh, serviceName, namespace, node: { path: serviceName } };
}
