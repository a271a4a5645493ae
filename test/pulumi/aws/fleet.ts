import {
  MachineArchitecture,
  VirtualMachine,
  type VirtualMachineArgs,
  VmAutoScalingGroup,
  type VmAutoScalingGroupArgs,
} from 'meshvm/pulumi/aws';
import { ArgumentProblems } from '../../../lib/pulumi/core/arguments';
import { complaintOf, meshArgs, registered } from '../fixtures';
import type { ProgramOptions, Registered } from '../program';
import { FakeProvider } from './provider';

/** Good arguments of a fleet, to change one at a time. */
export function fleetArgs(args: Partial<VmAutoScalingGroupArgs> = {}): VmAutoScalingGroupArgs {
  return {
    mesh: meshArgs(),
    namespace: 'payments',
    ports: [{ name: 'http', port: 8080 }],
    network: { flat: { cidrs: ['10.20.0.0/16'] } },
    gateway: { serviceName: 'istio-eastwestgateway' },
    cluster: { name: 'prod-eu' },
    peers: { gateway: [{ securityGroupId: 'sg-nlb' }] },
    image: { ami: { id: 'ami-0own', architecture: MachineArchitecture.X86_64 } },
    subnetIds: ['subnet-a', 'subnet-b'],
    instanceTypes: ['m7i.large'],
    minSize: 2,
    maxSize: 10,
    ...args,
  };
}

/** Good arguments of one machine. */
export function machineArgs(args: Partial<VirtualMachineArgs> = {}): VirtualMachineArgs {
  const { subnetIds, instanceTypes, minSize, maxSize, ...common } = fleetArgs();
  return { ...common, subnetId: 'subnet-a', instanceType: 'm7i.large', ...args };
}

/** What AWS makes of the resources of a fleet or machine. */
export function inAws(options: ProgramOptions & { readonly provider?: FakeProvider } = {}): ProgramOptions {
  const { provider = new FakeProvider(), ...others } = options;
  return {
    call: provider.call,
    state: ({ type, name }) => {
      const arn = `arn:${name}`;
      switch (type) {
        case 'aws:ec2/launchTemplate:LaunchTemplate':
          return { latestVersion: 7 };
        case 'aws:ec2/instance:Instance':
          return { privateIp: '10.20.1.7' };
        case 'aws:iam/role:Role':
          return { arn, name: `${name}-in-aws`, uniqueId: 'AROA' };
        case 'aws:iam/instanceProfile:InstanceProfile':
          return { arn, name: `${name}-in-aws` };
        default:
          return { arn };
      }
    },
    ...others,
  };
}

/** The resources that a fleet registers. */
export function fleet(args: Partial<VmAutoScalingGroupArgs> = {}, options?: ProgramOptions): Promise<Resources> {
  return registered(() => new VmAutoScalingGroup('pay', fleetArgs(args)), inAws(options));
}

/** The resources that one machine registers. */
export function machine(args: Partial<VirtualMachineArgs> = {}, options?: ProgramOptions): Promise<Resources> {
  return registered(() => new VirtualMachine('pay', machineArgs(args)), inAws(options));
}

/** What a check notes, as `propertyPath: reason`. */
export function notedBy(check: (problems: ArgumentProblems) => void): readonly string[] {
  const problems = new ArgumentProblems();
  check(problems);
  return complaintOf(() => problems.throwIfAny('test'));
}

/** The same without the reasons. */
export function pathsNotedBy(check: (problems: ArgumentProblems) => void): readonly string[] {
  return notedBy(check).map((text) => text.split(/[: ]/, 1)[0]);
}

type Resources = readonly Registered[];
