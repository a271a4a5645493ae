import type { HorizontalPodAutoscalerSpec, PodDisruptionBudgetSpec } from '../../../imports/k8s';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import type { GatewayWorkload } from '../gateway';

/** Scales the gateway's pods by their use of CPU. */
export function gatewayAutoscaler(gateway: GatewayWorkload): KubernetesObject<Plain<HorizontalPodAutoscalerSpec>> {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: gateway.name },
      minReplicas: gateway.minReplicas,
      maxReplicas: gateway.maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: gateway.targetCpuUtilizationPercent },
          },
        },
      ],
    },
  };
}

/**
 * Lets a drain of nodes take one pod of the gateway at a time. `maxUnavailable`, unlike `minAvailable`, never blocks a drain, however
 * few pods there are; nor do pods that aren't ready.
 */
export function gatewayDisruptionBudget(gateway: GatewayWorkload): KubernetesObject<Plain<PodDisruptionBudgetSpec>> {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: gateway.selector },
    },
  };
}
