import type { AuthorizationPolicySpec } from '../../../imports/security.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import { GATEWAY_PORTS, type Gateway } from '../gateway';
import type { ExposedApiServer } from '../gateway-exposure';
import { passTls, type TlsPort, type TlsRoute } from './pass-tls';

/** Server name by which the gateway knows connections for the API server: every API server's certificate carries it. */
export const API_SERVER_NAME = 'kubernetes.default.svc';

/** On istiod's port: machines need one address and one port for both. */
const PORTS: readonly TlsPort[] = [{ ...GATEWAY_PORTS.istiod, servicePort: 443 }];

/** Name of the Gateway, VirtualService and AuthorizationPolicy that expose the API server. */
export function apiServerGatewayName(gateway: Gateway): string {
  return `${gateway.name}-api-server`;
}

/** What passes TLS on to the API server, and what keeps others than the machines from it. */
export function exposeApiServer(
  gateway: Gateway,
  mesh: Mesh,
  { by, sourceRanges }: ExposedApiServer,
): readonly KubernetesObject[] {
  const route: TlsRoute = {
    hosts: [API_SERVER_NAME],
    serviceName: 'kubernetes',
    namespace: 'default',
    serviceHost: `${API_SERVER_NAME}.${mesh.clusterDomain}`,
  };
  // The policy first: applied in this order, the way is never open to all.
  return [sourcePolicy(gateway, sourceRanges), ...passTls(by, gateway, apiServerGatewayName(gateway), [route], PORTS)];
}

/** Denies by server name, so that policies which allow, and connections for istiod, are left as they are. */
function sourcePolicy(
  gateway: Gateway,
  sourceRanges: readonly string[],
): KubernetesObject<Plain<AuthorizationPolicySpec>> {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: apiServerGatewayName(gateway), namespace: gateway.namespace, labels: gateway.labels },
    spec: {
      selector: { matchLabels: gateway.selector },
      action: 'DENY' as Plain<AuthorizationPolicySpec>['action'],
      rules: [
        {
          from: [{ source: { notIpBlocks: sourceRanges } }],
          when: [{ key: 'connection.sni', values: [API_SERVER_NAME] }],
        },
      ],
    },
  };
}
