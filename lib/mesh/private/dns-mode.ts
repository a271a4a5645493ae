import { isIP } from 'node:net';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { isDnsSubdomain, isFqdn } from '../../core/values/names';

const DOMAIN = rule({
  id: 'dns/domain',
  origin: 'meshvm',
  allowed: 'a domain in lower case such as bank.example, without "~", "*." and a dot at the end',
  remedy:
    'write the domain alone: all names below it are meant. For every name of the machine there is DnsMode.capture',
  source: 'systemd-resolved: a routing domain takes the names below it; the domain "." would take all',
});
const DOMAIN_TWICE = rule({
  id: 'dns/domain-twice',
  origin: 'meshvm',
  allowed: 'each domain once; svc.cluster.local is there without being named',
  remedy: 'remove it',
  source: 'meshvm',
});
const SERVER = rule({
  id: 'dns/server',
  origin: 'meshvm',
  allowed: 'an IPv4 address that machines reach, not one of their own (127.0.0.0/8)',
  remedy:
    'give the address under which CoreDNS is reachable from the machines on port 53, such as that of an internal load balancer',
  source: 'meshvm: the agent translates to this address, for IPv4',
});

/** Domain of Kubernetes' Services. */
export const CLUSTER_DOMAIN = 'svc.cluster.local';

/** Domains that somebody names besides that of the cluster. */
export function checkDomains(problems: Problems, property: string, domains: readonly string[]): void {
  domains.forEach((domain, index) => {
    const at = `${property}[${index}]`;
    if (isDeferred(domain)) return;
    if (typeof domain !== 'string' || !isDnsSubdomain(domain) || !isFqdn(domain)) problems.add(DOMAIN, at, domain);
    else if (domain === CLUSTER_DOMAIN || domains.indexOf(domain) !== index) problems.add(DOMAIN_TWICE, at, domain);
  });
}

/** The address of a DNS server. */
export function checkDnsServer(problems: Problems, property: string, address: string): void {
  if (isDeferred(address)) return;
  if (isIP(address) !== 4 || /^(0|127)\./.test(address)) problems.add(SERVER, property, address);
}
