import { claim, claimantOf } from '../core/claims';
import { type Problems, rule } from '../core/problems';
import type { Registry } from '../core/registry';
import { canonicalHost, checkRequired, isFqdn, isWildcardDomain } from '../core/values/names';
import { membersOfService } from '../machines/declared-members';
import { serviceHostsOf } from '../machines/member';
import { checkWaysOfEntry, declareEntryOverMachines } from '../machines/ways-in';
import type { ServiceEntry } from './service-entry';

const NO_HOSTS = rule({
  id: 'service-entry/no-hosts',
  origin: 'istio',
  allowed: 'at least one host',
  remedy: 'give the DNS names that clients use',
  source: 'CRD of ServiceEntry; istio ValidateServiceEntry',
});
const HOST = rule({
  id: 'service-entry/host',
  origin: 'istio',
  allowed: 'a DNS name, or one that starts with a wildcard such as *.example.com; not "*" alone, no IP address',
  remedy: 'give the full name, without scheme, port or path; IP addresses belong into addresses',
  source: 'CRD of ServiceEntry; istio ValidateWildcardDomain',
});
const HOST_PARTIAL_WILDCARD = rule({
  id: 'service-entry/host-partial-wildcard',
  origin: 'ignored',
  allowed: 'a wildcard that stands for whole labels, such as *.example.com',
  remedy: 'write "*." before the rest of the name',
  source: 'istio ValidatePartialWildCard warns: proxies match whole labels, so the host matches nothing',
});
const HOST_NOT_RESOLVABLE = rule({
  id: 'service-entry/host-not-resolvable',
  origin: 'istio',
  allowed: 'full names without wildcard, where proxies resolve the hosts',
  remedy: 'list the names; or use endpoints.dynamicDns, endpoints.passthrough, or endpoints of their own',
  source: 'istio ValidateServiceEntry: hosts must be FQDN if no endpoints are provided for resolution mode DNS',
});
const HOST_NOT_WILDCARD = rule({
  id: 'service-entry/host-not-wildcard',
  origin: 'istio',
  allowed: 'hosts with a wildcard, such as *.example.com',
  remedy: 'use endpoints.resolveHosts for names without wildcard',
  source: 'istio ValidateServiceEntry: host must be wildcarded for resolution mode DYNAMIC_DNS',
});
const HOST_TWICE = rule({
  id: 'service-entry/host-twice',
  origin: 'ignored',
  allowed: 'each host in one ServiceEntry of a namespace, once',
  remedy: 'make them one entry; endpoints.matching selects the machines of several groups',
  source:
    'istio initServiceRegistry: the oldest entry of a host gives ports, addresses and resolution; endpoints of all are mixed',
});
const HOST_IS_SERVICE = rule({
  id: 'service-entry/host-is-service',
  origin: 'ignored',
  allowed: 'names that are no Kubernetes Service',
  remedy: 'use the Service, or add a Service to the group (services)',
  source: 'istio initServiceRegistry: a Service of Kubernetes takes precedence over a ServiceEntry of its host',
});

/** Whether proxies match a host by its end. */
export const isWildcard = (host: unknown) => String(host).startsWith('*');

/** What only one ServiceEntry of a program can have. */
const hostClaim = (namespace: string, host: string) => `ServiceEntry ${namespace} ${canonicalHost(String(host))}`;

/** The form of the hosts, and that it fits how the endpoints are found. */
export function checkHosts(problems: Problems, { hosts, resolution, endpoints }: ServiceEntry): void {
  if (hosts.length === 0) problems.add(NO_HOSTS, 'hosts', []);
  const resolved = (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') && endpoints === undefined;
  const seen = new Set<string>();
  hosts.forEach((given, index) => {
    problems.known(given, (host) => {
      const property = `hosts[${index}]`;
      checkRequired(problems, property, host);
      if (host === '') return;
      if (!isWildcardDomain(host)) problems.add(HOST, property, host);
      else if (resolution === 'DYNAMIC_DNS' && !isWildcard(host)) problems.add(HOST_NOT_WILDCARD, property, host);
      else if (resolved && !isFqdn(host)) problems.add(HOST_NOT_RESOLVABLE, property, host);
      else if (host === '*.' || (resolution !== 'DYNAMIC_DNS' && isWildcard(host) && !host.startsWith('*.'))) {
        problems.add(HOST_PARTIAL_WILDCARD, property, host);
      }
      if (seen.has(canonicalHost(host))) problems.add(HOST_TWICE, property, host);
      seen.add(canonicalHost(host));
    });
  });
}

/** Makes the hosts the construct's own. */
export function claimEntryHosts(program: Registry, path: string, entry: ServiceEntry): void {
  const { hosts, namespace, workloadLabels } = entry;
  for (const host of hosts) claim(program, path, hostClaim(namespace, host));
  if (workloadLabels !== undefined) declareEntryOverMachines(program, path, { ...entry, workloadLabels });
}

/** What another object of the program says of the hosts, or of the ports of the machines behind them. */
export function checkHostOwners(problems: Problems, program: Registry, entry: ServiceEntry): void {
  const { hosts, namespace, workloadLabels } = entry;
  // An empty set of labels is refused by itself.
  if (Object.keys(workloadLabels ?? {}).length > 0)
    checkWaysOfEntry(problems, program, { ...entry, workloadLabels: { ...workloadLabels } });
  hosts.forEach((host: unknown, index) => {
    if (typeof host !== 'string') return;
    const owner = claimantOf(program, hostClaim(namespace, host));
    if (owner !== undefined) {
      problems.add(HOST_TWICE, `hosts[${index}]`, host, { allowed: `hosts other than those of ${owner}` });
    }
    const called = canonicalHost(host);
    const [name, ofNamespace = ''] = called.split('.');
    const selected = membersOfService(program, ofNamespace, name);
    if (selected.some(({ value }) => serviceHostsOf(value).includes(called))) {
      problems.add(HOST_IS_SERVICE, `hosts[${index}]`, host);
    }
  });
}
