import { join } from 'node:path';
import {
  ControlPlane,
  type ControlPlaneOptions,
  type KubernetesObject,
  ManagedProcess,
  type StoredObject,
} from '../harness';
import { toolFolder } from '../tools/tools';

/** Those that a deployment tool waits for. */
const CONTROLLERS = [
  'namespace-controller',
  'garbage-collector-controller',
  'deployment-controller',
  'replicaset-controller',
  'endpoints-controller',
  'endpointslice-controller',
];

/**
 * A control plane with what else a deployment tool waits for: the controllers of Kubernetes, real ones; and in the place of nodes and of a
 * load balancer, whoever says that a Pod runs and which address a Service got.
 */
export class Cluster {
  static async start(options: ControlPlaneOptions = {}): Promise<Cluster> {
    const controlPlane = await ControlPlane.start(options);
    try {
      controlPlane.own(
        ManagedProcess.start({
          workspace: controlPlane.workspace,
          name: 'kube-controller-manager',
          command: join(await toolFolder('kube-controller-manager'), 'kube-controller-manager'),
          args: [
            `--kubeconfig=${controlPlane.apiServer.adminKubeconfig()}`,
            `--controllers=${CONTROLLERS.join()}`,
            '--leader-elect=false',
            '--secure-port=0',
          ],
        }),
      );
      return new Cluster(controlPlane);
    } catch (error) {
      await controlPlane.stop();
      throw error;
    }
  }

  /** The address that every load balancer gets. */
  readonly loadBalancerAddress = '198.51.100.7';
  private stopped = false;
  private pods = 0;
  private readonly watching: Promise<void>;

  private constructor(readonly controlPlane: ControlPlane) {
    this.watching = this.watch();
  }

  get client(): ControlPlane['client'] {
    return this.controlPlane.client;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
    await this.controlPlane.stop();
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      const pods = await this.client.list('v1', 'Pod');
      const services = await this.client.list('v1', 'Service');
      await Promise.all([
        ...pods.filter(isPending).map((pod) => this.setStatus(pod, this.running())),
        ...services.filter(isWaiting).map((service) => this.setStatus(service, this.balanced())),
      ]);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private running() {
    this.pods += 1;
    const podIP = `10.244.${this.pods >> 8}.${this.pods & 255}`;
    const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
    }));
    return { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
  }

  private balanced() {
    return { loadBalancer: { ingress: [{ ip: this.loadBalancerAddress }] } };
  }

  private async setStatus(object: KubernetesObject, status: Parameters<ControlPlane['client']['patchStatus']>[1]) {
    // It may be gone meanwhile.
    if (
      (await this.client.get(object.apiVersion, object.kind, object.metadata.name, object.metadata.namespace)) ===
      undefined
    )
      return;
    await this.client.patchStatus(object, status);
  }
}

function isPending({ status }: StoredObject): boolean {
  return (status as { readonly phase?: string } | undefined)?.phase !== 'Running';
}

function isWaiting({ spec, status }: StoredObject): boolean {
  const { loadBalancer } = (status ?? {}) as { readonly loadBalancer?: { readonly ingress?: unknown } };
  return (spec as { readonly type?: string }).type === 'LoadBalancer' && loadBalancer?.ingress === undefined;
}
