import { envoyBootstrap } from './bootstrap';
import type { EnvoySpec } from './spec';

/** TCP and UDP ports that an Envoy listens on. */
export function listenPorts(spec: EnvoySpec): readonly number[] {
  const { static_resources } = envoyBootstrap(spec) as unknown as Bootstrap;
  return static_resources.listeners.map(({ address }) => address.socket_address.port_value);
}

interface Bootstrap {
  readonly static_resources: {
    readonly listeners: readonly { readonly address: { readonly socket_address: { readonly port_value: number } } }[];
  };
}
