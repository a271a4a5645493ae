import { type Problems, rule } from '../../core/problems';

const NAME_OF_METADATA = rule({
  id: 'bootstrap/proxy-metadata-name',
  origin: 'meshvm',
  allowed: 'ISTIO_META_*, ISTIO_METAJSON_*, and settings of the proxies that name no program, file, library or user',
  remedy: 'remove it, or give the group no identity and its machines their files by other means',
  source:
    "istio tools/packaging istio-start.sh: root reads cluster.env on the machine; meshvm's agent lets nothing else through",
});
const VALUE_OF_METADATA = rule({
  id: 'bootstrap/proxy-metadata-value',
  origin: 'meshvm',
  allowed: 'what Istio reads under that name',
  remedy: 'correct the value',
  source: "istio pilot-agent --help lists its variables; meshvm's agent lets no other form through",
});

const COMPUTED_METADATA = rule({
  id: 'bootstrap/proxy-metadata-computed',
  origin: 'ignored',
  allowed: 'variables that nothing else computes',
  remedy: 'remove it and set the property that it comes from',
  source: 'istioctl x workload entry configure computes them of the group and overwrites what was there',
});

/** Variables that follow from properties, and which. */
export const COMPUTED: Readonly<Record<string, string>> = {
  CANONICAL_REVISION: 'version',
  CANONICAL_SERVICE: 'canonicalService',
  ISTIO_AGENT_FLAGS: "the mesh's clusterDomain",
  ISTIO_EXCLUDE_INTERFACES: 'bootstrap.excludeInterfaces',
  ISTIO_INBOUND_PORTS: 'ports',
  ISTIO_LOCAL_EXCLUDE_PORTS: 'bootstrap.excludeInboundPorts',
  ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE: 'bootstrap.excludeOutboundPorts',
  ISTIO_METAJSON_LABELS: 'labels',
  ISTIO_META_AUTO_REGISTER_GROUP: 'name',
  ISTIO_META_CLUSTER_ID: "the mesh's clusterName",
  ISTIO_META_DNS_CAPTURE: "bootstrap.dns, or the mesh's proxy.dnsCapture",
  ISTIO_META_MESH_ID: "the mesh's meshId",
  ISTIO_META_NETWORK: 'network',
  ISTIO_META_POD_PORTS: 'ports',
  ISTIO_META_WORKLOAD_NAME: 'name',
  ISTIO_NAMESPACE: 'namespace',
  ISTIO_SERVICE: 'name',
  ISTIO_SERVICE_CIDR: 'bootstrap.excludeCidrs for what goes past the sidecar',
  ISTIO_SERVICE_EXCLUDE_CIDR: 'bootstrap.excludeCidrs',
  POD_NAMESPACE: 'namespace',
  SERVICE_ACCOUNT: 'serviceAccount',
  TRUST_DOMAIN: "the mesh's trustDomain",
};

export const SWITCH = 'true|false';
const NUMBER = String.raw`\d{1,12}(?:\.\d{1,6})?`;
export const DURATION = String.raw`(?:\d{1,12}(?:\.\d{1,6})?(?:ns|us|ms|s|m|h))+`;
const HOST = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?';
export const HOST_PORT = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-f:]+\]):[1-9]\d{0,4}`;
const NAME = String.raw`[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*`;
export const TEXT = String.raw`[^\x00-\x1f\x7f]*`;

/** Forms of the variables that a mesh may set on machines. The agent has the same: lib/join/agent/environment.py. */
export const PROXY_METADATA: Readonly<Record<string, string>> = {
  BOOTSTRAP_XDS_AGENT: SWITCH,
  CA_ADDR: HOST_PORT,
  CLOUD_PLATFORM: 'aws|gcp|azure|none',
  COMPLIANCE_POLICY: '(?:fips-140-2|pqc)?',
  DISABLE_ENVOY: SWITCH,
  DNS_FORWARD_PARALLEL: SWITCH,
  DNS_FORWARD_TIMEOUT: DURATION,
  DNS_PROXY_ADDR: HOST_PORT,
  ECC_CURVE: 'P256|P384',
  ECC_SIGNATURE_ALGORITHM: 'ECDSA',
  ENABLE_PROBE_KEEPALIVE_CONNECTIONS: SWITCH,
  ENVOY_SKIP_DEPRECATED_LOGS: SWITCH,
  EXIT_ON_ZERO_ACTIVE_CONNECTIONS: SWITCH,
  FILE_DEBOUNCE_DURATION: DURATION,
  GOGC: String.raw`\d{1,4}|off`,
  GOMAXPROCS: NUMBER,
  GOMEMLIMIT: String.raw`\d{1,15}(?:B|KiB|MiB|GiB)?`,
  ISTIOD_SAN: HOST,
  ISTIO_DELTA_XDS: SWITCH,
  ISTIO_PROMETHEUS_ANNOTATIONS: TEXT,
  ISTIO_SVC_IP: '[0-9a-f.:]+',
  METRICS_LOCALHOST_ACCESS_ONLY: SWITCH,
  MINIMUM_DRAIN_DURATION: DURATION,
  PEER_METADATA_DISCOVERY: SWITCH,
  POD_NAME: NAME,
  PROXY_CONFIG_XDS_AGENT: SWITCH,
  REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION: SWITCH,
  SECRET_GRACE_PERIOD_RATIO: NUMBER,
  SECRET_GRACE_PERIOD_RATIO_JITTER: NUMBER,
  SECRET_TTL: DURATION,
  WASM_HTTP_REQUEST_MAX_RETRIES: NUMBER,
  WASM_HTTP_REQUEST_TIMEOUT: DURATION,
  WASM_MODULE_EXPIRY: DURATION,
  WASM_PURGE_INTERVAL: DURATION,
  WORKLOAD_RSA_KEY_SIZE: NUMBER,
};

/** Adds a problem for each variable with which every machine of the group would refuse its bundle. */
export function checkProxyMetadata(problems: Problems, metadata: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(metadata)) {
    if (Object.hasOwn(COMPUTED, name)) {
      problems.add(COMPUTED_METADATA, name, value, { remedy: `remove it and set ${COMPUTED[name]}` });
      continue;
    }
    const form = /^ISTIO_META(JSON)?_[A-Z]/.test(name) ? TEXT : formOf(PROXY_METADATA, name);
    if (form === undefined) problems.add(NAME_OF_METADATA, name, value);
    else {
      const allowed = `a value of the form ${form}`;
      problems.check(VALUE_OF_METADATA, name, value, (text) => new RegExp(`^(?:${form})$`).test(String(text)), {
        allowed,
      });
    }
  }
}

/** The form of a name; undefined for one that is not in the list, whatever every object has of that name. */
export function formOf<Form>(forms: Readonly<Record<string, Form>>, name: string): Form | undefined {
  return Object.hasOwn(forms, name) ? forms[name] : undefined;
}
