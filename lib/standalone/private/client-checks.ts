import { type Problems, rule } from '../../core/problems';
import { checkCidrs } from '../../core/values/addresses';
import { checkHost } from '../../core/values/names';
import { checkMeshIdentity } from '../../mesh/spiffe-id';
import type { ClientCertificatesOptions } from '../client-certificates-options';
import { checkFileName } from './paths';

export const NOBODY = rule({
  id: 'standalone/proxy-without-clients',
  origin: 'meshvm',
  allowed: 'at least one address range, or one name in a certificate',
  remedy: 'say who may use the proxies; whoever does has the rights of their ServiceAccount',
  source: 'meshvm: a proxy that takes nobody has no use',
});

/** Ranges of ProxyClients.addresses. */
export function checkClientAddresses(problems: Problems, property: string, cidrs: readonly string[]): void {
  if (cidrs.length === 0) problems.add(NOBODY, property, []);
  checkCidrs(problems, property, cidrs);
}

/** Options of ProxyClients.certificates. */
export function checkClientCertificates(problems: Problems, options: ClientCertificatesOptions): void {
  const { identities = [], dnsNames = [] } = options;
  if (identities.length + dnsNames.length === 0) problems.add(NOBODY, 'identities', []);
  identities.forEach((identity, index) => void checkMeshIdentity(problems.at(`identities[${index}]`), identity));
  dnsNames.forEach((name, index) => {
    checkHost(problems, `dnsNames[${index}]`, name);
  });
  checkFileName(problems, 'certificateChain', options.certificateChain);
  checkFileName(problems, 'privateKey', options.privateKey);
  checkFileName(problems, 'clientRoots', options.clientRoots);
}
