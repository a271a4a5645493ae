import type { PlainData } from '../../core/plain-data';
import { type Problems, rule } from '../../core/problems';
import { isMap } from '../manifests/helm-values';
import { ISTIOD_CHART_VALUES, LISTED_MINOR_VERSION, MESH_CONFIG_FIELDS } from './istiod-settings';

const ENV_OWNED = rule({
  id: 'control-plane/env-owned',
  origin: 'kubernetes',
  allowed: "variables that neither a property nor Istio's chart sets",
  remedy: 'remove the variable',
  source: 'istio istio-discovery/templates/deployment.yaml: server-side apply refuses the same variable twice',
});
const ENV = rule({
  id: 'control-plane/env',
  origin: 'kubernetes',
  allowed:
    'names of letters, digits and "_"; values that are strings of printable characters without quotation mark and backslash',
  remedy: "write numbers and booleans as strings; text of another kind needs the chart's envVarFrom",
  source: 'istio istio-discovery/templates/deployment.yaml writes values between quotation marks and escapes nothing',
});
const VALUE_OWNED = rule({
  id: 'control-plane/value-owned',
  origin: 'meshvm',
  allowed: 'settings that no property sets',
  remedy: 'remove it and set the property, so that the two can not disagree',
  source: 'meshvm',
});
const VALUE_UNKNOWN = rule({
  id: 'control-plane/value-unknown',
  origin: 'ignored',
  allowed: "a field of Istio's MeshConfig, or a value that the istiod chart reads",
  remedy: 'check the spelling: Istio passes over what it does not know',
  source: 'istio.io/api MeshConfig, read without complaint about other fields; istio istio-discovery/templates',
});
const VALUE_RESERVED = rule({
  id: 'control-plane/value-reserved',
  origin: 'ignored',
  allowed: "values at their place in the istiod chart's values.yaml",
  remedy: 'write the value one level up, without the prefix',
  source:
    'istio istio-discovery/templates/zzz_profile.yaml and zzy_descope_legacy.yaml: defaults and pilot are other trees',
});

/** Variables that istiod's Deployment has already. */
const CHART_ENV: ReadonlySet<string> = new Set([
  'CLUSTER_ID',
  'GOMAXPROCS',
  'KUBECONFIG',
  'PILOT_CERT_PROVIDER',
  'PILOT_ENABLE_ANALYSIS',
  'PLATFORM',
  'POD_NAME',
  'POD_NAMESPACE',
  'REVISION',
  'SERVICE_ACCOUNT',
]);
/** Variables that properties set, and which. */
const PROPERTY_ENV: ReadonlyMap<string, string> = new Map([
  ['GRPC_KEEPALIVE_INTERVAL', 'keepaliveIntervalSeconds'],
  ['GRPC_KEEPALIVE_TIMEOUT', 'keepaliveTimeoutSeconds'],
  ['ISTIO_MULTIROOT_MESH', 'additionalRoots'],
  ['ISTIOD_CUSTOM_HOST', "the mesh's istiodAccess"],
  ['PILOT_ENABLE_IP_AUTOALLOCATE', "the mesh's proxy.dnsAutoAllocate"],
  ['PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION', 'autoRegistration'],
  ['PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS', 'healthChecks'],
  ['PILOT_TRACE_SAMPLING', "the mesh's proxy.tracingSamplingPercent"],
  ['PILOT_WORKLOAD_ENTRY_GRACE_PERIOD', 'disconnectGracePeriodSeconds'],
]);
/** Places of the mesh configuration that properties fill, and which property. */
export const OWNED_MESH_CONFIG: ReadonlyMap<string, string> = new Map([
  ['accessLogFile', "the mesh's proxy.accessLog"],
  ['caCertificates', 'additionalRoots'],
  ['trustDomain', "the mesh's trustDomain"],
  ['trustDomainAliases', 'trustDomainAliases'],
  ['extensionProviders', 'extensionProviders'],
  ['defaultProviders.metrics', 'nothing: turn metrics off with a Telemetry object'],
  ['defaultProviders.tracing', "the mesh's proxy.tracingProvider"],
  ['defaultProviders.accessLogging', 'accessLogProviders'],
  ['defaultConfig.discoveryAddress', "the mesh's revision and controlPlaneNamespace"],
  ['defaultConfig.holdApplicationUntilProxyStarts', "the mesh's proxy.holdApplicationUntilProxyStarts"],
  ['defaultConfig.meshId', "the mesh's meshId"],
  ['defaultConfig.proxyMetadata', "the mesh's proxy.proxyMetadata"],
  ['defaultConfig.tracing.sampling', "the mesh's proxy.tracingSamplingPercent"],
]);
/** Places of the istiod chart's values that properties fill, and which property. */
export const OWNED_ISTIOD_VALUES: ReadonlyMap<string, string> = new Map([
  ['affinity.podAntiAffinity', 'nothing: meshvm spreads the pods over nodes and zones'],
  ['autoscaleEnabled', 'minReplicas and maxReplicas'],
  ['autoscaleMax', 'maxReplicas'],
  ['autoscaleMin', 'minReplicas'],
  ['configMap', 'nothing: it is where istiod reads the mesh configuration'],
  ['env', 'istiodEnv'],
  ['global.istioNamespace', "the mesh's controlPlaneNamespace"],
  ['global.meshID', "the mesh's meshId"],
  ['global.meshNetworks', 'meshNetworks'],
  ['global.multiCluster.clusterName', "the mesh's clusterName"],
  ['global.proxy.clusterDomain', "the mesh's clusterDomain"],
  ['global.network', "the mesh's network"],
  ['keepaliveMaxServerConnectionAge', 'maxServerConnectionAgeSeconds'],
  ['meshConfig', 'meshConfig'],
  ['replicaCount', 'minReplicas'],
  ['revision', "the mesh's revision"],
  ['revisionTags', 'revisionTags'],
  ['traceSampling', "the mesh's proxy.tracingSamplingPercent"],
]);
/** Trees of the istiod chart's values that aren't for users, or say another tree's values again. */
const RESERVED_VALUES = ['_internal_defaults_do_not_set', 'defaults', 'pilot'];

