import type { AccessEntry } from '@pulumi/aws/eks';
import * as pulumi from '@pulumi/pulumi';
import type { ArgumentProblems } from '../../core/arguments';
import { dependencies } from '../../core/register-objects';
import { type AwsLifecycleArgs, prepareGroup } from '../../groups/group-plan';
import { MeshVmGroup } from '../../groups/mesh-vm-group';
import type { MeshVmGroupArgs } from '../../groups/mesh-vm-group-args';
import { UserDataTargetKind } from '../../join/user-data-props';
import type { MachineArgs } from '../../machines/machine-args';
import type { Ec2MachineArgs } from '../ec2-machine-args';
import { MachineArchitecture, type MachineImageArgs } from '../machine-image-args';
import { registerAccessEntry } from './access-entry';
import { checkEc2Machine } from './ec2-machine-checks';
import { type ResolvedCluster, resolveCluster } from './eks-cluster';
import { elsewhereOf } from './elsewhere';
import { architectureOf, type NamedInstanceType } from './instance-types';
import { type ImageChoice, type ResolvedImage, resolveImage } from './machine-image';
import { type MachineRole, registerMachineRole } from './machine-role';
import { registerSecurityGroups } from './security-groups';

/** Machines that nothing is wrong with. */
export interface PlannedMachines {
  readonly args: Ec2MachineArgs;
  readonly groupArgs: MeshVmGroupArgs;
  readonly image: ImageChoice;
  /** Says what the group has left open. */
  readonly setCluster: (cluster: ResolvedCluster) => void;
}

/** What a machine starts with, registered. */
export interface RegisteredMachines {
  readonly group: MeshVmGroup;
  readonly role: MachineRole;
  readonly image: ResolvedImage;
  /** ID of the security group that was made for the machines. */
  readonly securityGroupId: pulumi.Output<string>;
  /** All of the machines' security groups. */
  readonly securityGroupIds: pulumi.Input<string>[];
  /** What must be there before the first machine starts. */
  readonly ready: pulumi.Resource[];
}

