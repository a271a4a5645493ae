import type { Place } from '../../core/place';
import type { PlainData } from '../../core/plain-data';
import { type Problems, rule } from '../../core/problems';
import { certificatesIn } from '../../core/values/certificate-checks';
import { isWhole } from '../../core/values/counts';
import { checkAnnotations } from '../../core/values/labels';
import { checkDnsLabel, checkServiceName, isTrustDomain } from '../../core/values/names';
import { chartSelector } from '../../gateway/gateway';
import type { GatewayChartProps } from '../../gateway/gateway-chart';
import { resolveExposure } from '../../gateway/gateway-exposure';
import { checkLoadBalancer, loadBalancerSettings } from '../../gateway/load-balancer-service';
import { checkScaling } from '../../gateway/scaling-checks';
import type { Mesh } from '../../mesh/mesh';
import { revisionLabel } from '../../mesh/revision-label';
import type { ControlPlaneProps } from '../control-plane-props';
import { declareProviders } from '../declared-providers';
import { checkExtensionProvider } from '../extension-provider-checks';
import type { ControlPlaneSettings, GatewaySettings } from '../manifests/control-plane';
import { meshConfigProvider } from '../manifests/extension-provider';
import { ACCESS_LOG_KINDS, BUILT_IN_PROVIDERS, kindsOf, TRACING_KINDS } from '../provider-kinds';
import type { TrustedRoots } from '../trusted-roots';
import { checkTrustedRoots } from '../trusted-roots-checks';
import { checkChartSource } from './chart-source';
import { checkMeshNetworks, networkSettings } from './mesh-networks';
import { checkIstiodEnv, checkMoreIstiodValues, checkMoreMeshConfig } from './passthrough-settings';

const REVISION = rule({
  id: 'control-plane/revision',
  origin: 'meshvm',
  allowed: 'a revision only where the mesh names a tag; otherwise the mesh names the revision',
  remedy: 'leave the property out, and name the revision in the mesh',
  source: "meshvm: machines dial the mesh's revision; another one would be installed beside it and never reached",
});
const TAG = rule({
  id: 'control-plane/revision-tag',
  origin: 'ignored',
  allowed: 'tags that differ from each other and from the revision; "default" only for a control plane with a revision',
  remedy: 'remove or rename the tag',
  source: 'istio istio-discovery/templates/revision-tags-mwc.yaml: two webhooks would inject the same pods',
});
const TAG_LENGTH = rule({
  id: 'control-plane/revision-tag-length',
  origin: 'kubernetes',
  allowed: 'at most 43 characters',
  remedy: 'shorten the tag',
  source:
    'istio istio-discovery/templates/revision-tags-svc.yaml: a Service istiod-revision-tag-<tag> of at most 63 characters',
});
const RELEASE_NAME = rule({
  id: 'control-plane/release-name-length',
  origin: 'meshvm',
  allowed: 'a revision of at most 46 characters, and a gateway of at most 53',
  remedy: 'shorten the name',
  source: 'helm.sh/helm ValidateReleaseName: at most 53 characters',
});
const SECONDS = rule({
  id: 'control-plane/seconds',
  origin: 'ignored',
  allowed: 'a whole number of seconds, at least 1',
  remedy: 'give such a number',
  source:
    'istio pilot/pkg/autoregistration: a sweep without an interval panics, and in 1.30 a connection age of 0 removes live entries',
});
const REPLICAS = rule({
  id: 'control-plane/replicas',
  origin: 'kubernetes',
  allowed: 'whole numbers, minReplicas at least 1 and maxReplicas at least minReplicas',
  remedy: 'give such numbers',
  source: 'k8s.io/kubernetes ValidateHorizontalPodAutoscalerSpec',
});
const TRUST_DOMAIN_ALIAS = rule({
  id: 'control-plane/trust-domain-alias',
  origin: 'istio',
  allowed: 'DNS labels joined by "."',
  remedy: 'give the trust domain alone, without spiffe:// and without a path',
  source: 'istio pkg/config/validation/agent validateTrustDomainConfig',
});
const PROVIDER_TWICE = rule({
  id: 'control-plane/extension-provider-twice',
  origin: 'ignored',
  allowed: 'names that differ in more than case',
  remedy: 'rename one of the two',
  source: 'istio pilot Telemetries.fetchProvider takes the first provider of a name, in any case',
});
const PROVIDER_UNKNOWN = rule({
  id: 'control-plane/provider-undeclared',
  origin: 'ignored',
  allowed: 'the names of declared providers of that kind',
  remedy: 'declare the provider in extensionProviders',
  source: 'istio pilot Telemetries.fetchProvider: an unknown name, or one of another kind, sends nothing anywhere',
});
const ANNOTATION_TWICE = rule({
  id: 'control-plane/annotation-of-load-balancer',
  origin: 'meshvm',
  allowed: 'annotations that the load balancer does not set',
  remedy: 'remove it and set an option of the load balancer',
  source: 'meshvm: one place per fact',
});
const ROOTS_UNKNOWN_TO_PROXIES = rule({
  id: 'control-plane/roots-unknown-to-proxies',
  origin: 'ignored',
  allowed: 'additional roots only in a mesh whose proxyMetadata has PROXY_CONFIG_XDS_AGENT "true"',
  remedy: "set it in the mesh: proxy: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } }",
  source: 'istio pkg/istio-agent/xds_proxy.go: without EnableDynamicProxyConfig the agent never asks for the roots',
});
const ACCESS_LOG_OFF = rule({
  id: 'control-plane/access-log-off',
  origin: 'meshvm',
  allowed: 'access log providers only where the access log is on',
  remedy: 'set proxy.accessLog of the mesh, or leave accessLogProviders out',
  source: 'meshvm: one place says whether proxies write an access log',
});

