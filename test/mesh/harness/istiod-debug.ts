import { http } from './http';
import type { JsonObject } from './kubernetes-object';

/** istiod's debug endpoints, as istiod answers them: their shapes are istiod's own and change between versions. */
export class IstiodDebug {
  constructor(private readonly url: string) {}

  /** Every service of the registry, with its ports and attributes. */
  async registry(): Promise<readonly JsonObject[]> {
    return (await this.get('registryz')) as readonly JsonObject[];
  }

  /** Every endpoint: by host name of its service, namespace and registry. */
  async endpoints(): Promise<JsonObject> {
    return (await this.get('endpointShardz')) as JsonObject;
  }

  /** Which proxies are connected, and what each of them has acknowledged. */
  async proxies(): Promise<readonly ProxyState[]> {
    return ((await this.get('syncz')) ?? []) as readonly ProxyState[];
  }

  /** The configuration that istiod makes for one connected proxy (`name.namespace`), in the form of Envoy's own dump. */
  async configDump(proxy: string): Promise<JsonObject> {
    return (await this.get(`config_dump?proxyID=${encodeURIComponent(proxy)}`)) as JsonObject;
  }

  /** The listeners that istiod makes for one connected proxy: for a gateway, the servers of its Gateway objects. */
  async listeners(proxy: string): Promise<readonly ListenerSummary[]> {
    interface Section {
      readonly '@type': string;
      readonly dynamicListeners?: readonly { readonly activeState: { readonly listener: EnvoyListener } }[];
    }
    const { configs } = (await this.configDump(proxy)) as unknown as { readonly configs: readonly Section[] };
    return configs
      .filter((section) => section['@type'].endsWith('ListenersConfigDump'))
      .flatMap(({ dynamicListeners }) => dynamicListeners ?? [])
      .map(({ activeState: { listener } }) => ({
        name: listener.name,
        port: listener.address.socketAddress.portValue,
        serverNames: (listener.filterChains ?? []).flatMap((chain) => chain.filterChainMatch?.serverNames ?? []),
      }));
  }

  /** Every Istio object that istiod has taken in. */
  async configurations(): Promise<readonly JsonObject[]> {
    return (await this.get('configz')) as readonly JsonObject[];
  }

  /** The gateways of other networks that istiod knows. */
  async networkGateways(): Promise<unknown> {
    return this.get('networkz');
  }

  /** Any endpoint below /debug. */
  async get(path: string): Promise<unknown> {
    const response = await http({ url: `${this.url}/debug/${path}` });
    if (response.status !== 200) throw new Error(`/debug/${path}: ${response.status} ${response.body.slice(0, 500)}`);
    return JSON.parse(response.body);
  }
}

export interface ListenerSummary {
  readonly name: string;
  readonly port: number;
  /** The SNI names that its filter chains match. */
  readonly serverNames: readonly string[];
}

interface EnvoyListener {
  readonly name: string;
  readonly address: { readonly socketAddress: { readonly portValue: number } };
  readonly filterChains?: readonly { readonly filterChainMatch?: { readonly serverNames?: readonly string[] } }[];
}

export interface ProxyState {
  readonly proxy: string;
  readonly [field: string]: unknown;
}
