import type { ServiceSpec } from '../../../imports/k8s';
import { compact, type KubernetesObject, nonEmpty, type Plain } from '../../core/kubernetes-object';
import { GATEWAY_PORTS, type GatewayPort, type GatewayWorkload, withLabel } from '../gateway';

/** The Service in front of the gateway's pods, by which a load balancer is made. */
export function gatewayService(gateway: GatewayWorkload): KubernetesObject<Plain<ServiceSpec>> {
  const { annotations, nodePorts = {}, ...fields } = gateway.loadBalancer;
  const ports: readonly GatewayPort[] = [
    GATEWAY_PORTS.status,
    GATEWAY_PORTS.services,
    GATEWAY_PORTS.istiod,
    ...(gateway.webhook ? [GATEWAY_PORTS.webhook] : []),
  ];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: compact({
      name: gateway.name,
      namespace: gateway.namespace,
      labels: withLabel(gateway.labels, 'topology.istio.io/network', gateway.network),
      annotations: nonEmpty({ ...gateway.serviceAnnotations, ...annotations }),
    }),
    spec: compact({
      ...fields,
      selector: gateway.selector,
      ports: ports.map(({ name, port }) =>
        compact({ name, port, targetPort: port, protocol: 'TCP', nodePort: nodePorts[name] }),
      ),
    }),
  };
}
