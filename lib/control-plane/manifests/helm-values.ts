import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { PlainData } from '../../core/plain-data';
import { GATEWAY_PORTS, gatewayPodAnnotations } from '../../gateway/gateway';
import { DEFAULT_CLUSTER_DOMAIN } from '../../mesh/service-host';
import type { ControlPlaneSettings, GatewaySettings, NetworkSettings } from './control-plane';

/** One Helm release of a control plane. */
export interface ChartRelease {
  /** Name of the chart in Istio's repository. */
  readonly chart: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly values: PlainData;
}

/** The Helm releases of a control plane in the order in which they must be installed. */
export function chartReleases(settings: ControlPlaneSettings): readonly ChartRelease[] {
  const { namespace, revision, gateway } = settings;
  const istiod = revision === '' ? 'istiod' : `istiod-${revision}`;
  return [
    { chart: 'base', releaseName: 'istio-base', namespace, values: baseValues(settings) },
    { chart: 'istiod', releaseName: istiod, namespace, values: istiodValues(settings) },
    ...(gateway === undefined
      ? []
      : [
          { chart: 'gateway', releaseName: gateway.name, namespace: gateway.namespace, values: gatewayValues(gateway) },
        ]),
  ];
}

/** Values of the chart `base`: CRDs, and the webhook that validates the objects that name no revision. */
export function baseValues(settings: ControlPlaneSettings): PlainData {
  return { defaultRevision: settings.defaultRevision, global: { istioNamespace: settings.namespace } };
}

/** Values of the chart `istiod`. */
export function istiodValues(settings: ControlPlaneSettings): PlainData {
  return mergeUnder(settings.istiodValues, {
    ...revisionValues(settings),
    global: globalValues(settings),
    ...pilotValues(settings),
    meshConfig: meshConfig(settings),
  });
}

/** Which revision the chart installs, and the tags that point to it. */
export function revisionValues(settings: ControlPlaneSettings): PlainData {
  return compact({
    revision: settings.revision === '' ? undefined : settings.revision,
    revisionTags: settings.revisionTags.length > 0 ? settings.revisionTags : undefined,
  });
}

/** `global`: what istiod, sidecars and injection have to agree on. */
export function globalValues(settings: ControlPlaneSettings): PlainData {
  return compact({
    meshID: settings.meshId,
    network: settings.network,
    istioNamespace: settings.namespace,
    multiCluster: { clusterName: settings.clusterName },
    proxy: settings.clusterDomain === DEFAULT_CLUSTER_DOMAIN ? undefined : { clusterDomain: settings.clusterDomain },
    meshNetworks: nonEmpty(Object.fromEntries(settings.meshNetworks.map(meshNetwork))),
  });
}

/** What stands at the top of the istiod chart's values, and under `pilot` in an IstioOperator. */
export function pilotValues(settings: ControlPlaneSettings): PlainData {
  return {
    env: istiodEnv(settings),
    traceSampling: settings.tracingSamplingPercent,
    keepaliveMaxServerConnectionAge: `${settings.maxServerConnectionAgeSeconds}s`,
    autoscaleEnabled: true,
    autoscaleMin: settings.minReplicas,
    autoscaleMax: settings.maxReplicas,
    affinity: spread({ app: 'istiod', 'istio.io/rev': settings.revision === '' ? 'default' : settings.revision }),
  };
}

/** `meshConfig`. */
export function meshConfig(settings: ControlPlaneSettings): PlainData {
  const { tracingProvider, accessLogProviders } = settings;
  return mergeUnder(
    settings.meshConfig,
    compact({
      trustDomain: settings.trustDomain,
      trustDomainAliases: settings.trustDomainAliases.length > 0 ? settings.trustDomainAliases : undefined,
      caCertificates: settings.additionalRoots.length > 0 ? settings.additionalRoots : undefined,
      extensionProviders: settings.extensionProviders.length > 0 ? settings.extensionProviders : undefined,
      defaultProviders: compact({
        // The chart gives up its own default, and with it all of Istio's metrics, as soon as any default provider is set
        // (istio-discovery/templates/_helpers.tpl default-prometheus).
        metrics: ['prometheus'],
        tracing: tracingProvider === undefined ? undefined : [tracingProvider],
        accessLogging: accessLogProviders.length > 0 ? accessLogProviders : undefined,
      }),
      defaultConfig: {
        holdApplicationUntilProxyStarts: settings.holdApplicationUntilProxyStarts,
        proxyMetadata: settings.proxyMetadata,
      },
    }),
  );
}

/**
 * Values of the chart `gateway`.
 *
 * The chart's own `networkGateway` always opens 15017, istiod's webhook port; what else it does is written out here instead: the
 * network's label and the network view (gateway/templates/service.yaml and deployment.yaml).
 */