/** Environment that someone gives istiod besides ours. */
export function checkIstiodEnv(problems: Problems, env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) {
    const property = `istiodEnv["${name}"]`;
    const owner = PROPERTY_ENV.get(name);
    if (owner !== undefined) problems.add(ENV_OWNED, property, value, { remedy: `remove it and set ${owner}` });
    if (CHART_ENV.has(name)) problems.add(ENV_OWNED, property, value);
    problems.check(ENV, property, value, (text) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && isQuotable(text));
  }
}

/** Mesh configuration that someone gives besides ours. */
export function checkMoreMeshConfig(problems: Problems, extra: PlainData, istioVersion: string): void {
  const at = problems.at('meshConfig');
  checkKnown(at, extra, MESH_CONFIG_FIELDS, istioVersion);
  checkOwned(at, extra, OWNED_MESH_CONFIG);
}

/** Values of the istiod chart that someone gives besides ours. */
export function checkMoreIstiodValues(problems: Problems, extra: PlainData, istioVersion: string): void {
  const at = problems.at('istiodValues');
  const trees = new Set(RESERVED_VALUES);
  for (const tree of trees) if (Object.hasOwn(extra, tree)) at.add(VALUE_RESERVED, tree, extra[tree]);
  checkKnown(at, extra, new Set([...ISTIOD_CHART_VALUES, ...trees]), istioVersion);
  checkOwned(at, extra, OWNED_ISTIOD_VALUES);
}

function checkKnown(problems: Problems, extra: PlainData, known: ReadonlySet<string>, istioVersion: string): void {
  const [, minor] = String(istioVersion).split('.');
  if (Number(minor) > LISTED_MINOR_VERSION) return;
  for (const [key, value] of Object.entries(extra)) if (!known.has(key)) problems.add(VALUE_UNKNOWN, key, value);
}

/** Adds a problem for each place of `owned` that `extra` fills, be it with something other than a map on the way there. */
function checkOwned(problems: Problems, extra: PlainData, owned: ReadonlyMap<string, string>): void {
  const reported = new Set<string>();
  for (const [place, owner] of owned) {
    const [path, value] = lookUp(extra, place.split('.'));
    if (value === undefined || reported.has(path)) continue;
    reported.add(path);
    problems.add(VALUE_OWNED, path, value, { remedy: `remove it and set ${owner}` });
  }
}

/** The value at a place, or what is in the way of it, and where that stands. */
function lookUp(tree: PlainData, place: readonly string[]): readonly [string, unknown] {
  let value: unknown = tree;
  for (const [index, key] of place.entries()) {
    if (!isMap(value)) return [place.slice(0, index).join('.'), value];
    value = Object.hasOwn(value, key) ? value[key] : undefined;
    if (value === undefined) return [place.join('.'), undefined];
  }
  return [place.join('.'), value];
}

/** Characters that mean themselves between YAML's quotation marks. */
function isQuotable(value: string): boolean {
  return /^[ !#-[\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(value);
}
