import { gatewayAutoscaler, gatewayDisruptionBudget } from '../../../lib/gateway/manifests/gateway-scaling';
import { gateway, metadata } from './gateway';

test('the autoscaler scales the Deployment by CPU', () => {
  expect(gatewayAutoscaler(gateway)).toStrictEqual({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge' },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  });
});

test('the disruption budget lets one pod go at a time, and any that is broken', () => {
  expect(gatewayDisruptionBudget(gateway)).toStrictEqual({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: gateway.selector },
    },
  });
});