export function gatewayValues(gateway: GatewaySettings): PlainData {
  return compact({
    name: gateway.name,
    revision: gateway.revision === '' ? undefined : gateway.revision,
    labels: gatewayLabels(gateway),
    // The right to read every secret of the namespace, which may be that of the mesh's certificate authority. TLS passes through
    // unopened, so there is no secret to read.
    rbac: { enabled: false },
    env: gateway.network === undefined ? undefined : { ISTIO_META_REQUESTED_NETWORK_VIEW: gateway.network },
    service: compact({
      ...serviceSettings(gateway),
      annotations: nonEmpty(gatewayServiceAnnotations(gateway)),
      ports: gatewayPorts(gateway),
    }),
    autoscaling: { enabled: true, minReplicas: gateway.minReplicas, maxReplicas: gateway.maxReplicas },
    // Never blocks a drain of nodes, however few pods there are. The chart renders it only for two or more.
    podDisruptionBudget: { maxUnavailable: 1 },
    podAnnotations: gatewayPodAnnotations(gateway.drainSeconds),
    terminationGracePeriodSeconds: gatewayTerminationSeconds(gateway),
    affinity: spread(gateway.selector),
  });
}

/** Labels of the gateway's objects: those that Services and Gateways select, the user's, and the network's. */
export function gatewayLabels(gateway: GatewaySettings): Readonly<Record<string, unknown>> {
  return compact({ ...gateway.labels, ...gateway.selector, 'topology.istio.io/network': gateway.network });
}

/** Annotations of the gateway's Service. */
export function gatewayServiceAnnotations(gateway: GatewaySettings): Readonly<Record<string, string>> {
  return { ...gateway.serviceAnnotations, ...gateway.loadBalancer.annotations };
}

/** Fields of the gateway's Service that the load balancer asks for. */
export function serviceSettings(gateway: GatewaySettings): PlainData {
  const { annotations, nodePorts, ...fields } = gateway.loadBalancer;
  return compact(fields);
}

/** Ports of the gateway's Service. 15443 is open only where services of other networks are reached. */
export function gatewayPorts(gateway: GatewaySettings): readonly PlainData[] {
  const { nodePorts = {} } = gateway.loadBalancer;
  return [
    GATEWAY_PORTS.status,
    ...(gateway.network === undefined ? [] : [GATEWAY_PORTS.services]),
    GATEWAY_PORTS.istiod,
    ...(gateway.webhook ? [GATEWAY_PORTS.webhook] : []),
  ].map(({ name, port }) => compact({ name, port, targetPort: port, protocol: 'TCP', nodePort: nodePorts[name] }));
}

/** How long a pod of the gateway may take to go: time to drain, and to exit after that. */
export function gatewayTerminationSeconds(gateway: GatewaySettings): number {
  return gateway.drainSeconds + 15;
}

/** Pods on different nodes and in different zones, where there are such. */
export function spread(podLabels: Readonly<Record<string, string>>): PlainData {
  const term = (weight: number, topologyKey: string) => ({
    weight,
    podAffinityTerm: { topologyKey, labelSelector: { matchLabels: podLabels } },
  });
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        term(100, 'kubernetes.io/hostname'),
        term(50, 'topology.kubernetes.io/zone'),
      ],
    },
  };
}

/** `extra` beneath `own`: maps are joined, and where both say something `own` wins. */
export function mergeUnder(extra: PlainData, own: PlainData): PlainData {
  const merged: Record<string, unknown> = { ...extra };
  for (const [key, value] of Object.entries(own)) {
    const other = merged[key];
    merged[key] = isMap(value) && isMap(other) ? mergeUnder(other, value) : value;
  }
  return merged;
}

/** Whether a value is a map of values, as opposed to a leaf or a list. */
export function isMap(value: unknown): value is PlainData {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Upstream's defaults stand here too: whoever reads the values sees what machines need. */
function istiodEnv(settings: ControlPlaneSettings): Readonly<Record<string, string>> {
  return compact({
    ...settings.istiodEnv,
    PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION: String(settings.autoRegistration),
    PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS: String(settings.healthChecks),
    PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: `${settings.disconnectGracePeriodSeconds}s`,
    // Defaults of the flags --keepaliveInterval and --keepaliveTimeout, for which the chart has no values (istio pkg/keepalive).
    GRPC_KEEPALIVE_INTERVAL: `${settings.keepaliveIntervalSeconds}s`,
    GRPC_KEEPALIVE_TIMEOUT: `${settings.keepaliveTimeoutSeconds}s`,
    PILOT_ENABLE_IP_AUTOALLOCATE: String(settings.dnsAutoAllocate),
    ISTIOD_CUSTOM_HOST: settings.customHost,
    // Without it istiod gives `caCertificates` to nobody (istio pilot/pkg/bootstrap/server.go initWorkloadTrustBundle).
    ISTIO_MULTIROOT_MESH: settings.additionalRoots.length > 0 ? 'true' : undefined,
    // The chart leaves its own variable out for 0, and istiod then samples 1 %.
    PILOT_TRACE_SAMPLING: settings.tracingSamplingPercent === 0 ? '0' : undefined,
  }) as Readonly<Record<string, string>>;
}

function meshNetwork(network: NetworkSettings): readonly [string, PlainData] {
  return [network.name, { endpoints: network.endpoints, gateways: network.gateways }];
}
