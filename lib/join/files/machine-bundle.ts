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
  /** As the group says; undefined leaves it to the mesh and to the annotation. */
  readonly dns?: DnsMode;
}

/** The annotation by which a group changes the ProxyConfig of its machines. */
export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';
