import type * as pulumi from '@pulumi/pulumi';
import type { MachineProps } from '../../../machines/machine-props';
import { TargetPort, type VmServiceProps } from '../../../machines/vm-service';
import { Locality } from '../../../mesh/locality';
import type { Mesh } from '../../../mesh/mesh';
import { Network } from '../../../mesh/network';
import type { ArgumentProblems } from '../../core/arguments';
import type { MachineArgs, NetworkArgs, VmServiceArgs } from '../machine-args';
import { namespaceSpec, serviceAccountSpec } from '../owner-spelling';

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
    namespace: namespaceSpec(problems, args),
    serviceAccount: serviceAccountSpec(problems, args, args.name ?? name),
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
