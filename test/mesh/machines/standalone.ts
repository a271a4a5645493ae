import { X509Certificate } from 'node:crypto';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  Caller,
  ControlPlane as ControlPlaneForMachines,
  EastWestGateway,
  LoadBalancer,
  Mesh,
  MeshVmGroup,
  ServiceExposure,
  StandaloneEnvoy,
  type StandaloneEnvoyProps,
  type StandaloneIdentity,
} from 'meshvm';
import { groupProps, LABELS } from '../bootstrap-access-fixtures';
import { ControlPlane, Gateway, type JsonObject, type KubernetesObject, runCommand, waitUntil } from '../harness';
import { ManagedProcess } from '../harness/process';
import { Authority } from './authority';
import type { Computer } from './computer';
import { EnvoyHost } from './inbound';
import { startPod } from './pod';
import { SERVICES } from './standalone-services';

const MESH = new Mesh({ meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' });

/** What a standalone machine of these tests has of its own. */
export type StandaloneMachineProps = Omit<StandaloneEnvoyProps, 'mesh' | 'directory'>;

export interface StandaloneMeshOptions {
  /** Script of node that serves on the three ports. Default: SERVICES. */
  readonly application?: string;
  /** Whether sidecars log each request with its caller. Default: true. */
  readonly accessLog?: boolean;
}

/**
 * A mesh under STRICT whose group `payment-service`, with a Pod for a machine, has an HTTP, a gRPC and a TCP service: ports 8080, 9000 and
 * 5432. Nobody may call but whom the tests allow. Its gateways let mutual TLS in to all services.
 */
export class StandaloneMesh {
  static async start(options: StandaloneMeshOptions = {}): Promise<StandaloneMesh> {
    const { application = SERVICES, accessLog = true } = options;
    const authority = Authority.create('mesh');
    const controlPlane = await ControlPlane.start({
      operator: new ControlPlaneForMachines({ mesh: MESH }).istioOperator() as JsonObject,
      network: MESH.network,
      lan: true,
      istiodEnv: { ROOT_CA_DIR: authority.folder },
      meshConfig: {
        accessLogFile: accessLog ? '/dev/stdout' : '',
        accessLogFormat: 'PORT=%DOWNSTREAM_LOCAL_PORT% CALLER=%DOWNSTREAM_PEER_URI_SAN%\n',
      },
    });
    const mesh = new StandaloneMesh(controlPlane, authority);
    try {
      await controlPlane.client.mustApply(mesh.platform.toJson() as KubernetesObject[]);
      await mesh.apply();
      await mesh.startServices(application);
      return mesh;
    } catch (error) {
      await mesh.stop();
      throw error;
    }
  }

  readonly mesh = MESH;
  readonly group: MeshVmGroup;
  /** The Pod that stands for a machine of the group. */
  services!: Computer;
  private readonly app = new App();
  private readonly platform = new Chart(this.app, 'platform', { namespace: 'istio-system' });
  private readonly payments = new Chart(this.app, 'payments', { namespace: 'payments' });

  private constructor(
    readonly controlPlane: ControlPlane,
    readonly authority: Authority,
  ) {
    const exposeServices = ServiceExposure.istioApis();
    new EastWestGateway(this.platform, 'gateway', { mesh: MESH, loadBalancer: LoadBalancer.metalLb(), exposeServices });
    this.group = new MeshVmGroup(this.payments, 'payment-service', {
      ...groupProps(MESH, undefined, controlPlane.lan.cidr),
      identity: undefined,
      ports: [
        { name: 'http', port: 8080 },
        { name: 'grpc', port: 9000 },
        { name: 'tcp', port: 5432 },
      ],
    });
    this.group.requireMutualTls();
    this.group.denyByDefault();
  }

  /** Starts one more gateway of the synthesized Deployment. */
  async startGateway(): Promise<Gateway> {
    const deployment = (this.platform.toJson() as KubernetesObject[]).find(({ kind }) => kind === 'Deployment');
    const gateway = await Gateway.start(this.controlPlane, { deployment: deployment as KubernetesObject });
    await gateway.process.waitUntil('it lets services in', async () => {
      const listeners = await this.controlPlane.istiod.debug.listeners(gateway.proxy);
      return listeners.some(({ port, serverNames }) => port === 15443 && serverNames.length > 0);
    });
    return gateway;
  }

  /** Lets somebody call the group, a StandaloneEnvoy for one. The sidecar knows it when this returns; connections keep what held before. */
  async allow(caller: StandaloneIdentity): Promise<void> {
    this.group.allowFrom(Caller.standalone(caller));
    await this.apply();
    const id = `/ns/${caller.namespace}/sa/${caller.serviceAccount}`;
    const dump = 'curl -s localhost:15000/config_dump?resource=dynamic_listeners';
    await this.services.process.waitUntil(`it takes calls of ${id}`, async () => {
      return (await this.services.output(`${dump} | grep -cF '${id}"' || true`)) !== '0';
    });
  }

  /** Makes a machine with a certificate of its identity, in a namespace of its name; it is off. */
  async machine(name: string, props: StandaloneMachineProps): Promise<StandaloneMachine> {
    const host = await EnvoyHost.create(this.controlPlane, name);
    const chart = new Chart(this.app, name, { namespace: name });
    const envoy = new StandaloneEnvoy(chart, name, { mesh: MESH, directory: host.directory, ...props });
    await this.controlPlane.client.mustApply(chart.toJson() as KubernetesObject[]);
    return new StandaloneMachine(this.controlPlane, host, envoy, this.authority);
  }

  /** Starts a Pod whose sidecar writes an access log. */
  async startPod(pod: KubernetesObject, application?: string): Promise<Computer> {
    // The sidecar, which is not root, opens /dev/stdout anew for its access log.
    const log = join(this.controlPlane.workspace.logs, `${pod.metadata.name}.log`);
    writeFileSync(log, '');
    chmodSync(log, 0o666);
    return (await startPod(this.controlPlane, pod, 8080, application)).computer;
  }

  async stop(): Promise<void> {
    await this.controlPlane.stop();
    this.authority.remove();
  }

  private async apply(): Promise<void> {
    await this.controlPlane.client.mustApply(this.payments.toJson() as KubernetesObject[]);
  }

  private async startServices(application: string): Promise<void> {
    const labels = { ...LABELS, 'sidecar.istio.io/inject': 'true' };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'payment-service-0', namespace: 'payments', labels },
      spec: { serviceAccountName: 'payment-service', containers: [{ name: 'application', image: 'services' }] },
    };
    this.services = await this.startPod(pod, application);
  }
}

