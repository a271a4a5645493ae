import type {
  GatewaySpec as ApiGatewaySpec,
  GatewaySpecListeners,
  TlsRouteSpec,
} from '../../../imports/gateway.networking.k8s.io';
import type { GatewaySpec, VirtualServiceSpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import type { Gateway, GatewayPort } from '../gateway';
import type { ExposingApi } from '../gateway-exposure';
import { gatewayApiGateway } from './gateway-api';

/** Names that clients may dial, and the Service behind them. */
export interface TlsRoute {
  /** Server names (SNI), each in the certificate of the Service. */
  readonly hosts: readonly string[];
  readonly serviceName: string;
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Fully qualified host of the Service. */
  readonly serviceHost: string;
}

/** Port of the gateway, and the port of the Service behind it. */
export interface TlsPort extends GatewayPort {
  readonly servicePort: number;
  /** Ends the names of the TLSRoutes of a further port. */
  readonly suffix?: string;
}

/** What passes TLS on to the Services, unopened. */
export function passTls(
  by: ExposingApi,
  gateway: Gateway,
  name: string,
  routes: readonly TlsRoute[],
  ports: readonly TlsPort[],
): readonly KubernetesObject[] {
  return by === 'gatewayApi'
    ? passTlsByGatewayApi(gateway, name, routes, ports)
    : passTlsByIstioApis(gateway, name, routes, ports);
}

/**
 * Istio's APIs: a Gateway that takes TLS for the routes' names only, and a VirtualService that passes each on, unopened, so that the
 * client's certificate reaches the Service. `./` keeps VirtualServices of other namespaces from answering in its place.
 */
function passTlsByIstioApis(
  gateway: Gateway,
  name: string,
  routes: readonly TlsRoute[],
  ports: readonly TlsPort[],
): readonly KubernetesObject[] {
  const { namespace, labels } = gateway;
  const hosts = routes.flatMap((route) => route.hosts);
  const servers: KubernetesObject<Plain<GatewaySpec>> = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace, labels },
    spec: {
      selector: gateway.selector,
      servers: ports.map(({ name, port }) => ({
        port: { number: port, name, protocol: 'TLS' },
        tls: { mode: 'PASSTHROUGH' },
        hosts: hosts.map((host) => `./${host}`),
      })),
    },
  };
  const routing: KubernetesObject<Plain<VirtualServiceSpec>> = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, labels },
    spec: {
      hosts,
      gateways: [name],
      tls: ports.flatMap(({ port, servicePort }) =>
        routes.map((route) => ({
          match: [{ port, sniHosts: route.hosts }],
          route: [{ destination: { host: route.serviceHost, port: { number: servicePort } } }],
        })),
      ),
    },
  };
  return [servers, routing];
}

/**
 * Gateway API: a Gateway of class istio on the gateway's own Service, with a listener for each name, and TLSRoutes to the Services.
 * The routes stand in the Services' namespaces: elsewhere they would need a ReferenceGrant.
 *
 * They carry no `istio.io/rev`: istiod ignores routes of another revision, and compares a tag as if it were one
 * (istio pilot/pkg/config/kube/gateway buildClient, inRevision).
 */
function passTlsByGatewayApi(
  gateway: Gateway,
  name: string,
  routes: readonly TlsRoute[],
  ports: readonly TlsPort[],
): readonly KubernetesObject[] {
  const listeners = ports.flatMap((port) =>
    routes.flatMap((route) =>
      route.hosts.map(
        (host): Plain<GatewaySpecListeners> => ({
          name: sectionName(port, host),
          hostname: host,
          port: port.port,
          protocol: 'TLS',
          tls: { mode: 'Passthrough' },
          allowedRoutes: { namespaces: allowedNamespace(gateway, route), kinds: [{ kind: 'TLSRoute' }] },
        }),
      ),
    ),
  );
  const tlsRoutes = ports.flatMap((port) => routes.map((route) => tlsRoute(gateway, name, port, route)));
  return [gatewayApiGateway(gateway, name, listeners) as KubernetesObject<Plain<ApiGatewaySpec>>, ...tlsRoutes];
}

/** In a Service's namespace gateways of several namespaces may meet: there the name says whose the route is. */
function tlsRouteName(gateway: Gateway, port: TlsPort, route: TlsRoute): string {
  const whose = route.namespace === gateway.namespace ? '' : `${gateway.namespace}.`;
  return `${whose}${gateway.name}-${route.serviceName}${port.suffix ?? ''}`;
}

function tlsRoute(
  gateway: Gateway,
  gatewayName: string,
  port: TlsPort,
  route: TlsRoute,
): KubernetesObject<Plain<TlsRouteSpec>> {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'TLSRoute',
    metadata: {
      name: tlsRouteName(gateway, port, route),
      namespace: route.namespace,
      labels: gateway.labels,
    },
    spec: {
      parentRefs: route.hosts.map((host) => ({
        name: gatewayName,
        namespace: gateway.namespace,
        sectionName: sectionName(port, host),
      })),
      hostnames: route.hosts,
      rules: [{ backendRefs: [{ name: route.serviceName, port: port.servicePort }] }],
    },
  };
}

/** Listeners are told apart by port and name; both stand in theirs, so that it stays when others come and go. */
function sectionName(port: GatewayPort, host: string): string {
  return `${port.port}.${host}`;
}

function allowedNamespace(gateway: Gateway, route: TlsRoute) {
  if (route.namespace === gateway.namespace) return { from: 'Same' } as const;
  return {
    from: 'Selector',
    selector: { matchLabels: { 'kubernetes.io/metadata.name': route.namespace } },
  } as const;
}
