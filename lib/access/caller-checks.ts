import { isDeferred, type Problems, rule } from '../core/problems';
import { checkCidr } from '../core/values/addresses';
import { isDnsLabel, isDnsSubdomain } from '../core/values/names';
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
  remedy: 'use Caller.addresses: such a machine calls in plain text, which has no identity',
  source: 'istio: an identity comes from the certificate that the sidecar shows',
});

/** What no identity or address of a caller can be. */
export function checkCaller(problems: Problems, property: string, caller: Caller): void {
  const { namespaceName: namespace, serviceAccountName: account, cidr } = caller;
  if (namespace !== undefined && !isDeferred(namespace) && !isDnsLabel(String(namespace))) {
    problems.add(CALLER_NAMESPACE, property, namespace);
  }
  if (account !== undefined && !isDeferred(account) && !isDnsSubdomain(String(account))) {
    problems.add(CALLER_SERVICE_ACCOUNT, property, account);
  }
  if (cidr !== undefined) checkCidr(problems, property, cidr);
  if (!caller.hasSidecar) problems.add(CALLER_WITHOUT_SIDECAR, property, `${namespace}/${account}`);
}

/** What a policy for one caller is called after: part of a name. */
export function callerName({ namespaceName, serviceAccountName, cidr }: Caller): string {
  if (cidr !== undefined) return cidr.replaceAll(/[^a-zA-Z0-9]+/g, '-');
  const parts = [namespaceName, serviceAccountName].filter((part) => part !== undefined);
  return parts.length === 0 ? 'authenticated' : parts.join('-');
}
