import { compact, type KubernetesObject, nonEmpty } from '../../core/kubernetes-object';
import type { PlainData } from '../../core/plain-data';
import { gatewayPodAnnotations } from '../../gateway/gateway';
import type { ControlPlaneSettings, GatewaySettings } from './control-plane';
import {
  gatewayLabels,
  gatewayPorts,
  gatewayServiceAnnotations,
  gatewayTerminationSeconds,
  globalValues,
  meshConfig,
  pilotValues,
  revisionValues,
  serviceSettings,
  spread,
} from './helm-values';

/**
 * The input of `istioctl install -f`. It has the form of a Kubernetes object and is none: Istio has no operator in the cluster any
 * more, and no CRD of this kind.
 *
 * `profile: minimal` is istiod alone; the default profile would add an ingress gateway with a public load balancer.
 */
export function istioOperator(settings: ControlPlaneSettings): KubernetesObject<PlainData> {
  const { revision, ...tags } = revisionValues(settings);
  const { gateway } = settings;
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: revision === undefined ? 'istio' : `istio-${revision}`, namespace: settings.namespace },
    spec: compact({
      profile: 'minimal',
      revision,
      components: gateway && { ingressGateways: [gatewayComponent(gateway)] },
      values: compact({
        ...tags,
        global: globalValues(settings),
        pilot: pilotValues(settings),
        meshConfig: meshConfig(settings),
        // istioctl renders an older chart for gateways, which runs its proxy without injection unless told.
        gateways: gateway && { 'istio-ingressgateway': { injectionTemplate: 'gateway' } },
      }),
      // istioctl's schema knows only a part of the istiod chart's values.
      unvalidatedValues: nonEmpty(settings.istiodValues),
    }),
  };
}

function gatewayComponent(gateway: GatewaySettings): PlainData {
  const { minReplicas, maxReplicas, network } = gateway;
  return {
    name: gateway.name,
    namespace: gateway.namespace,
    enabled: true,
    label: gatewayLabels(gateway),
    k8s: compact({
      env: network === undefined ? undefined : [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network }],
      service: { ...serviceSettings(gateway), ports: gatewayPorts(gateway) },
      serviceAnnotations: nonEmpty(gatewayServiceAnnotations(gateway)),
      hpaSpec: { minReplicas, maxReplicas },
      affinity: spread(gateway.selector),
      podAnnotations: gatewayPodAnnotations(gateway.drainSeconds),
      overlays: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: gateway.name,
          patches: [
            { path: 'spec.template.spec.terminationGracePeriodSeconds', value: gatewayTerminationSeconds(gateway) },
          ],
        },
      ],
    }),
  };
}
