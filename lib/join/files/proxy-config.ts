import type { KubernetesProbe } from '../../machines/kubernetes-probe';
import { type DnsRouting, dnsRouting } from '../../mesh/dns-routing';
import type { MachineBundle } from './machine-bundle';

/** A ProxyConfig as it stands in `mesh.yaml`: the protobuf message as JSON, empty fields left out. */
export interface MachineProxyConfig {
  readonly proxyMetadata: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * The ProxyConfig of a group's machines: the mesh's, the group's annotation over it field by field, and what follows from the group over
 * both.
 *
 * Upstream: istioctl/pkg/workload createMeshConfig.
 */
export function proxyConfig(bundle: MachineBundle): MachineProxyConfig {
  const { mesh } = bundle;
  const { proxyMetadata, ...annotated } = byJsonName(bundle.annotated);
  return withoutEmpty({
    discoveryAddress: mesh.istiodAddress,
    meshId: mesh.meshId,
    holdApplicationUntilProxyStarts: mesh.proxy.holdApplicationUntilProxyStarts,
    ...annotated,
    readinessProbe: bundle.probe && readinessProbe(bundle.probe),
    proxyMetadata: {
      ...mesh.proxy.proxyMetadata,
      ISTIO_META_DNS_CAPTURE: String(mesh.proxy.dnsCapture),
      ...(proxyMetadata as Readonly<Record<string, string>> | undefined),
      ...computedMetadata(bundle),
    },
  }) as MachineProxyConfig;
}

/** What nobody can override. */
function computedMetadata({ mesh, member, dns }: MachineBundle): Readonly<Record<string, string>> {
  return {
    CANONICAL_SERVICE: member.labels['service.istio.io/canonical-name'],
    CANONICAL_REVISION: member.labels['service.istio.io/canonical-revision'],
    POD_NAMESPACE: member.namespace,
    SERVICE_ACCOUNT: member.serviceAccount,
    TRUST_DOMAIN: mesh.trustDomain,
    ISTIO_META_CLUSTER_ID: mesh.clusterName,
    ISTIO_META_MESH_ID: mesh.meshId,
    ISTIO_META_NETWORK: member.network,
    ...(member.ports.length > 0 ? { ISTIO_META_POD_PORTS: podPorts(member.ports) } : {}),
    ISTIO_META_WORKLOAD_NAME: member.name,
    ISTIO_METAJSON_LABELS: JSON.stringify(sorted({ ...member.labels, ...localityLabel(member.locality) })),
    ...dnsMetadata(dns && dnsRouting(dns, mesh.clusterDomain).mode, mesh.proxy.dnsCapture),
    ISTIO_META_AUTO_REGISTER_GROUP: member.name,
  };
}

/**
 * The label by which the sidecar reports its place. istiod takes the place of a machine that registers from what its sidecar reports,
 * whatever its WorkloadGroup says, and keeps the label out of the machine's entry. With it the sidecar doesn't ask the cloud.
 *
 * Upstream: istio pkg/bootstrap GetNodeMetaData reads the label before the platform, and each "." as "/" in a text without "/";
 * pkg/autoregistration workloadEntryFromGroup.
 */
function localityLabel(locality: string | undefined): Readonly<Record<string, string>> {
  if (locality === undefined) return {};
  const dotted = locality.includes('.') && !locality.includes('/');
  return { 'istio-locality': dotted ? `${locality}/` : locality };
}

/**
 * Upstream: istio pilot-agent starts its DNS server for `ISTIO_META_DNS_CAPTURE` or `ISTIO_META_ENABLE_DNS_SERVER` of its environment; istiod
 * gives allocated addresses to whose metadata says `DNS_CAPTURE`. With another host than `localhost`, pilot-agent does not choose the family of
 * the address by the name servers of the machine.
 */
function dnsMetadata(mode: DnsRouting['mode'] | undefined, byDefault: boolean): Readonly<Record<string, string>> {
  switch (mode) {
    case undefined:
      return byDefault ? { ISTIO_META_DNS_CAPTURE: 'true' } : {};
    case 'split':
      return {
        ISTIO_META_DNS_CAPTURE: 'true',
        ISTIO_META_ENABLE_DNS_SERVER: 'true',
        DNS_PROXY_ADDR: '127.0.0.1:15053',
      };
    default:
      return { ISTIO_META_DNS_CAPTURE: String(mode === 'capture') };
  }
}

/** Upstream: istio pkg/model PodPort, whose protocol istioctl leaves empty. */
function podPorts(ports: MachineBundle['member']['ports']): string {
  const byName = [...ports].sort((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(byName.map(({ name, port }) => ({ name, containerPort: port, protocol: '' })));
}

function readinessProbe(probe: KubernetesProbe): unknown {
  const { httpGet, tcpSocket, exec, grpc, ...thresholds } = probe;
  return withoutEmpty({
    ...withoutEmpty(thresholds),
    httpGet: httpGet && withoutEmpty({ ...httpGet }),
    tcpSocket: tcpSocket && withoutEmpty({ ...tcpSocket }),
    exec,
    grpc,
  });
}

/** protobuf's JSON takes a field by its JSON name or by its original one, and skips null. */
export function byJsonName(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replace(/_([a-z])/g, (_, c) => c.toUpperCase()), value]),
  );
}

/** protobuf's JSON leaves out empty text, zero and empty lists. */
function withoutEmpty(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0);
}

function sorted(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
