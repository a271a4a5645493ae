import { isIP } from 'node:net';
import { type Problems, rule } from '../core/problems';
import { isDnsSubdomain, isFqdn } from '../core/values/names';
import type { DnsMode } from './dns-mode';

const DOMAIN = rule({
  id: 'dns/domain',
  origin: 'meshvm',
  allowed: 'a domain in lower case such as bank.example, without "~", "*." and a dot at the end',
  remedy: 'write the domain alone: all names below it are meant. For every name of the machine there is dns.capture',
  source: 'systemd-resolved: a routing domain takes the names below it; the domain "." would take all',
});
const DOMAIN_TWICE = rule({
  id: 'dns/domain-twice',
  origin: 'meshvm',
  allowed: 'each domain once; that of Services (svc.cluster.local) is there without being named',
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

/** What the agent does with names, in its words. */
export interface DnsRouting {
  readonly mode: 'capture' | 'split' | 'coreDns' | 'off';
  /** Domains that systemd-resolved sends elsewhere. */
  readonly domains?: readonly string[];
  /** Address of CoreDNS. */
  readonly address?: string;
}

/** What a mode comes to on a machine. */
export function dnsRouting({ split, coreDns, off }: DnsMode, clusterDomain: string): DnsRouting {
  if (split !== undefined) return { mode: 'split', domains: routed(clusterDomain, split.domains) };
  if (coreDns !== undefined)
    return { mode: 'coreDns', domains: routed(clusterDomain, coreDns.domains), address: coreDns.address };
  return { mode: off ? 'off' : 'capture' };
}

/** Everything about a mode that would keep names from resolving. */
export function checkDnsMode(problems: Problems, { split, coreDns }: DnsMode, clusterDomain: string): void {
  checkDomains(problems.at('split'), split?.domains ?? [], clusterDomain);
  problems.check(SERVER, 'coreDns.address', coreDns?.address, isDnsServer);
  checkDomains(problems.at('coreDns'), coreDns?.domains ?? [], clusterDomain);
}

function routed(clusterDomain: string, domains: readonly string[] = []): readonly string[] {
  return [`svc.${clusterDomain}`, ...domains];
}

/** Domains that somebody names besides that of the cluster. */
function checkDomains(problems: Problems, domains: readonly string[], clusterDomain: string): void {
  domains.forEach((domain, index) => {
    const at = `domains[${index}]`;
    problems.check(DOMAIN, at, domain, isRoutedDomain);
    const again = domain === `svc.${clusterDomain}` || domains.indexOf(domain) !== index;
    if (isRoutedDomain(domain) && again) problems.add(DOMAIN_TWICE, at, domain);
  });
}

function isRoutedDomain(domain: string): boolean {
  return isDnsSubdomain(domain) && isFqdn(domain);
}

function isDnsServer(address: string): boolean {
  return isIP(address) === 4 && !/^(0|127)\./.test(address);
}
