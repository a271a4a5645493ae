import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ApiServer } from './api-server';
import { type Container, containerArgs, containerEnvironment } from './container';
import { allDefinitionsEstablished, isDefinition } from './definitions';
import { http } from './http';
import { adaptToHost, type Installation, type InstallationOptions } from './installation';
import { IstiodDebug } from './istiod-debug';
import type { KubernetesObject, Manifest } from './kubernetes-object';
import { freePort } from './ports';
import { ManagedProcess } from './process';
import type { Workspace } from './workspace';

export interface IstiodOptions extends InstallationOptions {
  /** Environment variables of istiod, over those of the chart. */
  readonly istiodEnv?: Readonly<Record<string, string>>;
}

export interface IstiodSurroundings {
  readonly workspace: Workspace;
  readonly apiServer: ApiServer;
  readonly pilotDiscovery: string;
  /** What the cluster began with: its CRDs need not be applied again. */
  readonly cluster: string;
  /**
   * An address of this host that gateways and machines reach, and that no other istiod uses: on it istiod serves xDS on
   * its usual port. Without one istiod is for this host only.
   */
  readonly address?: string;
}

/**
 * A real istiod, installed by Istio's own charts: its roles, its configuration and its webhooks are the rendered ones,
 * its process has the environment and the arguments of the rendered Deployment and the rights of its ServiceAccount.
 */
export class Istiod {
  static async start(
    surroundings: IstiodSurroundings,
    installation: Installation,
    options: Pick<IstiodOptions, 'network' | 'istiodEnv'>,
  ): Promise<Istiod> {
    const { workspace, apiServer, address } = surroundings;
    const { client } = apiServer;
    const { namespace, revision } = installation;
    const ports = {
      http: await freePort(),
      https: await freePort(),
      grpc: await freePort(),
      secureGrpc: address === undefined ? await freePort() : XDS_PORT,
      monitoring: await freePort(),
      controlZ: await freePort(),
    };
    const objects = adaptToHost(installation.objects, ports.https);
    await client.mustApply(namespaceFor(namespace, options.network));
    // A controller would make it; istioctl presents its token to istiod.
    await client.mustApply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    const known = definitionsOf(surroundings.cluster);
    const isKnown = (object: Manifest): boolean => known.some((other) => isDeepStrictEqual(other, object));
    const definitions = objects.filter((object) => isDefinition(object) && !isKnown(object));
    if (definitions.length > 0) {
      await client.mustApply(definitions);
      await allDefinitionsEstablished(apiServer);
    }
    await client.mustApply(objects.filter((object) => !isDefinition(object)));

    const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.labels?.app === 'istiod');
    if (deployment === undefined) throw new Error('The rendered installation has no Deployment of istiod.');
    const pod = podOf(deployment);
    const facts = {
      'metadata.name': `${deployment.metadata.name}-${workspace.id}`,
      'metadata.namespace': namespace,
      'spec.serviceAccountName': pod.serviceAccountName,
    };
    const { KUBECONFIG: _inCluster, ...charted } = containerEnvironment(pod.container, facts);
    const env: Record<string, string> = { ...charted, ...STOCK_ENVOY, ...options.istiodEnv };
    // The API server calls the webhooks by this name; the names of the mesh stay in the certificate beside it.
    env.ISTIOD_CUSTOM_HOST = ['localhost', env.ISTIOD_CUSTOM_HOST].filter(Boolean).join(',');
    const kubeconfig = apiServer.kubeconfig(
      deployment.metadata.name,
      await client.token(namespace, pod.serviceAccountName),
    );
    const process = ManagedProcess.start({
      workspace,
      name: deployment.metadata.name,
      command: surroundings.pilotDiscovery,
      cwd: workspace.subfolder(deployment.metadata.name),
      env,
      args: [
        ...containerArgs(pod.container, env),
        `--kubeconfig=${kubeconfig}`,
        `--httpAddr=127.0.0.1:${ports.http}`,
        `--httpsAddr=127.0.0.1:${ports.https}`,
        `--grpcAddr=127.0.0.1:${ports.grpc}`,
        `--secureGRPCAddr=${address ?? '127.0.0.1'}:${ports.secureGrpc}`,
        `--monitoringAddr=127.0.0.1:${ports.monitoring}`,
        `--ctrlz_port=${ports.controlZ}`,
      ],
    });
    const url = `http://127.0.0.1:${ports.http}`;
    await process.waitUntil('it is ready', async () => (await http({ url: `${url}/ready` })).status === 200);
    await process.waitUntil('its webhooks fail closed', () => webhooksFailClosed(apiServer, revision || 'default'));
    const service = objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === deployment.metadata.name,
    );
    if (address !== undefined && service !== undefined) {
      await client.mustApply(endpointsOf(service, address, ports));
    }
    return new Istiod(process, namespace, revision, address ?? '127.0.0.1', ports.secureGrpc, new IstiodDebug(url));
  }

  private constructor(
    readonly process: ManagedProcess,
    readonly namespace: string,
    /** Empty for the unnamed revision. */
    readonly revision: string,
    readonly address: string,
    /** Where this istiod serves xDS and certificates over TLS. */
    readonly port: number,
    readonly debug: IstiodDebug,
  ) {}

  /** The name that its certificate carries and that machines use. */
  get host(): string {
    return `istiod${this.revision === '' ? '' : `-${this.revision}`}.${this.namespace}.svc`;
  }

  /** What lets istioctl's commands that ask istiod (`proxy-status` and so on) find it: there is no Pod to forward to. */
  get istioctlArgs(): readonly string[] {
    return ['--xds-address', `${this.address}:${this.port}`, '--authority', this.host];
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

/** The port that charts, proxies and gateways take for granted. */
const XDS_PORT = 15012;

/** Stock Envoy has none of Istio's own filters. */
const STOCK_ENVOY = { PILOT_ENABLE_ALPN_FILTER: 'false', PILOT_ENABLE_METADATA_EXCHANGE: 'false' };

function namespaceFor(name: string, network: string | undefined): KubernetesObject {
  const labels = network === undefined ? undefined : { 'topology.istio.io/network': network };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(labels && { labels }) } };
}

