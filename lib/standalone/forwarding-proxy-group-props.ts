import type { ProxyClients } from './proxy-clients';
import type { EnvoyProps } from './standalone-envoy-props';

/** Properties of ForwardingProxyGroup. */
export interface ForwardingProxyGroupProps extends EnvoyProps {
  /** Who may use the proxies. Never guessed: to the mesh all of them are one caller. */
  readonly clients: ProxyClients;

  /**
   * IP address on which each proxy takes clients; `0.0.0.0` and `::` are all of the machine's.
   * @default '0.0.0.0'
   */
  readonly listenAddress?: string;
}
