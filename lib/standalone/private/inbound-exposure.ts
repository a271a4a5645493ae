import { type Problems, rule } from '../../core/problems';
import { checkCidrs, isIpAddress } from '../../core/values/addresses';
import { checkJwks } from '../../core/values/json-web-keys';
import { checkHost, checkRequired, isFqdn } from '../../core/values/names';
import type { HttpsLoadBalancer, HttpsLoadBalancerOptions } from '../https-load-balancer-options';
import type { InboundExposure } from '../inbound-exposure';

const NO_ADDRESS = rule({
  id: 'standalone/inbound-without-address',
  origin: 'ignored',
  allowed: 'at least one address',
  remedy: 'give the addresses of the machines, or their load balancer',
  source: 'istio: proxies answer 503 for a host without endpoints',
});
const ADDRESS = rule({
  id: 'standalone/inbound-address',
  origin: 'meshvm',
  allowed: 'an IP address, or a DNS name',
  remedy: 'give it without scheme, port or path; ports have properties of their own',
  source: 'istio validateWorkloadEntry; it takes an address with a zone, which Envoy does not',
});
const ADDRESS_TWICE = rule({
  id: 'standalone/inbound-address-twice',
  origin: 'ignored',
  allowed: 'each address once',
  remedy: 'remove one of the two',
  source: 'Envoy: the second is the same endpoint',
});
const NO_SOURCES = rule({
  id: 'standalone/inbound-without-sources',
  origin: 'meshvm',
  allowed: 'at least one address range',
  remedy: 'give the ranges of the subnets that the load balancer stands in',
  source: 'meshvm: behind a load balancer that ends TLS the network is what tells who calls',
});
const NO_AUDIENCE = rule({
  id: 'standalone/inbound-tokens-without-audience',
  origin: 'meshvm',
  allowed: 'at least one audience',
  remedy: 'name whom the tokens are for, as their "aud" does',
  source: 'meshvm: without it a token that was given to any other service of the issuer is good here',
});

/** Everything about how callers get there that leads nowhere. */
export function checkExposure(problems: Problems, { direct, loadBalancer, httpsLoadBalancer }: InboundExposure): void {
  if (direct !== undefined) checkAddresses(problems.at('direct'), direct.addresses);
  checkAddress(problems, 'loadBalancer.dnsName', loadBalancer?.dnsName);
  if (httpsLoadBalancer !== undefined) checkHttpsLoadBalancer(problems.at('httpsLoadBalancer'), httpsLoadBalancer);
}

/** What tells the machine who calls, behind a load balancer that ends TLS. */
export type BalancerSources = Pick<HttpsLoadBalancerOptions, 'sourceRanges' | 'tlsToMachine' | 'tokens'>;

/** What would let in whom nobody has named, or nobody. */
export function checkSources(problems: Problems, { sourceRanges, tokens }: BalancerSources): void {
  if (sourceRanges.length === 0) problems.add(NO_SOURCES, 'sourceRanges', []);
  checkCidrs(problems, 'sourceRanges', sourceRanges);
  if (tokens === undefined) return;
  const at = problems.at('tokens');
  checkRequired(at, 'issuer', tokens.issuer);
  checkJwks(at, 'jwks', tokens.jwks);
  if (tokens.audiences.length === 0) at.add(NO_AUDIENCE, 'audiences', []);
  tokens.audiences.forEach((audience, index) => void checkRequired(at, `audiences[${index}]`, audience));
}

/** What callers connect to, with the properties that say it. */
export function exposedAddresses({ direct, loadBalancer, httpsLoadBalancer }: InboundExposure): readonly Exposed[] {
  if (direct !== undefined) {
    return direct.addresses.map((address, index) => ({ address, property: `direct.addresses[${index}]` }));
  }
  const [kind, balancer] =
    loadBalancer === undefined ? ['httpsLoadBalancer', httpsLoadBalancer] : ['loadBalancer', loadBalancer];
  return [{ address: balancer?.dnsName ?? '', property: `${kind}.dnsName` }];
}

/** An address or a name that callers connect to. */
export interface Exposed {
  readonly address: string;
  /** The property of the exposure that says it. */
  readonly property: string;
}

function checkAddresses(problems: Problems, addresses: readonly string[]): void {
  if (addresses.length === 0) problems.add(NO_ADDRESS, 'addresses', []);
  addresses.forEach((address, index) => {
    checkAddress(problems, `addresses[${index}]`, address);
    if (addresses.indexOf(address) !== index) problems.add(ADDRESS_TWICE, `addresses[${index}]`, address);
  });
}

function checkHttpsLoadBalancer(problems: Problems, balancer: HttpsLoadBalancer): void {
  const { dnsName, certificateName, caCertificates } = balancer;
  checkHost(problems, 'dnsName', dnsName);
  if (certificateName !== undefined) checkHost(problems, 'certificateName', certificateName);
  if (caCertificates !== undefined) checkRequired(problems, 'caCertificates', caCertificates);
}

function checkAddress(problems: Problems, property: string, address: string | undefined): void {
  problems.check(ADDRESS, property, address, (text) => isIpAddress(text) || isFqdn(text));
}
