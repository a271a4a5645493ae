import type { GatewaySpecListeners } from '../../../imports/gateway.networking.k8s.io';
import type { GatewaySpec } from '../../../imports/networking.istio.io';
import { compact, type KubernetesObject, type Plain } from '../../core/kubernetes-object';
import { GATEWAY_PORTS, type Gateway } from '../gateway';
import { gatewayApiGateway } from './gateway-api';

/** Name of the Gateway that exposes services. */
export function servicesGatewayName(gateway: Gateway): string {
  return `${gateway.name}-services`;
}

/**
 * Istio's APIs: connections of sidecars in other networks are passed on, unopened, to the service that their SNI names. Only
 * Istio's own mutual TLS gets through (istio builtAutoPassthroughFilterChains).
 *
 * @param hosts Hosts that may be reached, such as `*.local`.
 */
export function exposeServicesWithIstioApis(
  gateway: Gateway,
  hosts: readonly string[],
): KubernetesObject<Plain<GatewaySpec>> {
  const { name, port } = GATEWAY_PORTS.services;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: servicesGatewayName(gateway), namespace: gateway.namespace, labels: gateway.labels },
    spec: {
      selector: gateway.selector,
      servers: [{ port: { number: port, name, protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' }, hosts }],
    },
  };
}

/** Gateway API: the same, as listeners with Istio's option for it. */
export function exposeServicesWithGatewayApi(gateway: Gateway, hosts: readonly string[]): KubernetesObject {
  const { port } = GATEWAY_PORTS.services;
  const listeners = hosts.map(
    (host, index): Plain<GatewaySpecListeners> =>
      compact({
        name: `services-${index}`,
        // To Gateway API, no name is every name.
        hostname: host === '*' ? undefined : host,
        port,
        protocol: 'TLS',
        tls: { mode: 'Passthrough', options: { 'gateway.istio.io/listener-protocol': 'auto-passthrough' } },
        // No route is attached: istiod makes the routes from the services.
        allowedRoutes: { namespaces: { from: 'Same' } },
      }),
  );
  return gatewayApiGateway(gateway, servicesGatewayName(gateway), listeners);
}
