import type { GatewaySpec, GatewaySpecListeners } from '../../../imports/gateway.networking.k8s.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { type Gateway, withLabel } from '../gateway';

/**
 * A Gateway API Gateway for pods that are there already: an address of type Hostname names their Service, and istiod then deploys
 * none of its own (istio pilot/pkg/config/kube gatewaycommon.IsManaged). The Service stands in the Gateway's namespace; istiod
 * adds that and the cluster's domain to a name without dots (extractGatewayServices).
 *
 * It never carries `topology.istio.io/network`: istiod would publish the Service's name inside the cluster as the address of the
 * network's gateway (kube/controller handleGatewayResource). The Service carries it, with the load balancer's address.
 */
export function gatewayApiGateway(
  gateway: Gateway,
  name: string,
  listeners: readonly Plain<GatewaySpecListeners>[],
): KubernetesObject<Plain<GatewaySpec>> {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      name,
      namespace: gateway.namespace,
      // By this label an istiod knows the Gateways whose status it writes; tags count too.
      labels: withLabel(gateway.labels, 'istio.io/rev', gateway.revision),
    },
    spec: {
      gatewayClassName: 'istio',
      addresses: [{ type: 'Hostname', value: gateway.name }],
      listeners,
    },
  };
}
