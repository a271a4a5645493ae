import { type Problems, rule } from '../core/problems';
import { certificatesIn, checkRoots } from '../core/values/certificate-checks';
import { isIstioDnsLabel } from '../core/values/names';
import type { TrustedRoots } from './trusted-roots';

const TRUST_DOMAIN = rule({
  id: 'trusted-roots/trust-domain',
  origin: 'ignored',
  allowed: 'DNS labels joined by "."',
  remedy: 'give the trust domain alone, without spiffe:// and without a path',
  source: 'istio pkg/config/validation looks at no trust domain of caCertificates, and no certificate has another one',
});

/** Everything about a list of roots that would let in more, or less, than it seems. */
export function checkTrustedRoots(problems: Problems, property: string, list: readonly TrustedRoots[]): void {
  for (const [index, { pem, trustDomains = [] }] of list.entries()) {
    const at = problems.at(`${property}[${index}]`);
    checkRoots(at, 'pem', pem);
    for (const [position, domain] of trustDomains.entries()) {
      at.check(TRUST_DOMAIN, `trustDomains[${position}]`, domain, (name) => name.split('.').every(isIstioDnsLabel));
    }
  }
}

/** The roots of a list, PEM, one text each. */
export function certificatesOf(list: readonly TrustedRoots[]): readonly string[] {
  return list.flatMap(({ pem }) => certificatesIn(pem));
}