/** Istio's CRDs that the cluster began with. */
function definitionsOf(cluster: string): readonly Manifest[] {
  return JSON.parse(readFileSync(join(cluster, 'definitions.json'), 'utf8')) as readonly Manifest[];
}

/** istiod itself turns `Ignore` into `Fail`, once an invalid object has been refused through the webhook. */
async function webhooksFailClosed(apiServer: ApiServer, revision: string): Promise<boolean> {
  interface Webhook {
    readonly failurePolicy?: string;
    readonly clientConfig: { readonly caBundle?: string };
  }
  const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
  const all = await Promise.all(kinds.map((kind) => apiServer.client.list('admissionregistration.k8s.io/v1', kind)));
  const webhooks = all
    .flat()
    .filter(({ metadata }) => metadata.labels?.['istio.io/rev'] === revision)
    .flatMap((configuration) => configuration.webhooks as readonly Webhook[]);
  return webhooks.length > 0 && webhooks.every((hook) => hook.failurePolicy === 'Fail' && hook.clientConfig.caBundle);
}

function podOf(deployment: KubernetesObject): { readonly container: Container; readonly serviceAccountName: string } {
  interface DeploymentSpec {
    readonly template: {
      readonly spec: { readonly containers: readonly Container[]; readonly serviceAccountName: string };
    };
  }
  const { containers, serviceAccountName } = (deployment.spec as DeploymentSpec).template.spec;
  const container = containers.find(({ name }) => name === 'discovery');
  if (container === undefined) throw new Error('The Deployment of istiod has no container `discovery`.');
  return { container, serviceAccountName };
}

/** What the EndpointSlice controller would write if istiod were a Pod. */
function endpointsOf(
  service: KubernetesObject,
  address: string,
  ports: { readonly grpc: number; readonly secureGrpc: number; readonly https: number; readonly monitoring: number },
): Manifest {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service.metadata.name}-host`,
      namespace: service.metadata.namespace,
      labels: { 'kubernetes.io/service-name': service.metadata.name },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [
      { name: 'grpc-xds', port: ports.grpc, protocol: 'TCP' },
      { name: 'https-dns', port: ports.secureGrpc, protocol: 'TCP' },
      { name: 'https-webhook', port: ports.https, protocol: 'TCP' },
      { name: 'http-monitoring', port: ports.monitoring, protocol: 'TCP' },
    ],
  };
}
