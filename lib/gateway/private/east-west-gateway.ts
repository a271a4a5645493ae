import { isDeferred, type Problems, rule } from '../../core/problems';
import { checkAnnotations, checkLabels } from '../../core/values/labels';
import { checkDnsLabel, checkDnsSubdomain, checkServiceName } from '../../core/values/names';
import { revisionLabel } from '../../mesh/revision-label';
import type { EastWestGatewayProps, HelmReleaseGatewayProps } from '../east-west-gateway-props';
import type { Gateway, GatewayWorkload } from '../gateway';
import { gatewayPodAnnotations } from '../gateway';
import { IstiodExposure } from '../istiod-exposure';
import { GATEWAY_POD_LABELS } from '../manifests/gateway-deployment';
import { checkScaling } from '../scaling-checks';
import { ServiceExposure } from '../service-exposure';
import { checkIstiodExposure, checkServiceExposure } from './gateway-exposure';
import { checkResources, checkTolerations, resolveResources } from './gateway-pods';

const OWNED = rule({
  id: 'gateway/owned-key',
  origin: 'meshvm',
  allowed: 'labels and annotations that no other property sets',
  remedy: 'set the property that owns the key instead',
  source: 'meshvm: one place per fact, so that labels and selectors can not disagree',
});
const SECRETS = rule({
  id: 'gateway/reads-secrets-of-control-plane',
  origin: 'meshvm',
  allowed: "readSecrets in a namespace other than the control plane's",
  remedy: 'give the gateway a namespace of its own, with the secrets that it serves',
  source:
    "istio: the right is to all secrets of the namespace, and istiod's holds the mesh's certificate authority (cacerts, istio-ca-secret)",
});
const EMPTY_SELECTOR = rule({
  id: 'gateway/empty-selector',
  origin: 'ignored',
  allowed: 'at least one label',
  remedy: "give the labels of the gateway's pods",
  source: 'istio mergeGateways: a Gateway without a selector applies to every gateway of the mesh',
});

/** What an east-west gateway exposes. */
export interface GatewayExposure {
  readonly istiod: IstiodExposure;
  readonly services: ServiceExposure;
}

