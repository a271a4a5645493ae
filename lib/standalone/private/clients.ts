import { isIP } from 'node:net';
import { type Problems, rule } from '../../core/problems';
import { checkCidrs } from '../../core/values/addresses';
import { checkHost } from '../../core/values/names';
import type { Mesh } from '../../mesh/mesh';
import { checkMeshIdentity, spiffeIdOf } from '../../mesh/spiffe-id';
import type { ClientCertificatesOptions } from '../client-certificates-options';
import type { ClientsSpec } from '../envoy/spec';
import type { ProxyClients } from '../proxy-clients';
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

/** Everything about who shares proxies that Envoy would refuse, or that nobody would want. */
export function checkShared(problems: Problems, { clients, listenAddress }: SharedProps): void {
  problems.check(LISTEN_ADDRESS, 'listenAddress', listenAddress, (address) => isIP(address) !== 0);
  const cidrs = clients?.addresses?.cidrs;
  if (cidrs?.length === 0) problems.add(NOBODY, 'clients.addresses.cidrs', []);
  checkCidrs(problems, 'clients.addresses.cidrs', cidrs);
  const certificates = clients?.certificates;
  if (certificates !== undefined) checkCertificates(problems.at('clients.certificates'), certificates);
}

/** Clients with every default. Total. */
export function resolveClients({ addresses, certificates }: ProxyClients, mesh: Mesh): ClientsSpec {
  return {
    cidrs: addresses?.cidrs,
    certificates: certificates && {
      identities: (certificates.identities ?? []).map((identity) => spiffeIdOf(identity, mesh)),
      dnsNames: certificates.dnsNames ?? [],
      certificateChain: certificates.certificateChain ?? 'server-cert-chain.pem',
      privateKey: certificates.privateKey ?? 'server-key.pem',
      clientRoots: certificates.clientRoots ?? 'client-roots.pem',
    },
  };
}

function checkCertificates(problems: Problems, options: ClientCertificatesOptions): void {
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
