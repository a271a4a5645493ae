/** Protocols that proxies tell hosts apart in by the request: istio pkg/config/protocol Instance.IsHTTP. */
const HTTP = new Set(['http', 'http2', 'grpc', 'grpc-web', 'http_proxy']);
/** Those of them that are HTTP/2 to the application, too. */
const HTTP2 = new Set(['http2', 'grpc', 'grpc-web']);
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
export function routingOfServicePort(port: ServicePort): Routing {
  return routingOf(protocolOfServicePort(port));
}

/** What an application must speak that a proxy hands a protocol on to. */
export type SpokenProtocol = 'HTTP/1.1' | 'HTTP/2' | 'TCP';

/** What is spoken to an application whose protocol has this name: istio pkg/config/protocol Instance.IsHTTP2, setUpstreamProtocol. */
export function spokenProtocol(protocol: string): SpokenProtocol {
  if (routingOf(protocol) !== 'http') return 'TCP';
  return HTTP2.has(protocol.toLowerCase()) ? 'HTTP/2' : 'HTTP/1.1';
}

/** The same by the name or appProtocol of a port of a Service. */
export function spokenProtocolOfServicePort(port: ServicePort): SpokenProtocol {
  return spokenProtocol(protocolOfServicePort(port));
}

/** What of a port of a Service says its protocol. */
interface ServicePort {
  readonly name: string;
  readonly appProtocol?: string;
}

function protocolOfServicePort({ name, appProtocol }: ServicePort): string {
  if (appProtocol !== undefined) return KUBERNETES.get(appProtocol) ?? appProtocol;
  return name.startsWith('grpc-web') ? 'grpc-web' : name.split('-')[0];
}
