import type { ListenAddress } from './spec';

/** A filter, as listeners and connection managers take it. */
export interface NamedConfig {
  readonly name: string;
  /** Off where no route turns it on. */
  readonly disabled?: boolean;
  readonly typed_config: Readonly<Record<string, unknown>>;
}

/** A listener, as Envoy's bootstrap takes it. */
export type Listener = Readonly<Record<string, unknown>>;

/** A listener for TCP with one chain of filters. */
export function tcpListener(
  name: string,
  listen: ListenAddress,
  filters: readonly NamedConfig[],
  tls?: NamedConfig,
  match?: Readonly<Record<string, unknown>>,
): Listener {
  const chain = { filter_chain_match: match, filters, transport_socket: tls };
  return { name, address: socketAddress(listen), filter_chains: [chain] };
}

/** An address as Envoy takes it. */
export function socketAddress({ address, port }: ListenAddress): Readonly<Record<string, unknown>> {
  return { socket_address: { address, port_value: port } };
}
