import { App, Chart } from 'cdk8s';
import {
  type ApiServerAddress,
  ControlPlane as ControlPlaneForMachines,
  type ControlPlaneProps,
  type FirstBoot,
  type GroupMutualTlsProps,
  LoadBalancer,
  MachineIdentity,
  Mesh,
  MeshVmGroup,
  type MeshVmGroupProps,
  SidecarPackage,
} from 'meshvm';
import { EastWestGateway } from '../../../lib/gateway/east-west-gateway';
import { UserDataFormat } from '../../../lib/join/user-data';
import { groupProps } from '../bootstrap-access-fixtures';
import { ControlPlane, Gateway, healthOf, type JsonObject, type KubernetesObject, type StoredObject } from '../harness';
import { http } from '../harness/http';
import { Cloud } from './cloud';
import type { Computer } from './computer';
import { type JoiningMachineOptions, joiningMachine } from './joining-machine';
import { type MeshPod, startPod } from './pod';

/** The mesh of a World, unless its settings name another. */
export const MESH = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });
const SERVICE_ACCOUNT = 'payments@acme.iam.gserviceaccount.com';

/** The part of a Service's spec that callers need. */
export interface ServiceAddress {
  readonly clusterIP: string;
  readonly ports: readonly { readonly port: number }[];
}

