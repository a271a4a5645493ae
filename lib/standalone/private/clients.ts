import { isIP } from 'node:net';
import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkCidrs } from '../../core/values/addresses';
import { checkHost } from '../../core/values/names';
import type { Mesh } from '../../mesh/mesh';
import type { ClientsSpec } from '../envoy/spec';
import type { ClientCertificatesOptions, ProxyClients } from '../proxy-clients';
import { checkFileName } from './paths';

const NOBODY = rule({
  id: 'standalone/proxy-without-clients',
  origin: 'meshvm',
  allowed: 'at least one address range, or one name in a certificate',
  remedy: 'say who may use the proxies; whoever does has the rights of their ServiceAccount',
  source: 'meshvm: a proxy that takes nobody has no use',
});
const LISTEN_ADDRESS = rule({
  id: 'standalone/proxy-address',
  origin: 'meshvm',
  allowed: 'an IPv4 or IPv6 address of the machine, 0.0.0.0 or ::',
  remedy: 'give an address, not a name',
  source: 'Envoy: listeners are bound to addresses',
});

/** Who shares proxies, and where they listen: what ForwardingProxyGroupProps adds to those of a single machine. */
export interface SharedProps {
  readonly clients?: ProxyClients;
  readonly listenAddress?: string;
}

/** Ranges of ProxyClients.addresses. */
export function checkClientAddresses(problems: Problems, property: string, cidrs: readonly string[]): void {
  if (cidrs.length === 0) problems.add(NOBODY, property, []);
  checkCidrs(problems, property, cidrs);
}

/** Options of ProxyClients.certificates. */
export function checkClientCertificates(problems: Problems, options: ClientCertificatesOptions): void {
  const { identities = [], dnsNames = [] } = options;
  if (identities.length + dnsNames.length === 0) problems.add(NOBODY, 'identities', []);
  dnsNames.forEach((name, index) => {
    checkHost(problems, `dnsNames[${index}]`, name);
  });
  checkFileName(problems, 'certificateChain', options.certificateChain);
  checkFileName(problems, 'privateKey', options.privateKey);
  checkFileName(problems, 'clientRoots', options.clientRoots);
}

/** The address that shared proxies listen on. */
export function checkListenAddress(problems: Problems, { listenAddress }: SharedProps): void {
  if (listenAddress === undefined || isDeferred(listenAddress)) return;
  if (isIP(String(listenAddress)) === 0) problems.add(LISTEN_ADDRESS, 'listenAddress', listenAddress);
}

/** Clients with every default. Total. */
export function resolveClients(clients: ProxyClients, mesh: Mesh): ClientsSpec {
  const { cidrs, certificateOptions } = clients;
  return {
    cidrs,
    certificates: certificateOptions && {
      identities: (certificateOptions.identities ?? []).map((identity) => identity.idIn(mesh)),
      dnsNames: certificateOptions.dnsNames ?? [],
      certificateChain: certificateOptions.certificateChain ?? 'server-cert-chain.pem',
      privateKey: certificateOptions.privateKey ?? 'server-key.pem',
      clientRoots: certificateOptions.clientRoots ?? 'client-roots.pem',
    },
  };
}
