import { serviceHost } from '../mesh/service-host';

/**
 * Machines as the builders see them: a group or a single machine, every default filled in. Lists and keys are plain; leaves may be
 * values that are known only at deployment.
 */
export interface Member {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Labels of each machine. */
  readonly labels: Readonly<Record<string, string>>;
  /** What Services over the machines select. */
  readonly selector: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly MachinePortSpec[];
  readonly services: readonly MachineServiceSpec[];
  readonly network: string;
  /** Domain of the cluster whose Services the machines stand behind. */
  readonly clusterDomain: string;
  readonly locality: string | undefined;
  readonly weight: number | undefined;
}

/** A port of machines. */
export interface MachinePortSpec {
  readonly name: string;
  readonly port: number;
}

/** A Service over machines. */
export interface MachineServiceSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly MachineServicePortSpec[];
}

/** A port of a Service over machines. */
export interface MachineServicePortSpec {
  readonly name: string;
  readonly port: number;
  readonly targetPort: string | number;
  readonly appProtocol: string | undefined;
}

/** Whether a sidecar runs on the machines: the label is what MeshVm says it with. */
export function hasSidecar({ labels }: Pick<Member, 'labels'>): boolean {
  return labels['security.istio.io/tlsMode'] !== 'disabled';
}

/** Hosts of the Services over machines inside the cluster. */
export function serviceHostsOf({ services, namespace, clusterDomain }: Member): readonly string[] {
  return services.map(({ name }) => serviceHost(name, namespace, clusterDomain));
}