/** A mesh with a gateway, a group whose machines join by themselves, and a Pod named `ledger` to talk to. */
export class World {
  /** @param settings Of the control plane; the mesh is one of the cluster `prod-eu` unless they name another. */
  static async start(settings: Partial<ControlPlaneProps> = {}): Promise<World> {
    const mesh = settings.mesh ?? MESH;
    const cloud = await Cloud.start(SERVICE_ACCOUNT);
    const controlPlane = await ControlPlane.start({
      operator: new ControlPlaneForMachines({ ...settings, mesh }).istioOperator() as JsonObject,
      network: mesh.network,
      lan: true,
      apiServerArgs: cloud.apiServerArgs,
    });
    const world = new World(cloud, controlPlane, mesh);
    try {
      await cloud.attach(controlPlane);
      await controlPlane.client.mustApply(world.objectsOf('platform'));
      await world.startGateway();
      await world.apply();
      await controlPlane.rootCertificate('payments');
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  gateway!: Gateway;
  private props: Partial<MeshVmGroupProps> = {};
  private mutualTls: GroupMutualTlsProps | undefined;

  private constructor(
    readonly cloud: Cloud,
    readonly controlPlane: ControlPlane,
    private readonly mesh: Mesh,
  ) {}

  /** Starts a gateway of the synthesized Deployment; its Service gets the address. */
  async startGateway(): Promise<Gateway> {
    const deployment = this.objectsOf('platform').find(({ kind }) => kind === 'Deployment') as KubernetesObject;
    this.gateway = await Gateway.start(this.controlPlane, { deployment });
    return this.gateway;
  }

  /** Applies what meshvm synthesizes of the group, from now on with these properties. */
  async apply(props: Partial<MeshVmGroupProps> = {}): Promise<void> {
    this.props = { ...this.props, ...props };
    await this.controlPlane.client.mustApply(this.objectsOf('payments'));
  }

  /** Makes the group take nothing but mutual TLS, but for some ports. */
  async requireMutualTls(props: GroupMutualTlsProps = {}): Promise<void> {
    this.mutualTls = props;
    await this.apply();
  }

  /** Makes all workloads of a namespace take nothing but mutual TLS; in that of the control plane, those of the mesh. */
  async requireMutualTlsIn(namespace: string): Promise<void> {
    await this.controlPlane.client.mustApply({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace },
      spec: { mtls: { mode: 'STRICT' } },
    } as KubernetesObject);
  }

  /** All that meshvm synthesizes of the gateway and the group, as it is applied. */
  objects(): readonly KubernetesObject[] {
    return [...this.objectsOf('platform'), ...this.objectsOf('payments')];
  }

  private objectsOf(chart: 'platform' | 'payments'): KubernetesObject[] {
    const { charts, group } = this.synthesize();
    if (this.mutualTls !== undefined) group.requireMutualTls(this.mutualTls);
    return charts[chart].toJson() as KubernetesObject[];
  }

  /** Makes a machine of the group that is off. */
  machine(name: string, options: Partial<JoiningMachineOptions> = {}): Promise<Computer> {
    const format = UserDataFormat.shellScript();
    const userData = this.synthesize().group.userData({ ...this.apiServerAddress(), format });
    return joiningMachine(this.controlPlane, { name, cloud: this.cloud, userData, ...options });
  }

  /** The script by which a running machine joins the group. */
  joinScript(firstBoot: FirstBoot = {}): string {
    return this.synthesize().group.joinScript({ ...this.apiServerAddress(), ...firstBoot });
  }

  /** Starts the Pod `ledger` and its Service, in a namespace of its own. */
  async startPod(): Promise<MeshPod> {
    const { client } = this.controlPlane;
    const labels = { app: 'ledger', 'sidecar.istio.io/inject': 'true' };
    await client.mustApply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ledger' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ledger', namespace: 'ledger' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'ledger', namespace: 'ledger' },
        spec: { selector: { app: 'ledger' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
    ]);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'ledger', namespace: 'ledger', labels },
      spec: { serviceAccountName: 'ledger', containers: [{ name: 'application', image: 'echo' }] },
    };
    return startPod(this.controlPlane, pod, 8080);
  }

  /** The entry that istiod has made for a machine, with its status. */
  async entryOf(machine: Computer): Promise<StoredObject | undefined> {
    const all = await this.controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
    return all.find(({ spec }) => (spec as { readonly address?: string }).address === machine.address);
  }

  /** When the machine's present connection to istiod began, once it is healthy; undefined when it is not. */
  async healthySince(machine: Computer): Promise<string | undefined> {
    const entry = await this.entryOf(machine);
    const { 'istio.io/connectedAt': since, 'istio.io/disconnectedAt': end } = entry?.metadata.annotations ?? {};
    return healthOf(entry) === 'Healthy' && !end ? `${entry?.metadata.uid} ${since}` : undefined;
  }

  /** The root certificate of the mesh, as machines of the group may read it. */
  async rootCertificate(): Promise<string> {
    return (await this.controlPlane.rootCertificate('payments')).trim();
  }

  /** Where callers find a Service. */
  async service(name: string, namespace: string): Promise<ServiceAddress> {
    const found = (await this.controlPlane.client.get('v1', 'Service', name, namespace)) as StoredObject;
    return found.spec as ServiceAddress;
  }

  /** The status of a plain text request to a port, by somebody outside the mesh; 0 when the connection was refused or reset. */
  async plainText(address: string, port: number): Promise<number> {
    try {
      return (await http({ url: `http://${address}:${port}/`, timeoutSeconds: 5 })).status;
    } catch {
      return 0;
    }
  }

  async stop(): Promise<void> {
    await this.controlPlane.stop();
    await this.cloud.stop();
  }

  private apiServerAddress(): ApiServerAddress {
    const { apiServer, lan } = this.controlPlane;
    return { apiServer: `https://${lan.hostAddress}:${apiServer.port}`, caCertificate: apiServer.ca };
  }

  private synthesize() {
    const { lan } = this.controlPlane;
    const app = new App();
    const platform = new Chart(app, 'platform', { namespace: 'istio-system' });
    const gateway = new EastWestGateway(platform, 'gateway', {
      mesh: this.mesh,
      loadBalancer: LoadBalancer.awsNlb(),
    });
    const payments = new Chart(app, 'payments', { namespace: 'payments' });
    const group = new MeshVmGroup(payments, 'payment-service', {
      ...groupProps(this.mesh, gateway, lan.cidr),
      identity: MachineIdentity.gke({ serviceAccountEmail: SERVICE_ACCOUNT }),
      bootstrap: {
        sidecarPackage: SidecarPackage.preinstalled(),
        restartJitterSeconds: 0,
        minimumRestartIntervalSeconds: 0,
      },
      ...this.props,
    });
    return { charts: { platform, payments }, group };
  }
}
