import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ControlPlane } from './control-plane';
import type { Istiod } from './istiod';
import type { JsonObject, KubernetesObject, StoredObject } from './kubernetes-object';
import type { HostNames, NetworkHost } from './network';
import { ManagedProcess } from './process';
import { ProxyFiles } from './proxy-files';

/** What `istioctl x workload entry configure` writes for the machines of a group. */
export interface MachineFiles {
  readonly clusterEnv: string;
  readonly meshYaml: string;
  readonly rootCertificate: string;
  readonly token: string;
  readonly hosts: string;
}

export interface ConfigureOptions {
  /** Name and namespace (`<name>.<namespace>`) of the Service whose address machines use to reach istiod. */
  readonly ingressService?: string;
  /** Default: true. */
  readonly autoRegister?: boolean;
  /** The istiod that the machine belongs to. Default: the first. */
  readonly istiod?: Istiod;
  /** More arguments of istioctl. */
  readonly args?: readonly string[];
}

/** Runs the real `istioctl x workload entry configure` for a WorkloadGroup and returns the files that it wrote. */
export async function configureMachine(
  controlPlane: ControlPlane,
  group: KubernetesObject,
  options: ConfigureOptions = {},
): Promise<MachineFiles> {
  const { name, namespace = 'default' } = group.metadata;
  const folder = controlPlane.workspace.subfolder('workload-entry-configure', `${namespace}.${name}`);
  const groupFile = join(folder, 'workload-group.yaml');
  // As JSON: Go's YAML reads the bare words y and n as booleans.
  writeFileSync(groupFile, JSON.stringify(group));
  const { revision } = options.istiod ?? controlPlane.istiod;
  await controlPlane.istioctl([
    ...['experimental', 'workload', 'entry', 'configure', '--file', groupFile, '--output', folder],
    ...(options.autoRegister === false ? [] : ['--autoregister']),
    ...(options.ingressService === undefined ? [] : ['--ingressService', options.ingressService]),
    ...(revision === '' ? [] : ['--revision', revision]),
    ...(options.args ?? []),
  ]);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return {
    clusterEnv: read('cluster.env'),
    meshYaml: read('mesh.yaml'),
    rootCertificate: read('root-cert.pem'),
    token: read('istio-token'),
    hosts: read('hosts'),
  };
}

export interface MachineOptions {
  readonly name: string;
  readonly files: MachineFiles;
  /** Names in /etc/hosts, beside those of the files. */
  readonly hosts?: HostNames;
  /** Environment of the start script, over what the files say. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A machine: a network namespace in which the start script of Istio's machine package runs pilot-agent and Envoy from
 * files. It captures no traffic: iptables rules are left out.
 */
export class Machine {
  /** Makes the machine and puts the files in their places; nothing runs yet. */
  static async create(controlPlane: ControlPlane, options: MachineOptions): Promise<Machine> {
    const host = await controlPlane.lan.addHost(options.name, { ...hostsOf(options.files.hosts), ...options.hosts });
    const files = new ProxyFiles(controlPlane.workspace.subfolder(options.name), controlPlane.tools);
    files.copy(controlPlane.tools.sidecarEnv, 'var/lib/istio/envoy/sidecar.env');
    files.write('var/lib/istio/envoy/cluster.env', options.files.clusterEnv);
    files.write('etc/istio/config/mesh', options.files.meshYaml);
    files.write('etc/certs/root-cert.pem', options.files.rootCertificate);
    files.writeSecret('var/run/secrets/tokens/istio-token', options.files.token);
    return new Machine(controlPlane, host, files, options.env ?? {});
  }

  private readonly processes: ManagedProcess[] = [];

  private constructor(
    private readonly controlPlane: ControlPlane,
    readonly host: NetworkHost,
    readonly files: ProxyFiles,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get address(): string {
    return this.host.address;
  }

  /** Starts the sidecar as the service unit of the package does. */
  startSidecar(): ManagedProcess {
    const { tools } = this.controlPlane;
    return this.start('sidecar', tools.istioStart, [], {
      // The script runs the agent as another user, by sudo, unless it is started by that user.
      EXEC_USER: 'root',
      USER: 'root',
      ISTIO_CUSTOM_IP_TABLES: 'true',
      ISTIO_BIN_BASE: dirname(tools.pilotAgent),
      POD_NAME: this.host.name,
      PROXY_CONFIG: `binaryPath: ${this.files.envoy}`,
      ...this.env,
    });
  }

  /** Starts any command on the machine, for example the application. */
  start(
    name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ManagedProcess {
    const process = ManagedProcess.start({
      workspace: this.controlPlane.workspace,
      name: `${this.host.name}-${name}`,
      ...this.host.command(command, args),
      cwd: this.files.root,
      env,
    });
    this.controlPlane.own(process);
    this.processes.push(process);
    return process;
  }

  /** Kills everything on the machine at once. */
  async kill(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
  }
}

/** The condition that istiod writes for a machine that reports its application's health; undefined without one. */
export function healthOf(workloadEntry: StoredObject | undefined): 'Healthy' | 'Unhealthy' | undefined {
  const { conditions } = (workloadEntry?.status ?? {}) as { readonly conditions?: readonly JsonObject[] };
  const condition = conditions?.find(({ type }) => type === 'Healthy');
  if (condition === undefined) return undefined;
  return condition.status === 'True' ? 'Healthy' : 'Unhealthy';
}

function hostsOf(file: string): HostNames {
  const lines = file.split('\n').map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(lines.flatMap(([address, ...names]) => names.map((name) => [name, address ?? ''])));
}
