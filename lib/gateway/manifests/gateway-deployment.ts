import type { DeploymentSpec } from '../../../imports/k8s';
import { compact, type KubernetesObject, nonEmpty, type Plain } from '../../core/kubernetes-object';
import { type GatewayWorkload, gatewayPodAnnotations, withLabel } from '../gateway';
import type { Toleration } from '../gateway-pods';

/** Seconds that the proxy has left to exit after it has drained. */
const EXIT_SECONDS = 15;

/**
 * The gateway's pods. Like Istio's gateway chart it leaves the container almost empty: the injection template `gateway` of the
 * control plane fills in image, arguments, probes and volumes, so the proxy's version follows the control plane's.
 *
 * `ISTIO_META_ROUTER_MODE`, which older instructions set to sni-dnat, is read no more: istiod builds the SNI-DNAT clusters for any
 * gateway that has an AUTO_PASSTHROUGH server (istio pilot/pkg/networking/core BuildClusters).
 */
export function gatewayDeployment(gateway: GatewayWorkload): KubernetesObject<Plain<DeploymentSpec>> {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: gateway.name, namespace: gateway.namespace, labels: gateway.labels },
    spec: {
      selector: { matchLabels: gateway.selector },
      // Every machine keeps a stream open through one of the pods: none goes before its successor is there.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: { metadata: podMetadata(gateway), spec: podSpec(gateway) },
    },
  };
}

/** Labels that each gateway's pods carry: injected, and no part of the ambient data plane. */
export const GATEWAY_POD_LABELS = { 'sidecar.istio.io/inject': 'true', 'istio.io/dataplane-mode': 'none' } as const;

function podMetadata(gateway: GatewayWorkload) {
  return {
    // The label of the network makes the proxy belong to it; without, istiod takes that of its system namespace.
    labels: withLabel(
      withLabel({ ...gateway.labels, ...GATEWAY_POD_LABELS }, 'istio.io/rev', gateway.revision),
      'topology.istio.io/network',
      gateway.network,
    ),
    annotations: { ...gateway.podAnnotations, ...gatewayPodAnnotations(gateway.drainSeconds) },
  };
}

function podSpec(gateway: GatewayWorkload): Plain<DeploymentSpec['template']['spec']> {
  const podSelector = { matchLabels: gateway.selector };
  return compact({
    serviceAccountName: gateway.name,
    // istiod's token comes as a projected volume of its own; the proxy never calls the Kubernetes API.
    automountServiceAccountToken: false,
    securityContext: {
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(gateway)],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: podSelector } },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: podSelector,
        // Else the pods of the previous ReplicaSet count while a rollout lasts.
        matchLabelKeys: ['pod-template-hash'],
      },
    ],
    nodeSelector: nonEmpty(gateway.nodeSelector),
    tolerations: gateway.tolerations.length > 0 ? gateway.tolerations.map(podToleration) : undefined,
    priorityClassName: gateway.priorityClassName,
    terminationGracePeriodSeconds: gateway.drainSeconds + EXIT_SECONDS,
  });
}

/** A toleration with a value tolerates that value, one without tolerates any. */
function podToleration(toleration: Toleration) {
  return compact({ ...toleration, operator: toleration.value === undefined ? 'Exists' : 'Equal' });
}

function container(gateway: GatewayWorkload) {
  const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = gateway.resources;
  return compact({
    name: 'istio-proxy',
    // Not an image: the mark that the injection webhook replaces.
    image: 'auto',
    // Endpoints of other networks stay out of sight, so that traffic which came in doesn't leave through another gateway.
    env:
      gateway.network === undefined
        ? undefined
        : [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: gateway.network }],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    resources: {
      requests: { cpu: cpuRequest, memory: memoryRequest },
      limits: { cpu: cpuLimit, memory: memoryLimit },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
  });
}
