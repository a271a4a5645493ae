import { type Problems, rule } from '../../core/problems';
import { DURATION, formOf, HOST_PORT, SWITCH, TEXT } from './proxy-metadata';

const FIELD = rule({
  id: 'bootstrap/proxy-config-field',
  origin: 'meshvm',
  allowed: 'fields of a ProxyConfig that name no program, file or root certificate, in the form that Istio reads',
  remedy: 'remove the field, or correct its value',
  source:
    "istio api mesh/v1alpha1/proxy.proto: pilot-agent runs binaryPath, for one; meshvm's agent lets nothing else through",
});

/** Fields of the ProxyConfig of machines, and their forms; null for those with more in them. The agent has the same: lib/join/agent/mesh_text.py. */
export const PROXY_CONFIG_FIELDS: Readonly<Record<string, string | null>> = {
  concurrency: String.raw`\d{1,4}`,
  connectionSettings: null,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  discoveryAddress: HOST_PORT,
  drainDuration: DURATION,
  extraStatTags: null,
  fileFlushInterval: DURATION,
  gatewayTopology: null,
  holdApplicationUntilProxyStarts: SWITCH,
  meshId: TEXT,
  proxyHeaders: null,
  proxyMetadata: null,
  proxyStatsMatcher: null,
  readinessProbe: null,
  runtimeValues: null,
  serviceCluster: TEXT,
  statsCompression: SWITCH,
  statsdUdpAddress: HOST_PORT,
  statusPort: String.raw`[1-9]\d{0,4}`,
  terminationDrainDuration: DURATION,
  tracing: null,
  tracingServiceName: '[A-Z_]+',
};

/** Adds a problem for each field with which every machine of the group would refuse its bundle. */
export function checkProxyConfigFields(problems: Problems, fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const form = formOf(PROXY_CONFIG_FIELDS, name);
    if (form === undefined) problems.add(FIELD, name, value);
    // Null is what a field without a value reads as.
    else problems.check(FIELD, name, value ?? undefined, () => isGood(form, value));
  }
}

function isGood(form: string | null, value: unknown): boolean {
  const nested = typeof value === 'object' && value !== null;
  if (form === null) return nested && !namesFiles(value);
  return !nested && new RegExp(`^(?:${form})$`).test(String(value));
}

/** Settings of TLS are files on the machine. */
function namesFiles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, below]) => ['tlsSettings', 'tls_settings', '<<'].includes(key) || namesFiles(below),
  );
}