/** A line of Envoy's access log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What a client got; status 0 when there was no answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A host on which nothing but the files of a StandaloneEnvoy lies, and Envoy runs. */
export class StandaloneMachine {
  private running: ManagedProcess | undefined;

  constructor(
    private readonly controlPlane: ControlPlane,
    readonly host: EnvoyHost,
    readonly envoy: StandaloneEnvoy,
    private readonly authority: Authority,
  ) {}

  get process(): ManagedProcess {
    if (this.running === undefined) throw new Error(`${this.envoy.envoyName} is off.`);
    return this.running;
  }

  /** Gives it a new certificate of its identity. */
  renew(): X509Certificate {
    const files = this.authority.issue(`URI:${this.envoy.spiffeId}`);
    this.authority.install(this.host.certificates, files);
    return new X509Certificate(readFileSync(files.certificate));
  }

  /** Starts Envoy, and puts the hosts block into its /etc/hosts. */
  async start(): Promise<void> {
    const { hosts, ...files } = this.envoy.files();
    if (hosts !== undefined) appendFileSync(join('/etc/netns', this.host.host.namespace, 'hosts'), hosts);
    this.running = await this.host.startEnvoy(files);
  }

  /** An HTTP request of a client on the machine. */
  async call(url: string, options: readonly string[] = []): Promise<Answer> {
    const output = await this.run('curl', ['-s', '-m', '20', '-w', '\n%{http_code}', ...options, url]);
    const end = output.lastIndexOf('\n');
    return { status: Number(output.slice(end + 1)), body: output.slice(0, end) };
  }

  /** Headers of a request as they came to the application; undefined when it was not answered with status 200. */
  async headers(url: string, options: readonly string[] = []): Promise<Readonly<Record<string, string>> | undefined> {
    const { status, body } = await this.call(url, options);
    return status === 200 ? JSON.parse(body) : undefined;
  }