/**
 * Plans the machines of a component. Nothing is asked of AWS yet, since the machines' group is planned before the component is there to
 * ask for it.
 *
 * @param check Notes what is wrong with the component's own arguments.
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planMachines(
  component: string,
  name: string,
  args: Ec2MachineArgs,
  types: readonly NamedInstanceType[],
  lifecycle: AwsLifecycleArgs | undefined,
  check: (problems: ArgumentProblems) => void,
): PlannedMachines {
  const [apiServer, setEndpoint] = pulumi.deferredOutput<string>();
  const [caCertificate, setCertificate] = pulumi.deferredOutput<string>();
  const [region, setRegion] = pulumi.deferredOutput<string>();
  const { probe, gateway, application } = args;
  const image = imageArgs(args, types);
  const groupArgs: MeshVmGroupArgs = {
    ...machineArgs(args, name),
    probe,
    gateway,
    bootstrap: bootstrapOf(args),
    identity: { eks: { cluster: args.cluster?.name || 'missing', ...(elsewhereOf(args.cluster ?? {}) && { region }) } },
    userData: { apiServer, caCertificate, target: UserDataTargetKind.Ec2LaunchTemplate, application },
  };
  let choice: ImageChoice | undefined;
  prepareGroup(component, name, groupArgs, lifecycle, (problems, run) => {
    problems.rename('identity.eks.cluster', 'cluster.name');
    problems.rename('identity.eks.region', 'cluster.region');
    problems.rename('userData.apiServer', 'cluster.endpoint');
    problems.rename('userData.caCertificate', 'cluster.certificateAuthority');
    problems.rename('userData.cloudConfig.yaml', 'application.cloudConfig');
    problems.rename('userData.application', 'application');
    problems.rename('userData.userData', 'application');
    // Of the other parts of the user-data, all are the application's.
    problems.rename('userData', 'application');
    if (!run.first) return;
    choice = checkEc2Machine(problems, args, image, types);
    check(problems);
  });
  return {
    args,
    groupArgs,
    // An image that is wrong was noted, and then we don't get here.
    image: choice as ImageChoice,
    setCluster: (cluster) => {
      setEndpoint(cluster.endpoint);
      setCertificate(cluster.caCertificate);
      if (cluster.region !== undefined) setRegion(cluster.region);
    },
  };
}

/** Registers what a machine starts with. */
export function registerMachines(
  parent: pulumi.ComponentResource,
  name: string,
  planned: PlannedMachines,
  lifecycle: { readonly autoScalingGroupName?: string; readonly hooks: boolean },
  options: pulumi.ComponentResourceOptions | undefined,
): RegisteredMachines {
  const { args, groupArgs, setCluster } = planned;
  const { peers, vpcId, permissionsBoundary, tags, ssm = false, securityGroupIds = [] } = args;
  // The cluster may be one of the resources that the component waits for.
  const asked = { parent, dependsOn: dependencies(options) };
  const cluster = resolveCluster(args.cluster, asked);
  const image = resolveImage(planned.image, asked);
  setCluster(cluster);
  const group = new MeshVmGroup(`${name}-group`, groupArgs, { parent, dependsOn: dependencies(options) });
  const { autoScalingGroupName, hooks } = lifecycle;
  const role = registerMachineRole(
    parent,
    name,
    { autoScalingGroupName, lifecycle: hooks, ssm, permissionsBoundary, tags },
    options,
  );
  const entry: AccessEntry = registerAccessEntry(
    parent,
    name,
    { cluster, role: role.role, kubernetesGroup: group.bootstrapSubjectName, tags },
    options,
  );
  const { machineSecurityGroupId, ready } = registerSecurityGroups(
    parent,
    name,
    {
      cluster,
      vpcId,
      ports: args.ports.map(({ port }) => port),
      behindGateway: args.network.behindGateway !== undefined,
      image,
      lifecycle: hooks,
      ssm,
      peers,
      tags,
    },
    options,
  );
  return {
    group,
    role,
    image,
    securityGroupId: machineSecurityGroupId,
    securityGroupIds: [machineSecurityGroupId, ...securityGroupIds],
    // A machine whose first calls are refused joins minutes later.
    ready: [group, entry, ...role.ready, ...ready],
  };
}

/** The part of the arguments that tells who the machines are. The group is named after the component, not after its own resource. */
function machineArgs(args: MachineArgs, name: string): MachineArgs {
  const all: { readonly [Key in keyof Required<MachineArgs>]: MachineArgs[Key] } = {
    mesh: args.mesh,
    namespace: args.namespace,
    createNamespace: args.createNamespace,
    injectPods: args.injectPods,
    serviceAccount: args.serviceAccount,
    createServiceAccount: args.createServiceAccount,
    shareServiceAccount: args.shareServiceAccount,
    revokedServiceAccounts: args.revokedServiceAccounts,
    name: args.name ?? name,
    canonicalService: args.canonicalService,
    version: args.version,
    ports: args.ports,
    services: args.services,
    network: args.network,
    locality: args.locality,
    weight: args.weight,
    labels: args.labels,
    annotations: args.annotations,
  };
  return all;
}

function bootstrapOf({ image, bootstrap }: Ec2MachineArgs): MeshVmGroupArgs['bootstrap'] {
  if (image?.ami?.preinstalled !== true || bootstrap?.sidecarPackage !== undefined) return bootstrap;
  return { ...bootstrap, sidecarPackage: { preinstalled: true } };
}

/** The image of machines, that of the arguments or the newest Ubuntu for the types. */
export function imageArgs(args: Pick<Ec2MachineArgs, 'image'>, types: readonly NamedInstanceType[]): MachineImageArgs {
  if (args.image !== undefined) return args.image;
  return { ubuntu2404: { architecture: architectureOf(types[0]?.type) ?? MachineArchitecture.X86_64 } };
}
