import { join } from 'node:path';
import { findTools, type Tools } from '../tools/tools';
import { ApiServer } from './api-server';
import { type CommandOptions, type CommandResult, runCommand } from './command';
import { Etcd } from './etcd';
import { type Installation, renderInstallation } from './installation';
import { Istiod, type IstiodOptions } from './istiod';
import type { KubeClient } from './kube-client';
import { type HostNames, Lan } from './network';
import type { ManagedProcess } from './process';
import { waitUntil } from './wait';
import { Workspace } from './workspace';

export interface ControlPlaneOptions extends IstiodOptions {
  /** Make a network for gateways and machines (needs root). Default: false. */
  readonly lan?: boolean;
  readonly apiServerArgs?: readonly string[];
}

/**
 * A real control plane: etcd, kube-apiserver with the CRDs of Istio and Gateway API, and istiod with its webhooks.
 *
 * There is no controller manager and no kubelet: nothing makes Pods of a Deployment or endpoints of a Service, owner
 * references are not followed, and a deleted Namespace stays `Terminating`. Use a namespace of its own for each test.
 */
export class ControlPlane {
  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const tools = await findTools();
    const workspace = new Workspace();
    const processes: ManagedProcess[] = [];
    // Takes as long as the API server: both at once.
    const rendering = renderInstallation(tools.istioctl, workspace.folder, { defaultRevision: true, ...options });
    rendering.catch(() => undefined);
    try {
      const lan = options.lan ? await Lan.create(workspace) : undefined;
      const etcd = await Etcd.start(workspace, tools.etcd, { startingWith: join(tools.cluster, 'etcd') });
      processes.push(etcd.process);
      const apiServer = await ApiServer.start({
        workspace,
        command: tools.kubeApiServer,
        etcdUrl: etcd.url,
        address: lan?.hostAddress,
        extraArgs: options.apiServerArgs,
      });
      processes.push(apiServer.process);
      const controlPlane = new ControlPlane(tools, workspace, apiServer, processes, lan);
      await controlPlane.startRendered(await rendering, options);
      return controlPlane;
    } catch (error) {
      await Promise.allSettled(processes.map((process) => process.kill()));
      await workspace.close();
      throw error;
    }
  }

  private readonly istiods: Istiod[] = [];

  private constructor(
    readonly tools: Tools,
    readonly workspace: Workspace,
    readonly apiServer: ApiServer,
    private readonly processes: ManagedProcess[],
    private readonly privateNetwork: Lan | undefined,
  ) {}

  /** A client of the API server with all rights. */
  get client(): KubeClient {
    return this.apiServer.client;
  }

  /** The first istiod. */
  get istiod(): Istiod {
    const [first] = this.istiods;
    if (first === undefined) throw new Error('No istiod has been started.');
    return first;
  }

  /** The network of gateways and machines. */
  get lan(): Lan {
    if (this.privateNetwork === undefined) throw new Error('Start the control plane with `lan: true`.');
    return this.privateNetwork;
  }

  /** The names of all istiods with their addresses, as the cluster's DNS would tell Pods. */
  istiodHosts(): HostNames {
    return Object.fromEntries(this.istiods.map(({ host, address }) => [host, address]));
  }

  /** The root certificate that istiod publishes in a namespace. */
  async rootCertificate(namespace: string): Promise<string> {
    // Not bound to the process of the first istiod: a test may have replaced it.
    const configMap = await waitUntil(
      `istiod has published its root certificate in ${namespace}`,
      () => this.client.get('v1', 'ConfigMap', 'istio-ca-root-cert', namespace),
      { details: () => this.istiod.process.logTail() },
    );
    return (configMap.data as { readonly 'root-cert.pem': string })['root-cert.pem'];
  }

  /** Starts another istiod, for example a canary revision, beside the first. */
  async startIstiod(options: IstiodOptions): Promise<Istiod> {
    const { istioctl } = this.tools;
    const installation = renderInstallation(istioctl, this.workspace.folder, { defaultRevision: false, ...options });
    return this.startRendered(await installation, options);
  }

  /** Runs istioctl with all rights on this cluster. */
  istioctl(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const { namespace } = this.istiod;
    const kubeconfig = ['--kubeconfig', this.apiServer.adminKubeconfig(), '--istioNamespace', namespace];
    return runCommand(this.tools.istioctl, [...args, ...kubeconfig], options);
  }

  /** Runs kubectl with all rights on this cluster. */
  kubectl(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const kubeconfig = ['--kubeconfig', this.apiServer.adminKubeconfig()];
    return runCommand(this.tools.kubectl, [...kubeconfig, ...args], options);
  }

  /** Makes a process stop with the control plane. */
  own(process: ManagedProcess): void {
    this.processes.push(process);
  }

  private async startRendered(installation: Installation, options: IstiodOptions): Promise<Istiod> {
    const { workspace, apiServer } = this;
    const { cluster, pilotDiscovery } = this.tools;
    const address = await this.privateNetwork?.addHostAddress();
    const istiod = await Istiod.start(
      { workspace, apiServer, cluster, pilotDiscovery, address },
      installation,
      options,
    );
    this.processes.push(istiod.process);
    this.istiods.push(istiod);
    return istiod;
  }

  /** Stops everything that was started here, in reverse order, and removes its files. */
  async stop(): Promise<void> {
    this.client.close();
    // Nothing of this is used again, and etcd has no one to hand over to: no reason to wait for polite ends.
    await Promise.all(this.processes.map((process) => process.kill()));
    await this.workspace.close();
  }
}
