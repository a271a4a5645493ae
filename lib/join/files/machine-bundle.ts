import type { KubernetesProbe } from '../../machines/kubernetes-probe';
import type { Member } from '../../machines/member';
import type { DnsMode } from '../../mesh/dns-mode';
import type { Mesh } from '../../mesh/mesh';

/** What the files of a group's machines are made from. */
export interface MachineBundle {
  readonly mesh: Mesh;
  readonly member: Member;
  readonly probe: KubernetesProbe | undefined;
  /** The text of the annotation `proxy.istio.io/config`, parsed; empty without one. */
  readonly annotated: Readonly<Record<string, unknown>>;
  /** What the capture leaves alone beside what it always does. */
  readonly excluded?: ExcludedFromCapture;
  /** As the group says; undefined leaves it to the mesh and to the annotation. */
  readonly dns?: DnsMode;
}

/** Ports and interfaces that the capture leaves alone. */
export interface ExcludedFromCapture {
  readonly inboundPorts: readonly number[];
  readonly outboundPorts: readonly number[];
  readonly interfaces: readonly string[];
}

/** The annotation by which a group changes the ProxyConfig of its machines. */
export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';
