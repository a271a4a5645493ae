/** Protocols that proxies tell hosts apart in by the request: istio pkg/config/protocol Instance.IsHTTP. */
const HTTP = new Set(['http', 'http2', 'grpc', 'grpc-web', 'http_proxy']);
/** Protocols that proxies tell hosts apart in by the server name: Instance.IsTLS. */
const TLS = new Set(['https', 'tls']);
/** What Istio reads the `appProtocol`s of Kubernetes as: istio pkg/config/kube ConvertProtocol. */
const KUBERNETES: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/h2c', 'http2'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'https'],
]);

/** How proxies tell apart the hosts of a port. */
export type Routing = 'http' | 'tls' | 'tcp';

/** How proxies route a protocol as a ServiceEntry names it. */
export function routingOf(protocol: unknown): Routing {
  const name = String(protocol).toLowerCase();
  if (HTTP.has(name)) return 'http';
  return TLS.has(name) ? 'tls' : 'tcp';
}

/** How proxies route a port of a Kubernetes Service whose name or appProtocol says its protocol. */
export function routingOfServicePort(port: { readonly name: string; readonly appProtocol?: string }): Routing {
  const { name, appProtocol } = port;
  if (appProtocol !== undefined) return routingOf(KUBERNETES.get(appProtocol) ?? appProtocol);
  return routingOf(name.startsWith('grpc-web') ? 'grpc-web' : name.split('-')[0]);
}
