import { gatewayDeployment } from '../../../lib/gateway/manifests/gateway-deployment';
import { gateway, metadata } from './gateway';

describe('gatewayDeployment', () => {
  test('is what the injection template completes', () => {
    expect(gatewayDeployment(gateway)).toStrictEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: gateway.selector },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
        template: {
          metadata: {
            labels: { ...gateway.labels, 'sidecar.istio.io/inject': 'true', 'istio.io/dataplane-mode': 'none' },
            annotations: {
              'inject.istio.io/templates': 'gateway',
              'prometheus.io/path': '/stats/prometheus',
              'prometheus.io/port': '15020',
              'prometheus.io/scrape': 'true',
              'proxy.istio.io/config': '{"terminationDrainDuration":"30s"}',
            },
          },
          spec: {
            serviceAccountName: 'edge',
            automountServiceAccountToken: false,
            securityContext: {
              sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'istio-proxy',
                image: 'auto',
                ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
                resources: {
                  requests: { cpu: '100m', memory: '128Mi' },
                  limits: { cpu: '2', memory: '1Gi' },
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  privileged: false,
                  readOnlyRootFilesystem: true,
                  runAsNonRoot: true,
                },
              },
            ],
            affinity: {
              podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    weight: 100,
                    podAffinityTerm: {
                      topologyKey: 'kubernetes.io/hostname',
                      labelSelector: { matchLabels: gateway.selector },
                    },
                  },
                ],
              },
            },
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'topology.kubernetes.io/zone',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: gateway.selector },
                matchLabelKeys: ['pod-template-hash'],
              },
            ],
            terminationGracePeriodSeconds: 45,
          },
        },
      },
    });
  });

  test('belongs to its network and sees no other when services are exposed', () => {
    const { template } = gatewayDeployment({ ...gateway, network: 'vpc' }).spec ?? {};
    expect(template?.metadata?.labels).toMatchObject({ 'topology.istio.io/network': 'vpc' });
    expect(template?.spec?.containers[0].env).toStrictEqual([
      { name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: 'vpc' },
    ]);
  });

  test('is injected by its revision', () => {
    const { template } = gatewayDeployment({ ...gateway, revision: 'canary' }).spec ?? {};
    expect(template?.metadata?.labels).toMatchObject({ 'istio.io/rev': 'canary' });
  });

  test('runs on the nodes that were asked for', () => {
    const { template } =
      gatewayDeployment({
        ...gateway,
        nodeSelector: { edge: 'yes' },
        tolerations: [{}, { key: 'edge', value: 'yes', effect: 'NoExecute', tolerationSeconds: 9 }],
        priorityClassName: 'high',
      }).spec ?? {};
    expect(template?.spec).toMatchObject({ nodeSelector: { edge: 'yes' }, priorityClassName: 'high' });
    expect(template?.spec?.tolerations).toStrictEqual([
      { operator: 'Exists' },
      { key: 'edge', value: 'yes', effect: 'NoExecute', tolerationSeconds: 9, operator: 'Equal' },
    ]);
  });

  test('gives pods the time to drain and to exit', () => {
    const { template } = gatewayDeployment({ ...gateway, drainSeconds: 90 }).spec ?? {};
    expect(template?.metadata?.annotations).toMatchObject({
      'proxy.istio.io/config': '{"terminationDrainDuration":"90s"}',
    });
    expect(template?.spec?.terminationGracePeriodSeconds).toBe(105);
  });

  test("keeps the user's annotations beside its own", () => {
    const { template } = gatewayDeployment({ ...gateway, podAnnotations: { a: 'b' } }).spec ?? {};
    expect(template?.metadata?.annotations).toMatchObject({ a: 'b', 'inject.istio.io/templates': 'gateway' });
  });
});
