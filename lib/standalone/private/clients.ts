import { isIP } from 'node:net';
import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Mesh } from '../../mesh/mesh';
import { spiffeIdOf } from '../../mesh/spiffe-id';
import type { ClientsSpec } from '../envoy/spec';
import type { ProxyClients } from '../proxy-clients';

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
      identities: (certificateOptions.identities ?? []).map((identity) => spiffeIdOf(identity, mesh)),
      dnsNames: certificateOptions.dnsNames ?? [],
      certificateChain: certificateOptions.certificateChain ?? 'server-cert-chain.pem',
      privateKey: certificateOptions.privateKey ?? 'server-key.pem',
      clientRoots: certificateOptions.clientRoots ?? 'client-roots.pem',
    },
  };
}
