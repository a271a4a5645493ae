import { type Problems, rule } from '../core/problems';
import { checkCidr } from '../core/values/addresses';
import { isDnsLabel, isDnsSubdomain } from '../core/values/names';
import { hasSidecar } from '../machines/member';
import type { Caller } from './caller';

const CALLER_NAMESPACE = rule({
  id: 'authorization/caller-namespace',
  origin: 'ignored',
  allowed: 'the name of a namespace: a-z, 0-9 and "-", at most 63 characters',
  remedy: 'correct the name; no identity has another one, and "*" would match more than one',
  source: 'istio authz/model srcNamespaceGenerator',
});
const CALLER_SERVICE_ACCOUNT = rule({
  id: 'authorization/caller-service-account',
  origin: 'ignored',
  allowed: 'the name of a ServiceAccount: labels of a-z, 0-9 and "-" joined by ".", at most 253 characters',
  remedy: 'correct the name; no identity has another one, and "*" would match more than one',
  source: 'istio authz/model srcPrincipalGenerator',
});
const CALLER_WITHOUT_SIDECAR = rule({
  id: 'authorization/caller-without-sidecar',
  origin: 'ignored',
  allowed: 'machines with a sidecar',
  remedy: 'use addresses: such a machine calls in plain text, which has no identity',
  source: 'istio: an identity comes from the certificate that the sidecar shows',
});

/** Who a caller is, as policies tell it. */
export interface KnownCaller {
  /** Namespace of the caller, or undefined for any. */
  readonly namespace?: string;
  /** ServiceAccount of the caller, or undefined for any. */
  readonly serviceAccount?: string;
  /** Address range of the caller, or undefined when its certificate tells who it is. */
  readonly cidr?: string;
}

/** What is known of a caller. */
export function knownCaller(caller: Caller): KnownCaller {
  const { group, machine, standalone, serviceAccount, namespace, addresses } = caller;
  const workload = group ?? machine ?? standalone;
  if (workload !== undefined) return { namespace: workload.namespace, serviceAccount: workload.serviceAccount };
  if (serviceAccount !== undefined) {
    return { namespace: serviceAccount.namespace, serviceAccount: serviceAccount.name };
  }
  return { namespace, cidr: addresses };
}

/** What no identity or address of a caller can be. */
export function checkCaller(problems: Problems, property: string, caller: Caller): void {
  const { namespace, serviceAccount: account, cidr } = knownCaller(caller);
  const at = problems.at(property);
  const [ofNamespace, ofAccount] = placesOf(caller);
  at.check(CALLER_NAMESPACE, ofNamespace, namespace, isDnsLabel);
  at.check(CALLER_SERVICE_ACCOUNT, ofAccount, account, isDnsSubdomain);
  if (cidr !== undefined) checkCidr(at, 'addresses', cidr);
  if (caller.machine !== undefined && !hasSidecar(caller.machine)) {
    at.add(CALLER_WITHOUT_SIDECAR, 'machine', `${namespace}/${account}`);
  }
}

/** Which properties of a caller say its namespace and its ServiceAccount. */
function placesOf({ group, machine, standalone, serviceAccount }: Caller): readonly [string, string] {
  if (serviceAccount !== undefined) return ['serviceAccount.namespace', 'serviceAccount.name'];
  const workload = Object.entries({ group, machine, standalone }).find(([, given]) => given !== undefined)?.[0];
  return workload === undefined ? ['namespace', ''] : [`${workload}.namespace`, `${workload}.serviceAccount`];
}

/** What a policy for one caller is called after: part of a name. */
export function callerName(caller: Caller): string {
  const { namespace, serviceAccount, cidr } = knownCaller(caller);
  if (cidr !== undefined) return cidr.replaceAll(/[^a-zA-Z0-9]+/g, '-');
  const parts = [namespace, serviceAccount].filter((part) => part !== undefined);
  return parts.length === 0 ? 'authenticated' : parts.join('-');
}