  /** What a program prints on the machine, whether it fails or not. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const line = this.host.host.command(program, args);
    return (await runCommand(line.command, line.args, { allowFailure: true })).stdout;
  }

  /** Runs a script of node on the machine, and returns what it prints. */
  script(script: string, ...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, ['-e', script, ...args]);
  }

  /** What the admin interface says. */
  async admin(path: string): Promise<string> {
    return (await this.call(`http://127.0.0.1:15000/${path}`)).body;
  }

  /** A counter or gauge of Envoy. */
  async stat(name: string): Promise<number> {
    const { stats } = JSON.parse(await this.admin('stats?format=json')) as {
      readonly stats: readonly { readonly name?: string; readonly value?: number }[];
    };
    const found = stats.find((stat) => stat.name === name);
    if (found?.value === undefined) throw new Error(`There is no ${name}.`);
    return found.value;
  }

  /** Requests, or connections of TCP, that each gateway got, by its address. */
  async requestsByGateway(): Promise<ReadonlyMap<string, number>> {
    interface Cluster {
      readonly name: string;
      readonly host_statuses?: readonly {
        readonly address: { readonly socket_address: { readonly address: string } };
        readonly stats: readonly { readonly name: string; readonly value?: string }[];
      }[];
    }
    const { cluster_statuses } = JSON.parse(await this.admin('clusters?format=json')) as {
      readonly cluster_statuses: readonly Cluster[];
    };
    const found = new Map<string, number>();
    for (const { name, host_statuses = [] } of cluster_statuses) {
      if (!name.startsWith('outbound|')) continue;
      for (const { address, stats } of host_statuses) {
        const total = Number(stats.find((stat) => stat.name === 'rq_total')?.value ?? 0);
        const key = address.socket_address.address;
        found.set(key, (found.get(key) ?? 0) + total);
      }
    }
    return found;
  }

  /** Whether active health checks find the way to a service good, by gateway. */
  async health(cluster: string): Promise<readonly boolean[]> {
    const lines = (await this.admin('clusters')).split('\n');
    const flags = lines.filter((line) => line.startsWith(`${cluster}::`) && line.includes('::health_flags::'));
    return flags.map((line) => line.endsWith('::healthy'));
  }

  /** All lines of the access log so far. */
  accessLog(): readonly LogLine[] {
    const lines = readFileSync(this.process.logFile, 'utf8').split('\n');
    return lines.filter((line) => /^\{.*\}$/.test(line)).map((line) => JSON.parse(line));
  }

  /** The last line of the access log about a path, when it is written. */
  logged(path: string): Promise<LogLine> {
    return waitUntil(`${path} is in the access log`, () => {
      return this.accessLog()
        .filter((line) => line.path === path)
        .at(-1);
    });
  }

  /** Starts clients that call `url` without an end; see Load. */
  load(url: string, workers = 4): Load {
    return new Load(this.controlPlane, this, url, workers);
  }
}

/** Clients on a machine, each of which asks again a moment after it got its answer. */
export class Load {
  private static started = 0;
  private readonly process: ManagedProcess;

  constructor(controlPlane: ControlPlane, machine: StandaloneMachine, url: string, workers: number) {
    Load.started += 1;
    this.process = ManagedProcess.start({
      workspace: controlPlane.workspace,
      name: `load-${Load.started}`,
      ...machine.host.host.command(process.execPath, ['-e', LOAD, url, String(workers)]),
    });
    controlPlane.own(this.process);
  }

  /** How often each status was answered so far; `0` is no answer. */
  counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const status of readFileSync(this.process.logFile, 'utf8').split('\n').slice(0, -1)) {
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  /** Waits for so many more answers of status 200. */
  async more(requests: number): Promise<void> {
    const before = this.counts()['200'] ?? 0;
    await this.process.waitUntil(`${requests} more requests are answered`, () => {
      return (this.counts()['200'] ?? 0) >= before + requests;
    });
  }

  /** Stops when every request is answered. */
  async stop(): Promise<Readonly<Record<string, number>>> {
    await this.process.stop(30);
    return this.counts();
  }
}

/** Writes a line for each answer: its status. SIGTERM ends it once all are there. */
const LOAD = `
const http = require('node:http');
const [url, workers] = process.argv.slice(1);
const agent = new http.Agent({ keepAlive: true });
let stopped = false;
process.on('SIGTERM', () => { stopped = true; });
const one = () => new Promise((resolve) => {
  const request = http.get(url, { agent, timeout: 30000 }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode));
    response.on('error', () => resolve(0));
  });
  request.on('timeout', () => request.destroy(new Error('timeout')));
  request.on('error', () => resolve(0));
});
const work = async () => {
  while (!stopped) {
    process.stdout.write((await one()) + '\\n');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
Promise.all(Array.from({ length: Number(workers) }, work)).then(() => process.exit(0));
`;
