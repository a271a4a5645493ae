import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { type Container, containerArgs, containerEnvironment } from './container';
import type { ControlPlane } from './control-plane';
import { http } from './http';
import type { JsonObject, KubernetesObject, StoredObject } from './kubernetes-object';
import type { NetworkHost } from './network';
import { publishPod } from './pod-endpoints';
import { ManagedProcess } from './process';
import { ProxyFiles } from './proxy-files';

export interface GatewayOptions {
  /**
   * The Deployment of the gateway, with gateway injection (`inject.istio.io/templates: gateway`). It, its
   * ServiceAccount and its Services must have been applied.
   */
  readonly deployment: KubernetesObject;
}

/**
 * One running Pod of a gateway's Deployment, in a network namespace: a real Pod object that istiod's injection webhook
 * has completed, and pilot-agent with Envoy started as that object says.
 *
 * What a kubelet and controllers would do is done here: the Pod's status, the endpoints of the Services that select it,
 * and the address of those that are of type LoadBalancer (the Pod's own).
 */
export class Gateway {
  static async start(controlPlane: ControlPlane, options: GatewayOptions): Promise<Gateway> {
    const { client, lan, tools, workspace } = controlPlane;
    const { istiod } = controlPlane;
    const pod = await client.create(podOf(options.deployment));
    const { name, namespace = 'default' } = pod.metadata;
    const spec = pod.spec as PodSpec;
    const container = spec.containers.find((candidate) => candidate.name === 'istio-proxy');
    if (container?.args === undefined) throw new Error(`Pod ${namespace}/${name} was not injected: see its labels.`);
    const host = await lan.addHost(name, controlPlane.istiodHosts());

    const serviceAccount = spec.serviceAccountName ?? 'default';
    const env = containerEnvironment(container, {
      'metadata.name': name,
      'metadata.namespace': namespace,
      'spec.serviceAccountName': serviceAccount,
      'status.podIP': host.address,
    });
    const files = new ProxyFiles(workspace.subfolder(name), tools);
    files.writeSecret(
      'var/run/secrets/tokens/istio-token',
      await client.token(namespace, serviceAccount, ['istio-ca']),
    );
    files.write('var/run/secrets/istio/root-cert.pem', await controlPlane.rootCertificate(namespace));
    files.write('etc/istio/pod/labels', downwardApiFile(pod.metadata.labels));
    files.write('etc/istio/pod/annotations', downwardApiFile(pod.metadata.annotations));
    const proxyConfig = { ...(JSON.parse(env.PROXY_CONFIG ?? '{}') as JsonObject), binaryPath: files.envoy };

    const process = ManagedProcess.start({
      workspace,
      name,
      ...host.command(tools.pilotAgent, containerArgs(container, env)),
      cwd: files.root,
      env: { ...env, PROXY_CONFIG: JSON.stringify(proxyConfig) },
    });
    controlPlane.own(process);
    await process.waitUntil(
      'it is ready',
      async () => (await http({ url: `http://${host.address}:15021/healthz/ready`, timeoutSeconds: 2 })).status === 200,
      { details: () => `istiod knows these proxies: ${istiod.process.logTail(5)}` },
    );
    await publishPod(client, pod, host.address);
    return new Gateway(process, host, pod);
  }

  private constructor(
    readonly process: ManagedProcess,
    readonly host: NetworkHost,
    readonly pod: StoredObject,
  ) {}

  get address(): string {
    return this.host.address;
  }

  /** The name of its proxy in istiod's debug endpoints. */
  get proxy(): string {
    return `${this.pod.metadata.name}.${this.pod.metadata.namespace}`;
  }

  /** What it knows about the way to istiod, and the end of its log: for the message of a test that waits in vain. */
  report(): string {
    const admin = (path: string): string => {
      const { command, args } = this.host.command('curl', ['-sS', `http://127.0.0.1:15000/${path}`]);
      const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
      return stdout + stderr;
    };
    const istiod = admin('clusters')
      .split('\n')
      .filter((line) => line.startsWith('outbound|15012|'));
    const listeners = admin('stats?filter=listener.*15012|tcp.*istiod|no_filter_chain_match');
    return [
      '--- clusters of the gateway for istiod ---',
      ...istiod,
      '--- its listener ---',
      listeners,
      `--- end of ${this.process.logFile} ---`,
      this.process.logTail(15),
    ].join('\n');
  }

  async stop(): Promise<void> {
    await this.process.kill();
  }
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly serviceAccountName?: string;
}

/** The Pod that the controllers of Deployments and ReplicaSets would make. */
function podOf(deployment: KubernetesObject): KubernetesObject {
  const { template } = deployment.spec as {
    readonly template: { readonly metadata?: Partial<KubernetesObject['metadata']>; readonly spec: JsonObject };
  };
  const { name, namespace } = deployment.metadata;
  const hash = randomBytes(4).toString('hex');
  const metadata = {
    ...template.metadata,
    name: `${name}-${hash}`,
    namespace,
    labels: { ...template.metadata?.labels, 'pod-template-hash': hash },
    // Injection takes the workload's name from the controller's name and the hash.
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-${hash}`, uid: randomUUID(), controller: true },
    ],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec };
}

/** The format of a downward API volume: one `key="value"` a line. */
function downwardApiFile(values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('');
}
