import type { GroupNamespace } from '../../machines/group-namespace';
import type { GroupServiceAccount } from '../../machines/group-service-account';
import type { ArgumentProblems } from '../core/arguments';

/**
 * A GroupNamespace as Pulumi's arguments spell it.
 * @argsInline
 */
export interface NamespaceSpelling {
  /** Namespace of the machines. */
  readonly namespace: string;

  /**
   * Whether the component creates the namespace.
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Whether a namespace that the component creates makes the mesh inject sidecars into its pods.
   * @default true
   */
  readonly injectPods?: boolean;
}

/**
 * A GroupServiceAccount as Pulumi's arguments spell it.
 * @argsInline
 */
export interface ServiceAccountSpelling {
  /**
   * Name of the ServiceAccount whose identity the machines carry. One that is there already must have no right in the cluster: whoever
   * controls a machine can use it.
   * @default - the name of the machines
   */
  readonly serviceAccount?: string;

  /**
   * Whether the component creates the ServiceAccount, without a token mounted anywhere.
   * @default true
   */
  readonly createServiceAccount?: boolean;

  /**
   * Whether another group of the program may have the same ServiceAccount; it needs `createServiceAccount: false`. Whoever controls a
   * machine of one group can make it a machine of the other: for groups that trust each other as themselves, such as two versions of an
   * application.
   * @default false
   */
  readonly shareServiceAccount?: boolean;
}

/** The namespace in the words of the spec. */
function namespaceSpec(problems: ArgumentProblems, spelled: NamespaceSpelling): GroupNamespace {
  const { namespace: name, createNamespace = true, injectPods } = spelled;
  if (createNamespace) return (injectPods ?? true) ? { create: { name } } : { createWithoutInjection: { name } };
  if (injectPods !== undefined) {
    problems.add(
      'injectPods',
      'it needs createNamespace; whoever creates the namespace says whether pods are injected',
    );
  }
  return { existing: { name } };
}

/**
 * The ServiceAccount in the words of the spec.
 *
 * @param machines Name of the machines.
 */
function serviceAccountSpec(
  problems: ArgumentProblems,
  spelled: ServiceAccountSpelling,
  machines: string,
): GroupServiceAccount {
  const { serviceAccount: name, createServiceAccount = true, shareServiceAccount = false } = spelled;
  if (createServiceAccount) {
    if (shareServiceAccount) problems.add('shareServiceAccount', 'it needs createServiceAccount: false');
    return { create: { name } };
  }
  const known = name ?? machines;
  return shareServiceAccount ? { shared: known } : { existing: known };
}

/** What is spelled otherwise of whose machines they are. */
type Owner = NamespaceSpelling & ServiceAccountSpelling & { readonly name?: string };

/**
 * Arguments with the namespace and the ServiceAccount in the words of the spec.
 *
 * @param component Name of the component: that of its machines, unless they have another.
 */
export function ownerSpec<Spelled extends Owner>(
  problems: ArgumentProblems,
  spelled: Spelled,
  component: string,
): Omit<Spelled, keyof NamespaceSpelling | keyof ServiceAccountSpelling> & OwnerSpec {
  const { namespace, createNamespace, injectPods, serviceAccount, createServiceAccount, shareServiceAccount, ...same } =
    spelled;
  const account = { serviceAccount, createServiceAccount, shareServiceAccount };
  return {
    ...same,
    namespace: namespaceSpec(problems, { namespace, createNamespace, injectPods }),
    serviceAccount: serviceAccountSpec(problems, account, spelled.name ?? component),
  };
}

interface OwnerSpec {
  readonly namespace: GroupNamespace;
  readonly serviceAccount: GroupServiceAccount;
}
