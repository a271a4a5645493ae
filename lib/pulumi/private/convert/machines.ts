import type * as pulumi from '@pulumi/pulumi';
import { GroupNamespace } from '../../../group-namespace';
import { GroupServiceAccount } from '../../../group-service-account';
import { Locality } from '../../../locality';
import type { MachineProps } from '../../../machine-props';
import type { Mesh } from '../../../mesh';
import { Network } from '../../../network';
import { TargetPort, type VmServiceProps } from '../../../vm-service';
import type { MachineArgs, NetworkArgs, VmServiceArgs } from '../../machine-args';
import type { ArgumentProblems } from '../arguments';

/** The machines of a component's arguments; undefined when a part of them is wrong, which is noted. */
export function machinePropsOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<MachineArgs>,
  mesh: Mesh | undefined,
): MachineProps | undefined {
  const network = problems.one<pulumi.Unwrap<NetworkArgs>, Network>('network', args.network, {
    flat: ({ cidrs }) => Network.flat(cidrs),
    behindGateway: ({ name, cidrs }) => Network.behindGateway(name, cidrs),
  });
  const { locality: place } = args;
  const locality = place && problems.convert('locality', () => Locality.of(place.region, place.zone, place.subzone));
  const services = args.services?.map((service, index) => serviceOf(problems, `services[${index}]`, service));
  if (mesh === undefined || network === undefined) return undefined;
  return {
    mesh,
    name: args.name,
    namespace: namespaceOf(args),
    serviceAccount: serviceAccountOf(args),
    canonicalService: args.canonicalService,
    version: args.version,
    ports: args.ports,
    services,
    network,
    locality,
    weight: args.weight,
    labels: args.labels,
    annotations: args.annotations,
  };
}

function namespaceOf({ namespace, createNamespace = true, injectPods = true }: pulumi.Unwrap<MachineArgs>) {
  if (!createNamespace) return GroupNamespace.existing(namespace);
  return injectPods ? GroupNamespace.create(namespace) : GroupNamespace.createWithoutInjection(namespace);
}

function serviceAccountOf({ serviceAccount, createServiceAccount = true, name }: pulumi.Unwrap<MachineArgs>) {
  if (createServiceAccount) return GroupServiceAccount.create(serviceAccount);
  const existing = serviceAccount ?? name;
  return existing === undefined ? undefined : GroupServiceAccount.existing(existing);
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