/** From the spec to all that charts are told. @throws ValidationError with everything that is wrong. */
export function planControlPlane(
  spec: ControlPlaneProps,
  { path, problems, program }: Pick<Place, 'path' | 'problems' | 'program'>,
): ControlPlaneSettings {
  const settings = resolveControlPlane(spec);
  checkControlPlane(problems, spec, settings);
  problems.throwIfAny(path);
  declareProviders(program, path, spec.mesh, spec.extensionProviders ?? []);
  return settings;
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveControlPlane(props: ControlPlaneProps): ControlPlaneSettings {
  const { mesh } = props;
  const { proxy } = mesh;
  const revision = installedRevision(props);
  const { tag } = mesh.revision;
  return {
    meshId: mesh.meshId,
    clusterName: mesh.clusterName,
    network: mesh.network,
    clusterDomain: mesh.clusterDomain,
    trustDomain: mesh.trustDomain,
    trustDomainAliases: props.trustDomainAliases ?? [],
    additionalRoots: (props.additionalRoots ?? []).flatMap(caCertificates),
    namespace: mesh.controlPlaneNamespace,
    istioVersion: mesh.istioVersion,
    revision,
    revisionTags: props.revisionTags ?? (tag === undefined ? [] : [tag]),
    defaultRevision: props.defaultRevision ?? (revision === '' ? 'default' : revision),
    customHost: mesh.istiodAccess.dnsName,
    autoRegistration: props.autoRegistration ?? true,
    healthChecks: props.healthChecks ?? true,
    disconnectGracePeriodSeconds: props.disconnectGracePeriodSeconds ?? 10,
    maxServerConnectionAgeSeconds: props.maxServerConnectionAgeSeconds ?? 1800,
    keepaliveIntervalSeconds: props.keepaliveIntervalSeconds ?? 10,
    keepaliveTimeoutSeconds: props.keepaliveTimeoutSeconds ?? 10,
    holdApplicationUntilProxyStarts: proxy.holdApplicationUntilProxyStarts,
    tracingSamplingPercent: proxy.tracingSamplingPercent,
    tracingProvider: proxy.tracingProvider,
    accessLogProviders: proxy.accessLog ? (props.accessLogProviders ?? ['envoy']) : [],
    dnsAutoAllocate: proxy.dnsAutoAllocate,
    proxyMetadata: { ...proxy.proxyMetadata, ISTIO_META_DNS_CAPTURE: String(proxy.dnsCapture) },
    extensionProviders: (props.extensionProviders ?? []).map(meshConfigProvider),
    meshNetworks: (props.meshNetworks ?? []).map(networkSettings),
    minReplicas: props.minReplicas ?? 2,
    maxReplicas: props.maxReplicas ?? 5,
    istiodEnv: props.istiodEnv ?? {},
    meshConfig: props.meshConfig ?? {},
    istiodValues: props.istiodValues ?? {},
    gateway: props.gateway && gatewaySettings(mesh, props.gateway),
  };
}

/** Everything that Istio or Kubernetes would refuse, or would take for something else than was meant. */
export function checkControlPlane(problems: Problems, props: ControlPlaneProps, settings: ControlPlaneSettings): void {
  checkRevisions(problems, props, settings);
  checkSeconds(problems, 'disconnectGracePeriodSeconds', settings.disconnectGracePeriodSeconds);
  checkSeconds(problems, 'maxServerConnectionAgeSeconds', settings.maxServerConnectionAgeSeconds);
  checkSeconds(problems, 'keepaliveIntervalSeconds', settings.keepaliveIntervalSeconds);
  checkSeconds(problems, 'keepaliveTimeoutSeconds', settings.keepaliveTimeoutSeconds);
  settings.trustDomainAliases.forEach((alias, index) => {
    problems.check(TRUST_DOMAIN_ALIAS, `trustDomainAliases[${index}]`, alias, isTrustDomain);
  });
  checkTrustedRoots(problems, 'additionalRoots', props.additionalRoots ?? []);
  const { PROXY_CONFIG_XDS_AGENT: asked } = props.mesh.proxy.proxyMetadata;
  if (settings.additionalRoots.length > 0 && asked !== 'true') {
    problems.add(ROOTS_UNKNOWN_TO_PROXIES, 'mesh.proxy.proxyMetadata.PROXY_CONFIG_XDS_AGENT', asked);
  }
  if (props.chartSource !== undefined) checkChartSource(problems.at('chartSource'), props.chartSource);
  checkMeshNetworks(problems, props.meshNetworks ?? [], props.mesh);
  checkProviders(problems, props);
  checkReplicas(problems, settings.minReplicas, settings.maxReplicas);
  checkIstiodEnv(problems, settings.istiodEnv);
  checkMoreMeshConfig(problems, settings.meshConfig, settings.istioVersion);
  checkMoreIstiodValues(problems, settings.istiodValues, settings.istioVersion);
  if (props.gateway) checkLoadBalancer(problems.at('gateway.loadBalancer'), props.gateway.loadBalancer);
  if (settings.gateway) checkGateway(problems.at('gateway'), settings.gateway);
}

/** istiod looks at the first certificate of a text alone (pilot/pkg/trustbundle verifyTrustAnchor), so each gets its own. */
function caCertificates({ pem: text, trustDomains = [] }: TrustedRoots): readonly PlainData[] {
  return certificatesIn(text).map((pem) => (trustDomains.length > 0 ? { pem, trustDomains } : { pem }));
}

/** `default` is a name for the control plane without a revision; Istio's charts would take it for a revision. */
function installedRevision({ mesh, revision }: ControlPlaneProps): string {
  const name = revision ?? mesh.revision.named ?? '';
  return name === 'default' ? '' : name;
}

function gatewaySettings(mesh: Mesh, props: GatewayChartProps): GatewaySettings {
  const name = props.name ?? 'istio-eastwestgateway';
  const { istiod, services } = resolveExposure(props);
  return {
    name,
    namespace: props.namespace ?? mesh.controlPlaneNamespace,
    selector: chartSelector(name),
    labels: {},
    revision: revisionLabel(mesh.revision),
    network: services === undefined ? undefined : mesh.network,
    webhook: istiod?.webhook ?? false,
    loadBalancer: loadBalancerSettings(props.loadBalancer),
    serviceAnnotations: props.serviceAnnotations ?? {},
    minReplicas: props.minReplicas ?? 2,
    maxReplicas: props.maxReplicas ?? 5,
    drainSeconds: props.drainSeconds ?? 30,
  };
}

function checkRevisions(problems: Problems, props: ControlPlaneProps, settings: ControlPlaneSettings): void {
  const { tag, named = '' } = props.mesh.revision;
  if (props.revision !== undefined) {
    checkDnsLabel(problems, 'revision', props.revision);
    if (tag === undefined && props.revision !== named) problems.add(REVISION, 'revision', props.revision);
  }
  if (settings.revision.length > 46) {
    problems.add(RELEASE_NAME, props.revision === undefined ? 'mesh.revision' : 'revision', settings.revision);
  }
  if (props.defaultRevision !== undefined) checkDnsLabel(problems, 'defaultRevision', props.defaultRevision);
  const taken = new Set([settings.revision === '' ? 'default' : settings.revision]);
  settings.revisionTags.forEach((tag, index) => {
    // The mesh has checked its own tag's form.
    const property = props.revisionTags === undefined ? 'mesh.revision.tag' : `revisionTags[${index}]`;
    if (props.revisionTags !== undefined) checkDnsLabel(problems, property, tag);
    if (taken.has(tag)) problems.add(TAG, property, tag);
    if (tag.length > 43) problems.add(TAG_LENGTH, property, tag);
    taken.add(tag);
  });
}

function checkProviders(problems: Problems, props: ControlPlaneProps): void {
  const { mesh, extensionProviders = [] } = props;
  const kinds = new Map([...BUILT_IN_PROVIDERS, ...kindsOf(extensionProviders)]);
  const names = new Set<string>();
  extensionProviders.forEach((provider, index) => {
    checkExtensionProvider(problems.at(`extensionProviders[${index}]`), provider);
    const name = provider.name.toLowerCase();
    if (names.has(name)) problems.add(PROVIDER_TWICE, `extensionProviders[${index}]`, provider.name);
    names.add(name);
  });
  const { tracingProvider, accessLog } = mesh.proxy;
  if (tracingProvider !== undefined) {
    checkProvider(problems, 'mesh.proxy.tracingProvider', tracingProvider, kinds, TRACING_KINDS);
  }
  if (!accessLog && props.accessLogProviders !== undefined) {
    problems.add(ACCESS_LOG_OFF, 'accessLogProviders', props.accessLogProviders);
  }
  if (!accessLog) return;
  for (const [index, name] of (props.accessLogProviders ?? []).entries()) {
    checkProvider(problems, `accessLogProviders[${index}]`, name, kinds, ACCESS_LOG_KINDS);
  }
}

function checkProvider(
  problems: Problems,
  property: string,
  name: string,
  kinds: ReadonlyMap<string, string>,
  wanted: ReadonlySet<string>,
): void {
  const fitting = [...kinds].filter(([, kind]) => wanted.has(kind)).map(([each]) => each);
  if (fitting.includes(name.toLowerCase())) return;
  const declared = fitting.length > 0 ? fitting.join(', ') : 'none is declared yet';
  problems.add(PROVIDER_UNKNOWN, property, name, { allowed: `the name of a provider of this kind: ${declared}` });
}

function checkGateway(problems: Problems, gateway: GatewaySettings): void {
  checkServiceName(problems, 'name', gateway.name);
  if (gateway.name.length > 53) problems.add(RELEASE_NAME, 'name', gateway.name);
  checkDnsLabel(problems, 'namespace', gateway.namespace);
  checkAnnotations(problems, 'serviceAnnotations', gateway.serviceAnnotations);
  for (const key of Object.keys(gateway.loadBalancer.annotations)) {
    if (!Object.hasOwn(gateway.serviceAnnotations, key)) continue;
    problems.add(ANNOTATION_TWICE, `serviceAnnotations["${key}"]`, gateway.serviceAnnotations[key]);
  }
  checkScaling(problems, { ...gateway, targetCpuUtilizationPercent: 80 });
}

function checkSeconds(problems: Problems, property: string, seconds: number): void {
  problems.check(SECONDS, property, seconds, isCount);
}

function checkReplicas(problems: Problems, min: number, max: number): void {
  problems.check(REPLICAS, 'minReplicas', min, isCount);
  problems.check(REPLICAS, 'maxReplicas', max, (count) => isCount(count) && !(count < min));
}

function isCount(value: number): boolean {
  return isWhole(value, 1, 2 ** 31 - 1);
}
