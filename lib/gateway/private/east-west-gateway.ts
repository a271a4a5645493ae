import type { KubernetesObject } from '../../core/kubernetes-object';
import { byKind } from '../../core/object-ids';
import type { Place } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import { checkAnnotations, checkLabels } from '../../core/values/labels';
import { checkDnsLabel, checkDnsSubdomain, checkServiceName } from '../../core/values/names';
import { revisionLabel } from '../../mesh/revision-label';
import type { EastWestGatewayProps, HelmReleaseGatewayProps } from '../east-west-gateway-props';
import type { Gateway, GatewayWorkload } from '../gateway';
import { chartSelector, gatewayPodAnnotations } from '../gateway';
import { type GatewayExposure, resolveExposure } from '../gateway-exposure';
import { checkLoadBalancer, loadBalancerSettings } from '../load-balancer-service';
import { gatewayExposureObjects, gatewayWorkloadObjects } from '../manifests/east-west-gateway';
import { GATEWAY_POD_LABELS } from '../manifests/gateway-deployment';
import { checkScaling } from '../scaling-checks';
import { declareSourceRanges } from '../source-ranges';
import { declareGateway } from './declared-gateways';
import { checkExposure } from './gateway-exposure';
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

/** All that a gateway consists of. */
export interface PlannedGateway {
  /** By the ids of their constructs. */
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly serviceName: string;
  readonly namespace: string;
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** Whether the Service gets an address of its own. */
  readonly addressed: boolean;
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planEastWestGateway(spec: EastWestGatewayProps, { path, program, problems }: Place): PlannedGateway {
  const gateway = resolveEastWestGateway(spec);
  const exposure = resolveExposure(spec);
  checkEastWestGateway(problems, spec, gateway, exposure);
  declareGateway(problems, program, path, spec.mesh, gateway, exposure);
  const dialled = { mesh: spec.mesh, namespace: gateway.namespace, serviceName: gateway.name };
  declareSourceRanges(problems, program, path, dialled, spec.loadBalancer);
  problems.throwIfAny(path);
  const objects = [...gatewayWorkloadObjects(gateway), ...gatewayExposureObjects(gateway, spec.mesh, exposure)];
  return planned(gateway, objects, gateway.loadBalancer.type === 'LoadBalancer');
}

/** The same for the gateway of a Helm release: what it exposes. */
export function planHelmReleaseGateway(
  spec: HelmReleaseGatewayProps,
  { path, program, problems }: Place,
): PlannedGateway {
  const gateway = resolveHelmReleaseGateway(spec);
  const exposure = resolveExposure(spec);
  checkHelmReleaseGateway(problems, spec, gateway, exposure);
  declareGateway(problems, program, path, spec.mesh, gateway, exposure);
  problems.throwIfAny(path);
  return planned(gateway, gatewayExposureObjects(gateway, spec.mesh, exposure), false);
}

function planned(gateway: Gateway, objects: readonly KubernetesObject[], addressed: boolean): PlannedGateway {
  const { name, namespace, selector } = gateway;
  return { objects: byKind(objects), serviceName: name, namespace, selectorLabels: selector, addressed };
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
    network: services === undefined ? undefined : mesh.network,
    webhook: istiod?.webhook ?? false,
    loadBalancer: loadBalancerSettings(props.loadBalancer),
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
function checkEastWestGateway(
  problems: Problems,
  props: EastWestGatewayProps,
  gateway: GatewayWorkload,
  exposure: GatewayExposure,
): void {
  checkLoadBalancer(problems.at('loadBalancer'), props.loadBalancer);
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
  const controlPlanes = [props.mesh, ...(exposure.istiod?.furtherControlPlanes ?? [])];
  if (gateway.readSecrets && controlPlanes.some((mesh) => mesh.controlPlaneNamespace === gateway.namespace)) {
    problems.add(SECRETS, 'readSecrets', gateway.readSecrets);
  }
  checkExposure(problems, gateway, props.mesh, exposure);
}

/** The same for the gateway of a Helm release. */
function checkHelmReleaseGateway(
  problems: Problems,
  props: HelmReleaseGatewayProps,
  gateway: Gateway,
  exposure: GatewayExposure,
): void {
  checkServiceName(problems, 'releaseName', gateway.name);
  checkDnsLabel(problems, 'namespace', gateway.namespace);
  checkLabels(problems, 'selectorLabels', gateway.selector);
  if (Object.keys(gateway.selector).length === 0) problems.add(EMPTY_SELECTOR, 'selectorLabels', gateway.selector);
  checkExposure(problems, gateway, props.mesh, exposure);
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
