import type * as pulumi from '@pulumi/pulumi';
import { GroupNamespace } from '../../../machines/group-namespace';
import { GroupServiceAccount } from '../../../machines/group-service-account';
import type { MachineProps } from '../../../machines/machine-props';
import { TargetPort, type VmServiceProps } from '../../../machines/vm-service';
import { Locality } from '../../../mesh/locality';
import type { Mesh } from '../../../mesh/mesh';
import { Network } from '../../../mesh/network';
import type { ArgumentProblems } from '../../core/arguments';
import type { MachineArgs, NetworkArgs, VmServiceArgs } from '../machine-args';

/**
 * The machines of a component's arguments. A part that is wrong, which is noted, is replaced by one with which the others can be checked
 * in the same run.
 *
 * @param name The component's.
 */
export function machinePropsOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<MachineArgs>,
  mesh: Mesh,
  name: string,
): MachineProps {
  const network = problems.one<pulumi.Unwrap<NetworkArgs>, Network>('network', args.network, {
    flat: ({ cidrs }) => Network.flat(cidrs),
    behindGateway: ({ name, cidrs }) => Network.behindGateway(name, cidrs),
  });
  const { locality: place } = args;
  const locality = place && problems.convert('locality', () => Locality.of(place.region, place.zone, place.subzone));
  const services = args.services?.map((service, index) => serviceOf(problems, `services[${index}]`, service));
  return {
    mesh,
    name: args.name,
    namespace: namespaceOf(problems, args),
    serviceAccount: serviceAccountOf(problems, args, name),
    canonicalService: args.canonicalService,
    version: args.version,
    ports: args.ports,
    services,
    network: network ?? Network.flat(['192.0.2.0/24']),
    locality,
    weight: args.weight,
    labels: args.labels,
    annotations: args.annotations,
  };
}

/** The part of arguments that says whose namespace and identity it is. */
type IdentityArgs = Pick<
  pulumi.Unwrap<MachineArgs>,
  | 'namespace'
  | 'createNamespace'
  | 'injectPods'
  | 'serviceAccount'
  | 'createServiceAccount'
  | 'shareServiceAccount'
  | 'name'
>;

/** The namespace of a component's arguments. */
export function namespaceOf(problems: ArgumentProblems, args: IdentityArgs): GroupNamespace {
  const { namespace, createNamespace = true, injectPods } = args;
  if (createNamespace) {
    return (injectPods ?? true) ? GroupNamespace.create(namespace) : GroupNamespace.createWithoutInjection(namespace);
  }
  if (injectPods !== undefined) {
    problems.add(
      'injectPods',
      'it needs createNamespace; whoever creates the namespace says whether pods are injected',
    );
  }
  return GroupNamespace.existing(namespace);
}

/**
 * The ServiceAccount of a component's arguments.
 *
 * @param name The component's.
 */
export function serviceAccountOf(problems: ArgumentProblems, args: IdentityArgs, name: string): GroupServiceAccount {
  const { serviceAccount, createServiceAccount = true, shareServiceAccount = false } = args;
  if (createServiceAccount) {
    if (shareServiceAccount) problems.add('shareServiceAccount', 'it needs createServiceAccount: false');
    return GroupServiceAccount.create(serviceAccount);
  }
  const known = serviceAccount ?? args.name ?? name;
  return shareServiceAccount ? GroupServiceAccount.shared(known) : GroupServiceAccount.existing(known);
}

function serviceOf(problems: ArgumentProblems, path: string, args: pulumi.Unwrap<VmServiceArgs>): VmServiceProps {
  return {
    ...args,
    ports: args.ports?.map(({ targetPortName, targetPortNumber, ...port }, index) => {
      if (targetPortName !== undefined && targetPortNumber !== undefined) {
        problems.add(`${path}.ports[${index}].targetPortNumber`, 'it can not be set together with targetPortName');
      }
      return { ...port, targetPort: targetPortOf(targetPortName, targetPortNumber) };
    }),
  };
}

function targetPortOf(name: string | undefined, number: number | undefined): TargetPort | undefined {
  if (name !== undefined) return TargetPort.named(name);
  return number === undefined ? undefined : TargetPort.number(number);
}
