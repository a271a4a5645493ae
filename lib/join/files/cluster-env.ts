import { quoteAsIstioctl } from '../../core/shell-quote';
import { DEFAULT_CLUSTER_DOMAIN } from '../../mesh/service-host';
import type { ExcludedFromCapture, MachineBundle } from './machine-bundle';
import { type MachineProxyConfig, proxyConfig } from './proxy-config';

/** The address under which one machine registers. */
export interface MachineAddress {
  readonly address: string;
  /** Whether the machine itself doesn't have the address: it is translated on the way. */
  readonly external: boolean;
}

/**
 * `cluster.env`: the environment of the sidecar's start script. The same bytes as istioctl writes, but for the points that
 * `DIFFERENCES` names.
 *
 * @param address The machine's address. Left out in a group's bundle: each machine adds its own.
 */
export function clusterEnv(bundle: MachineBundle, address?: MachineAddress): string {
  const { mesh, member } = bundle;
  const config = proxyConfig(bundle);
  const { excluded = NOTHING_EXCLUDED } = bundle;
  const ports = member.ports.map(({ port }) => port).sort((a, b) => a - b);
  const env: Record<string, string> = {
    ...config.proxyMetadata,
    ISTIO_INBOUND_PORTS: (ports.length > 0 ? ports : [CAPTURE_PORT]).join(','),
    ISTIO_NAMESPACE: member.namespace,
    ISTIO_SERVICE: `${member.name}.${member.namespace}`,
    ISTIO_SERVICE_CIDR: '*',
    ISTIO_LOCAL_EXCLUDE_PORTS: [excludedPorts(config), ...excluded.inboundPorts].join(','),
    SERVICE_ACCOUNT: member.serviceAccount,
  };
  // In the environment it means capture, to istio-iptables; istiod reads the metadata of mesh.yaml.
  if (bundle.dns?.split !== undefined) delete env.ISTIO_META_DNS_CAPTURE;
  if (mesh.istiodAddress !== START_SCRIPT_CA_ADDRESS) env.CA_ADDR ??= mesh.istiodAddress;
  if (excluded.outboundPorts.length > 0) env.ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE = excluded.outboundPorts.join(',');
  if (excluded.interfaces.length > 0) env.ISTIO_EXCLUDE_INTERFACES = excluded.interfaces.join(',');
  const agentFlags = flags(bundle);
  if (agentFlags !== undefined) env.ISTIO_AGENT_FLAGS = agentFlags;
  if (address !== undefined) {
    env.ISTIO_SVC_IP = address.address;
    if (address.external) env.REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION = 'true';
  }
  return lines(env);
}

/**
 * Where the capture leads to. Alone in its list it means that nothing inbound is captured: SSH on another port and agents of others stay as
 * they were. An empty list would do so, too, but the start script takes away the rules that it would make now, and for that it makes none: those
 * of an earlier list would stay, and keep it from starting.
 */
export const CAPTURE_PORT = 15006;

const NOTHING_EXCLUDED: ExcludedFromCapture = { inboundPorts: [], outboundPorts: [], interfaces: [] };

/** What istio-start.sh exports as CA_ADDR when nobody says anything. */
const START_SCRIPT_CA_ADDRESS = 'istiod.istio-system.svc:15012';

/**
 * The domain by which istiod knows what short names of Services the machine means. pilot-agent takes it as a flag alone, and takes
 * cluster.local by itself.
 */
function flags({ mesh, member }: MachineBundle): string | undefined {
  const { clusterDomain } = mesh;
  return clusterDomain === DEFAULT_CLUSTER_DOMAIN ? undefined : `--domain ${member.namespace}.svc.${clusterDomain}`;
}

/** SSH, Envoy's metrics, its readiness, and the agent: never captured, so that the machine stays reachable. */
function excludedPorts({ statusPort }: MachineProxyConfig): string {
  const base = '22,15090,15021';
  return statusPort === 15090 || statusPort === 15021 ? base : `${base},${statusPort ?? 15020}`;
}

/** Sorted as Go sorts strings, by bytes; the whole line takes part, so that `A=` stands before `A_B=`. */
function lines(env: Readonly<Record<string, string>>): string {
  const all = Object.entries(env).map(([key, value]) => `${key}=${quoteAsIstioctl(value)}`);
  return `${all.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join('\n')}\n`;
}
