import type { GatewayWorkload } from '../../../lib/gateway/gateway';

/** A resolved gateway, as the builders get it. */
export const gateway: GatewayWorkload = {
  name: 'edge',
  namespace: 'gateways',
  selector: { app: 'edge', istio: 'edge' },
  labels: { app: 'edge', istio: 'edge', team: 'platform' },
  revision: '',
  network: undefined,
  webhook: false,
  loadBalancer: { type: 'LoadBalancer', annotations: {} },
  serviceAnnotations: {},
  podAnnotations: {},
  resources: { cpuRequest: '100m', memoryRequest: '128Mi', cpuLimit: '2', memoryLimit: '1Gi' },
  minReplicas: 2,
  maxReplicas: 5,
  targetCpuUtilizationPercent: 80,
  drainSeconds: 30,
  nodeSelector: {},
  tolerations: [],
  priorityClassName: undefined,
  readSecrets: false,
};

/** What every object of the gateway says of itself. */
export const metadata = { name: 'edge', namespace: 'gateways', labels: gateway.labels };
