import { type Problems, type Rule, rule } from '../problems';

const DNS_LABEL = rule({
  id: 'name/dns-label',
  origin: 'kubernetes',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit (RFC 1123 label)',
  remedy: 'choose a name of that form',
  source: 'k8s.io/apimachinery validation.IsDNS1123Label',
});
const DNS_SUBDOMAIN = rule({
  id: 'name/dns-subdomain',
  origin: 'kubernetes',
  allowed: 'labels of a-z, 0-9 and "-" joined by ".", at most 253 characters (RFC 1123 subdomain)',
  remedy: 'choose a name of that form',
  source: 'k8s.io/apimachinery validation.IsDNS1123Subdomain',
});
const SERVICE_NAME = rule({
  id: 'name/service',
  origin: 'kubernetes',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first a letter, last a letter or digit (RFC 1035 label)',
  remedy: 'choose a name of that form; the name becomes a DNS name',
  source: 'k8s.io/apimachinery validation.IsDNS1035Label, for Services',
});
const HOST = rule({
  id: 'name/host',
  origin: 'istio',
  allowed: 'a fully qualified DNS name of at most 255 characters, each label at most 63',
  remedy: 'give the full name, without scheme, port or path',
  source: 'istio pkg/config/validation/agent ValidateFQDN',
});
const REQUIRED = rule({
  id: 'property/required',
  origin: 'meshvm',
  allowed: 'a non-empty string',
  remedy: 'set the property',
  source: 'meshvm',
});

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const RFC1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
/** Istio's DNS label admits upper case: pkg/config/labels. */
const ISTIO_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

export const isDnsLabel = (value: string) => value.length <= 63 && LABEL.test(value);
export const isDnsSubdomain = (value: string) => value.length <= 253 && SUBDOMAIN.test(value);
export const isIstioDnsLabel = (value: string) => value.length <= 63 && ISTIO_LABEL.test(value);

/** Istio's ValidateFQDN: dot-separated labels, a trailing dot allowed, the last label not a number. */
export function isFqdn(value: string): boolean {
  if (value.length === 0 || value.length > 255) return false;
  const labels = value.split('.');
  if (/^[0-9]+$/.test(labels[labels.length - 1])) return false;
  if (labels.length > 1 && labels[labels.length - 1] === '') labels.pop();
  return labels.every(isIstioDnsLabel);
}

/** Istio's ValidateTrustDomain: dot-separated labels, a trailing dot allowed. */
export function isTrustDomain(value: string): boolean {
  return value.replace(/\.$/, '').split('.').every(isIstioDnsLabel);
}

/** The same text for every way to write a host: in any case, with or without the dot of the root. */
export function canonicalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** A name of a namespace, ServiceAccount of ours, container: an RFC 1123 label. */
export function checkDnsLabel(problems: Problems, property: string, value: unknown): void {
  checkText(problems, DNS_LABEL, property, value, isDnsLabel);
}

/** A name of most Kubernetes objects: an RFC 1123 subdomain. */
export function checkDnsSubdomain(problems: Problems, property: string, value: unknown): void {
  checkText(problems, DNS_SUBDOMAIN, property, value, isDnsSubdomain);
}

/** A Service's name: an RFC 1035 label. */
export function checkServiceName(problems: Problems, property: string, value: unknown): void {
  checkText(problems, SERVICE_NAME, property, value, (name) => name.length <= 63 && RFC1035.test(name));
}

/** A DNS host name as Istio accepts it. */
export function checkHost(problems: Problems, property: string, value: unknown): void {
  checkText(problems, HOST, property, value, isFqdn);
}

/** A string that must be there, whatever it says. */
export function checkRequired(problems: Problems, property: string, value: unknown): void {
  if (value === undefined) problems.add(REQUIRED, property, value);
  else problems.check(REQUIRED, property, value, isText);
}

/** A string that must be there, and of a form; only one of the two is told. */
function checkText(
  problems: Problems,
  form: Rule,
  property: string,
  value: unknown,
  good: (text: string) => boolean,
): void {
  checkRequired(problems, property, value);
  problems.check(form, property, value, (known) => !isText(known) || good(known));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Istio's ValidateWildcardDomain without "*", which ValidateServiceEntry refuses. */
export function isWildcardDomain(host: string): boolean {
  if (host === '*' || host.length > 255) return false;
  const dot = host.indexOf('.');
  const first = dot < 0 ? host : host.slice(0, dot);
  const rest = dot < 0 ? '' : host.slice(dot + 1);
  const label = first.replace(/^\*-?/, '');
  const wildcardLabel = first === '*' || (first.length <= 63 && isIstioDnsLabel(label));
  return wildcardLabel && (rest === '' || isFqdn(rest));
}
