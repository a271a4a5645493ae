import * as pulumi from '@pulumi/pulumi';
import type { Member } from '../../machines/member';
import type { IMeshVm, IMeshVmGroup } from '../../machines/references';
import type { ArgumentProblems } from '../core/arguments';
import type { GroupReferenceArgs, MachineReferenceArgs } from './reference-args';

/** What is known of machines that arguments refer to, as data of a plan: leaves may be Inputs. */
export interface MemberReference {
  /** What the machines are called in messages: for those of the program the name of their component. */
  readonly path: string;
  readonly machines: Member;
  /** Whether they are a component of the program, so that their Services are known. */
  readonly ofProgram: boolean;
  /** Whether their ports are known. */
  readonly declared: boolean;
}

/** Not in the components themselves: each field of a component is one of its outputs. */
const remembered = new WeakMap<object, MemberReference>();

/** Notes what machines a component has planned, for others of the program that refer to it. */
export function rememberMachines(component: object, path: string, machines: Member): void {
  remembered.set(component, { path, machines, ofProgram: true, declared: true });
}

/**
 * What is known of a group, by the component or by its outputs.
 *
 * @param path Where the reference stands among the arguments.
 */
export function groupReference(args: GroupReferenceArgs, path: string): MemberReference {
  return remembered.get(args) ?? byOutputs(path, args.groupName, args);
}

/** The same of a single machine. */
export function machineReference(args: MachineReferenceArgs, path: string): MemberReference {
  return remembered.get(args) ?? byOutputs(path, args.machineName, args);
}

/** A group as the library's values take it. */
export function groupOf(problems: ArgumentProblems, reference: MemberReference): IMeshVmGroup {
  return { ...commonOf(problems, reference), groupName: reference.machines.name };
}

/** A machine as the library's values take it. */
export function machineOf(problems: ArgumentProblems, reference: MemberReference): IMeshVm {
  return { ...commonOf(problems, reference), machineName: reference.machines.name };
}

/** All that factories and checks read of a group or machine. */
function commonOf(problems: ArgumentProblems, { path, machines }: MemberReference) {
  const { namespace, serviceAccount, labels, services } = machines;
  for (const key of ['app', 'version']) {
    // Without them a policy would be about the whole namespace.
    if (labels[key] === '') problems.add(`${path}.labels`, `label ${key} is missing; give all labels of the machines`);
  }
  const serviceHosts = services.map(({ name }) => `${name}.${namespace}.svc.cluster.local`);
  return { namespace, serviceAccount, labels, serviceHosts, node: { path } };
}

function byOutputs(
  path: string,
  name: pulumi.Input<string>,
  args: Omit<GroupReferenceArgs, 'groupName'>,
): MemberReference {
  const { namespace, serviceAccount, labels, ports } = args;
  const known = labels;
  const label = (key: string): pulumi.Input<string> =>
    pulumi.Output.isInstance(known) || known instanceof Promise
      ? pulumi.output(known).apply((all) => all[key] ?? '')
      : (known?.[key] ?? '');
  const app = label('app');
  // Leaves that are Inputs are plain by the time that a builder sees them.
  const machines = {
    name,
    namespace,
    serviceAccount,
    labels: { app, version: label('version') },
    selector: { app },
    annotations: {},
    ports: ports ?? [],
    services: [],
    network: '',
    locality: undefined,
    weight: undefined,
  } as unknown as Member;
  return { path, machines, ofProgram: false, declared: ports !== undefined };
}
