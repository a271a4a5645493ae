import type {
  GatewaySpec as ApiGatewaySpec,
  GatewaySpecListeners,
  TlsRouteSpec,
} from '../../../imports/gateway.networking.k8s.io';
import type { GatewaySpec, VirtualServiceSpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import { GATEWAY_PORTS, type Gateway, type GatewayPort } from '../gateway';
import { gatewayApiGateway } from './gateway-api';

/** Names that machines may dial, and the istiod behind them. */
export interface IstiodRoute {
  /** Server names (SNI), each in istiod's certificate. */
  readonly hosts: readonly string[];
  /** Service of istiod. */
  readonly serviceName: string;
  /** Namespace of the Service. */
  readonly namespace: string;
  /** Fully qualified host of the Service. */
  readonly serviceHost: string;
}

/**
 * Which name leads to which istiod. A name that several certificates carry belongs to the control plane whose machines dial it, else
 * to the first that carries it; a control plane whose machines dial a name that is taken gets none.
 *
 * @param controlPlanes The mesh's own first, further ones after it.
 */
export function istiodRoutes(controlPlanes: readonly Mesh[]): readonly IstiodRoute[] {
  const owners = new Map<string, Mesh>();
  const claim = (host: string, mesh: Mesh) => {
    if (!owners.has(host)) owners.set(host, mesh);
  };
  for (const mesh of controlPlanes) claim(mesh.istiodHost, mesh);
  for (const mesh of controlPlanes) for (const host of mesh.istiodCertificateNames) claim(host, mesh);
  return controlPlanes
    .map((mesh) => ({
      hosts: mesh.istiodCertificateNames.filter((host) => owners.get(host) === mesh),
      serviceName: mesh.istiodServiceName,
      namespace: mesh.controlPlaneNamespace,
      serviceHost: mesh.istiodServiceHost,
    }))
    .filter(({ hosts }) => hosts.length > 0);
}

/** Port of the gateway, and the port of istiod's Service behind it. */
interface IstiodPort extends GatewayPort {
  readonly servicePort: number;
}

function istiodPorts(webhook: boolean): readonly IstiodPort[] {
  const xds = { ...GATEWAY_PORTS.istiod, servicePort: 15012 };
  return webhook ? [xds, { ...GATEWAY_PORTS.webhook, servicePort: 443 }] : [xds];
}

/** Name of the Gateway and VirtualService that expose istiod. */
export function istiodGatewayName(gateway: Gateway): string {
  return `${gateway.name}-istiod`;
}

/**
 * Istio's APIs: a Gateway that takes TLS for istiod's names only, and a VirtualService that passes each on, unopened, so that the
 * certificate of the machine reaches istiod. `./` keeps VirtualServices of other namespaces from answering for istiod.
 */
export function exposeIstiodWithIstioApis(
  gateway: Gateway,
  routes: readonly IstiodRoute[],
  webhook: boolean,
): readonly KubernetesObject[] {
  const { namespace, labels } = gateway;
  const name = istiodGatewayName(gateway);
  const hosts = routes.flatMap((route) => route.hosts);
  const ports = istiodPorts(webhook);
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
 * Gateway API: a Gateway of class istio on the gateway's own Service, with a listener for each name, and TLSRoutes to istiod. The
 * routes stand in istiod's namespace, where their Services are: elsewhere they would need a ReferenceGrant.
 *
 * They carry no `istio.io/rev`: istiod ignores routes of another revision, and compares a tag as if it were one
 * (istio pilot/pkg/config/kube/gateway buildClient, inRevision).
 */
export function exposeIstiodWithGatewayApi(
  gateway: Gateway,
  routes: readonly IstiodRoute[],
  webhook: boolean,
): readonly KubernetesObject[] {
  const name = istiodGatewayName(gateway);
  const ports = istiodPorts(webhook);
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
  const tlsRoutes = ports.flatMap((port) => routes.map((route) => tlsRoute(gateway, port, route)));
  return [gatewayApiGateway(gateway, name, listeners) as KubernetesObject<Plain<ApiGatewaySpec>>, ...tlsRoutes];
}

/** In istiod's namespace gateways of several namespaces may meet: there the name says whose the route is. */
function tlsRouteName(gateway: Gateway, port: GatewayPort, route: IstiodRoute): string {
  const whose = route.namespace === gateway.namespace ? '' : `${gateway.namespace}.`;
  const webhook = port.name === GATEWAY_PORTS.webhook.name ? '-webhook' : '';
  return `${whose}${gateway.name}-${route.serviceName}${webhook}`;
}

function tlsRoute(gateway: Gateway, port: IstiodPort, route: IstiodRoute): KubernetesObject<Plain<TlsRouteSpec>> {
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
        name: istiodGatewayName(gateway),
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

function allowedNamespace(gateway: Gateway, route: IstiodRoute) {
  if (route.namespace === gateway.namespace) return { from: 'Same' } as const;
  return {
    from: 'Selector',
    selector: { matchLabels: { 'kubernetes.io/metadata.name': route.namespace } },
  } as const;
}
