import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import type { Ec2InstanceArgs, RootVolumeArgs } from '../ec2-instance-args';
import type { Ec2MachineArgs } from '../ec2-machine-args';
import type { MachineImageArgs } from '../machine-image-args';
import { checkCluster } from './eks-cluster';
import { checkInstanceTypes, type NamedInstanceType } from './instance-types';
import { type ImageChoice, imageOf } from './machine-image';
import { checkInteger } from './numbers';
import { notAllowed } from './reasons';
import { checkSecurityGroupPeers } from './security-group-checks';
import { checkTags } from './tags';

/**
 * Notes what is wrong with what all EC2 machines have in common.
 *
 * @returns The image; undefined when its arguments are wrong.
 */
export function checkEc2Machine(
  problems: ArgumentProblems,
  args: Ec2MachineArgs,
  image: MachineImageArgs,
  types: readonly NamedInstanceType[],
): ImageChoice | undefined {
  const { cluster, peers } = args;
  if (cluster === undefined) problems.add('cluster', 'it is missing; give the EKS cluster that the machines join');
  else checkCluster(problems, 'cluster', cluster);
  checkVpc(problems, args);
  if (peers === undefined) {
    problems.add('peers', 'it is missing; say at least whose load balancer leads to istiod (gateway)');
  } else {
    const behindGateway = args.network?.behindGateway !== undefined;
    checkSecurityGroupPeers(problems, 'peers', {
      peers,
      behindGateway,
      ports: (args.ports ?? []).map(({ port }) => port),
    });
  }
  return checkEc2Instance(problems, args, image, types);
}

/**
 * Notes what is wrong with what EC2 machines start from, whatever they do.
 *
 * @returns The image; undefined when its arguments are wrong.
 */
export function checkEc2Instance(
  problems: ArgumentProblems,
  { rootVolume, securityGroupIds = [], metadataHops, tags }: Ec2InstanceArgs,
  image: MachineImageArgs,
  types: readonly NamedInstanceType[],
): ImageChoice | undefined {
  const choice = imageOf(problems, 'image', image);
  checkInstanceTypes(problems, types, choice);
  if (rootVolume !== undefined) checkRootVolume(problems, rootVolume);
  securityGroupIds.forEach((id, index) => {
    checkId(
      problems,
      `securityGroupIds[${index}]`,
      id,
      /^sg-./,
      'the ID of a security group, such as sg-0123456789abcdef0',
    );
  });
  checkInteger(problems, 'metadataHops', metadataHops, 1, 64);
  checkTags(problems, 'tags', tags);
  return choice;
}

/** The VPC of a cluster elsewhere is not that of the machines, unless it is shared. */
function checkVpc(problems: ArgumentProblems, { cluster, vpcId }: Ec2MachineArgs): void {
  if (vpcId !== undefined) checkVpcId(problems, 'vpcId', vpcId);
  const told = (['provider', 'region'] as const).filter((property) => cluster?.[property] !== undefined);
  if (vpcId !== undefined || told.length === 0) return;
  const where = told.map((property) => `cluster.${property}`).join(' and ');
  problems.add(
    'vpcId',
    `it is missing, and ${where} says that the cluster is elsewhere; give the VPC of the machines' subnets`,
  );
}

/** Notes a plain value that is no VPC. */
export function checkVpcId(problems: ArgumentProblems, path: string, id: unknown): void {
  checkId(problems, path, id, /^vpc-./, 'the ID of a VPC, such as vpc-0123456789abcdef0');
}

/** Notes a plain value that is no subnet. */
export function checkSubnetId(problems: ArgumentProblems, path: string, id: unknown): void {
  checkId(problems, path, id, /^subnet-./, 'the ID of a subnet, such as subnet-0123456789abcdef0');
}

function checkRootVolume(problems: ArgumentProblems, volume: RootVolumeArgs): void {
  checkInteger(problems, 'rootVolume.sizeGib', volume.sizeGib, 1, 65536);
  checkInteger(problems, 'rootVolume.iops', volume.iops, 3000, 80000);
  checkInteger(problems, 'rootVolume.throughputMibps', volume.throughputMibps, 125, 2000);
}

function checkId(problems: ArgumentProblems, path: string, id: unknown, pattern: RegExp, allowed: string): void {
  if (isDeferred(id) || (typeof id === 'string' && pattern.test(id))) return;
  problems.add(path, notAllowed(id, allowed));
}
