import * as pulumi from '@pulumi/pulumi';
import { Registry } from '../../core/registry';
import { MEMBER } from '../../machines/declared-members';
import { type Member, serviceHostsOf } from '../../machines/member';
import type { IMeshVm, IMeshVmGroup } from '../../machines/references';
import { DEFAULT_CLUSTER_DOMAIN } from '../../mesh/service-host';
import type { ArgumentProblems } from '../core/arguments';
import type { GroupReferenceArgs, MachineReferenceArgs } from './reference-args';

/** What is known of machines that arguments refer to, as data of a plan: leaves may be Inputs. */
export interface MemberReference {
  /** What the machines are called in messages: for those of the program the name of their component. */
  readonly path: string;
  readonly member: Member;
  /** Whether they are a component of the program, so that their Services are known. */
  readonly ofProgram: boolean;
  /** Whether their ports are known. */
  readonly declared: boolean;
}

/** Notes what machines a component has planned, for others of the program that refer to it. */
export function rememberMember(component: object, path: string, member: Member): void {
  Registry.of(component).declare(MEMBER, path, member);
}

/**
 * What is known of a group, by the component or by its outputs.
 *
 * @param path Where the reference stands among the arguments.
 */
export function groupReference(args: GroupReferenceArgs, path: string): MemberReference {
  return ofProgram(args) ?? byOutputs(path, args.groupName, args);
}

/** The same of a single machine. */
function machineReference(args: MachineReferenceArgs, path: string): MemberReference {
  return ofProgram(args) ?? byOutputs(path, args.machineName, args);
}

/** Arguments with what is known of the machines that they refer to: data of a plan. */
export interface WithReferences {
  /** The arguments; for each reference there is its number. */
  readonly value: unknown;
  readonly references: readonly ArgumentReference[];
}

/** A reference among arguments. */
export interface ArgumentReference {
  /** Where it stands, the first time. */
  readonly path: string;
  readonly kind: 'group' | 'machine';
  readonly known: MemberReference;
}

/**
 * What else arguments refer to: the data that stands for a value, or undefined.
 *
 * @param path Where the value stands among the arguments.
 */
export type Referring = (value: object, path: string) => object | undefined;

/** Finds the groups and machines that arguments refer to, each once: components of the program, or their outputs by name. */
export function withReferences(args: object | undefined, refer: Referring = () => undefined): WithReferences {
  const references: ArgumentReference[] = [];
  const numbers = new Map<object, number>();
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null || pulumi.Output.isInstance(value)) return value;
    if (value instanceof Promise) return value;
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}[${index}]`));
    const data = refer(value, path);
    if (data !== undefined) return data;
    const kind = kindOf(value);
    if (kind !== undefined) {
      const number = numbers.get(value) ?? references.length;
      if (number === references.length) {
        const known =
          kind === 'group'
            ? groupReference(value as GroupReferenceArgs, path)
            : machineReference(value as MachineReferenceArgs, path);
        references.push({ path, kind, known });
        numbers.set(value, number);
      }
      return { [REFERENCE]: number };
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, walk(item, path === '' ? key : `${path}.${key}`)]),
    );
  };
  return { value: walk(args, ''), references };
}

/** A label may be called `groupName`, too; what refers to a group says more of it. */
function kindOf(value: object): ArgumentReference['kind'] | undefined {
  if (!['namespace', 'serviceAccount', 'labels'].some((key) => key in value)) return undefined;
  return 'groupName' in value ? 'group' : 'machineName' in value ? 'machine' : undefined;
}

const REFERENCE = 'reference to machines';

/** The arguments with groups and machines as specs have them, once the leaves are known or placeholders. */
export function resolvedReferences(data: unknown, problems: ArgumentProblems): WithReferences {
  const { value, references } = data as WithReferences;
  const resolved = references.map(({ kind, known }) =>
    kind === 'group' ? groupOf(problems, known) : machineOf(problems, known),
  );
  const walk = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return item.map(walk);
    if (REFERENCE in item) return resolved[Number(item[REFERENCE])];
    return Object.fromEntries(Object.entries(item).map(([key, below]) => [key, walk(below)]));
  };
  return { value: walk(value), references };
}

/** A group as the library's values take it. */
function groupOf(problems: ArgumentProblems, reference: MemberReference): IMeshVmGroup {
  return { ...commonOf(problems, reference), groupName: reference.member.name };
}

/** A machine as the library's values take it. */
function machineOf(problems: ArgumentProblems, reference: MemberReference): IMeshVm {
  return { ...commonOf(problems, reference), machineName: reference.member.name };
}

/** All that factories and checks read of a group or machine. */
function commonOf(problems: ArgumentProblems, { path, member }: MemberReference) {
  const { namespace, serviceAccount, labels } = member;
  for (const key of ['app', 'version']) {
    // Without them a policy would be about the whole namespace.
    if (labels[key] === '') problems.add(`${path}.labels`, `label ${key} is missing; give all labels of the machines`);
  }
  return { namespace, serviceAccount, labels, serviceHosts: serviceHostsOf(member), node: { path } };
}

function ofProgram(component: object): MemberReference | undefined {
  const known = Registry.of(component).first(MEMBER);
  return known && { path: known.path, member: known.value, ofProgram: true, declared: true };
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
  const member = {
    name,
    namespace,
    serviceAccount,
    labels: { app, version: label('version') },
    selector: { app },
    annotations: {},
    ports: ports ?? [],
    services: [],
    network: '',
    clusterDomain: DEFAULT_CLUSTER_DOMAIN,
    locality: undefined,
    weight: undefined,
  } as unknown as Member;
  return { path, member, ofProgram: false, declared: ports !== undefined };
}