/** Fills in the defaults of what is exposed. */
export function resolveExposure(props: {
  readonly exposeIstiod?: IstiodExposure;
  readonly exposeServices?: ServiceExposure;
}): GatewayExposure {
  return {
    istiod: props.exposeIstiod ?? IstiodExposure.istioApis(),
    services: props.exposeServices ?? ServiceExposure.none(),
  };
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveEastWestGateway(props: EastWestGatewayProps): GatewayWorkload {
  const { mesh } = props;
  const name = props.name ?? 'istio-eastwestgateway';
  const { istiod, services } = resolveExposure(props);
  const selector = chartSelector(name);
  return {
    name,
    namespace: props.namespace ?? mesh.controlPlaneNamespace,
    selector,
    labels: { ...props.labels, ...selector, ...standardLabels(name) },
    revision: revisionLabel(mesh.revision),
    network: services.exposed ? mesh.network : undefined,
    webhook: istiod.webhook,
    loadBalancer: props.loadBalancer.settings,
    serviceAnnotations: props.serviceAnnotations ?? {},
    podAnnotations: props.podAnnotations ?? {},
    resources: resolveResources(props.resources),
    minReplicas: props.minReplicas ?? 2,
    maxReplicas: props.maxReplicas ?? 5,
    targetCpuUtilizationPercent: props.targetCpuUtilizationPercent ?? 80,
    drainSeconds: props.drainSeconds ?? 30,
    nodeSelector: { ...props.nodeSelector },
    tolerations: props.tolerations ?? [],
    priorityClassName: props.priorityClassName,
    readSecrets: props.readSecrets ?? false,
  };
}

/** The gateway of a Helm release, as Istio's chart names it. */
export function resolveHelmReleaseGateway(props: HelmReleaseGatewayProps): Gateway {
  const { mesh, releaseName } = props;
  const selector = props.selectorLabels ?? chartSelector(releaseName);
  return {
    name: releaseName,
    namespace: props.namespace ?? mesh.controlPlaneNamespace,
    selector,
    labels: { ...selector, ...standardLabels(releaseName) },
    revision: revisionLabel(mesh.revision),
  };
}

/** Everything about a gateway that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkEastWestGateway(problems: Problems, props: EastWestGatewayProps, gateway: GatewayWorkload): void {
  checkServiceName(problems, 'name', gateway.name);
  checkDnsLabel(problems, 'namespace', gateway.namespace);
  checkLabels(problems, 'labels', props.labels);
  checkOwned(problems, 'labels', props.labels, OWNED_LABELS);
  checkAnnotations(problems, 'podAnnotations', props.podAnnotations);
  checkOwned(problems, 'podAnnotations', props.podAnnotations, OWNED_POD_ANNOTATIONS);
  checkAnnotations(problems, 'serviceAnnotations', props.serviceAnnotations);
  checkOwned(problems, 'serviceAnnotations', props.serviceAnnotations, ownedByLoadBalancer(gateway));
  checkResources(problems.at('resources'), gateway.resources);
  checkScaling(problems, gateway);
  checkLabels(problems, 'nodeSelector', gateway.nodeSelector);
  checkTolerations(problems, gateway.tolerations);
  if (gateway.priorityClassName !== undefined) {
    checkDnsSubdomain(problems, 'priorityClassName', gateway.priorityClassName);
  }
  const controlPlanes = [props.mesh, ...resolveExposure(props).istiod.furtherControlPlanes];
  if (gateway.readSecrets && controlPlanes.some((mesh) => mesh.controlPlaneNamespace === gateway.namespace)) {
    problems.add(SECRETS, 'readSecrets', gateway.readSecrets);
  }
  checkExposure(problems, props, gateway);
}

/** The same for the gateway of a Helm release. */
export function checkHelmReleaseGateway(problems: Problems, props: HelmReleaseGatewayProps, gateway: Gateway): void {
  checkServiceName(problems, 'releaseName', gateway.name);
  checkDnsLabel(problems, 'namespace', gateway.namespace);
  checkLabels(problems, 'selectorLabels', gateway.selector);
  if (Object.keys(gateway.selector).length === 0) problems.add(EMPTY_SELECTOR, 'selectorLabels', gateway.selector);
  checkExposure(problems, props, gateway);
}

function checkExposure(
  problems: Problems,
  props: EastWestGatewayProps | HelmReleaseGatewayProps,
  gateway: Gateway,
): void {
  const { istiod, services } = resolveExposure(props);
  checkIstiodExposure(problems, gateway, props.mesh, istiod);
  checkServiceExposure(problems, gateway, services);
}

/** Labels that Istio's chart gives a gateway's pods, and selects them by. */
function chartSelector(name: string): Readonly<Record<string, string>> {
  return { app: name, istio: isDeferred(name) ? name : String(name).replace(/^istio-/, '') };
}

function standardLabels(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'istio' };
}

/** Property of EastWestGatewayProps that sets each label of ours. */
const OWNED_LABELS: Readonly<Record<string, string>> = {
  app: 'name',
  istio: 'name',
  'app.kubernetes.io/name': 'name',
  'app.kubernetes.io/part-of': 'nothing instead: it is always istio',
  'istio.io/rev': 'revision of mesh',
  'topology.istio.io/network': 'exposeServices',
  'networking.istio.io/gatewayPort': 'nothing instead: the port is always 15443',
  ...Object.fromEntries(
    Object.keys(GATEWAY_POD_LABELS).map((key) => [key, "nothing instead: it is the gateway's own"]),
  ),
};

const OWNED_POD_ANNOTATIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(gatewayPodAnnotations(0)).map((key) => [key, "nothing instead: it is the gateway's own"]),
  ),
  'proxy.istio.io/config': 'drainSeconds',
};

function ownedByLoadBalancer(gateway: GatewayWorkload): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(gateway.loadBalancer.annotations).map((key) => [key, 'loadBalancer']));
}

/** Adds a problem for each key that meshvm sets itself; `owned` maps it to the property that does. */
function checkOwned(
  problems: Problems,
  property: string,
  map: Readonly<Record<string, string>> | undefined,
  owned: Readonly<Record<string, string>>,
): void {
  for (const [key, value] of Object.entries(map ?? {})) {
    if (!Object.hasOwn(owned, key)) continue;
    problems.at(property).add(OWNED, `["${key}"]`, value, { remedy: `remove it and set ${owned[key]}` });
  }
}
