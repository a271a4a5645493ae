import { parse } from 'yaml';
import type { Answer, Ask } from './ask';
import { addressesOf, ISTIOD_PORT, isGatewayService } from './gateway-service';
import type { InstalledGateway, InstalledMesh, InstalledProxyDefaults } from './installed-mesh';
import { type Json, list, record, text } from './json';

/** What `readMesh` needs to know beforehand. */
export interface MeshToRead {
  /** Namespace of istiod. */
  readonly namespace: string;
  /** Revision or revision tag; undefined means the only one, or the default one where there are several. */
  readonly revision?: string;
}

/** Why there is no mesh to tell of; its message says what to do. */
export class NoMesh extends Error {}

/**
 * Reads what a cluster says of its mesh. It only asks, for objects that it names: no Secret, and no list of anything but Deployments of
 * istiod, webhooks of injection, Services and Gateways.
 *
 * @throws NoMesh where there is no istiod, or no such revision.
 */
export async function readMesh(ask: Ask, wanted: MeshToRead): Promise<InstalledMesh> {
  const { namespace } = wanted;
  const unseen: string[] = [];
  const read = async (path: string): Promise<Json | undefined> => {
    const answer = await ask(path);
    if ('forbidden' in answer) unseen.push(`${path}: ${answer.forbidden}`);
    return bodyOf(answer);
  };
  const [version, deployments, ownNamespace, webhooks, istio, admission, services, gateways, apiGateways] =
    await Promise.all(
      [
        '/version',
        `/apis/apps/v1/namespaces/${namespace}/deployments?labelSelector=app%3Distiod`,
        `/api/v1/namespaces/${namespace}`,
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations?labelSelector=app%3Dsidecar-injector',
        '/apis/networking.istio.io/v1',
        '/apis/admissionregistration.k8s.io/v1',
        '/api/v1/services',
        '/apis/networking.istio.io/v1/gateways',
        '/apis/gateway.networking.k8s.io/v1/gateways',
      ].map(read),
    );
  if (deployments === undefined && unseen.length > 0) throw new NoMesh(unseen.join('\n'));
  const istiods = new Map(list(deployments?.items).map((each) => [revisionOf(each), each]));
  const tags = tagsOf(list(webhooks?.items));
  const revision = chosenRevision(wanted, [...istiods.keys()], tags);
  const suffix = revision === '' ? '' : `-${revision}`;
  const [meshMap, injection] = await Promise.all(
    [`istio${suffix}`, `istio-sidecar-injector${suffix}`].map((name) =>
      read(`/api/v1/namespaces/${namespace}/configmaps/${name}`),
    ),
  );
  const meshConfig = yaml(record(meshMap?.data).mesh);
  const global = record(yaml(record(injection?.data).values).global);
  const container = containerOf(istiods.get(revision) as Json);
  const env = environmentOf(container);
  const trustDomain = text(meshConfig.trustDomain) || 'cluster.local';
  const image = text(container.image);
  return {
    kubernetes: kubernetesVersion(version),
    namespace,
    revision,
    tags: [...tags].filter(([, of]) => of === revision).map(([tag]) => tag),
    otherRevisions: [...istiods.keys()].filter((each) => each !== revision),
    istioVersion: /:(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?)(?:-[a-z]+)?(?:@|$)/.exec(image)?.[1],
    image,
    meshId: text(record(meshConfig.defaultConfig).meshId) || text(global.meshID) || trustDomain,
    clusterName: env.CLUSTER_ID || text(record(global.multiCluster).clusterName) || 'Kubernetes',
    network: text(global.network),
    networkLabel: text(record(record(ownNamespace?.metadata).labels)['topology.istio.io/network']),
    trustDomain,
    clusterDomain: text(record(global.proxy).clusterDomain) || 'cluster.local',
    customHosts: (env.ISTIOD_CUSTOM_HOST ?? '').split(',').filter(Boolean),
    proxy: proxyOf(meshConfig),
    extensionProviders: list(meshConfig.extensionProviders).map(({ name }) => text(name)),
    switchedOff: NEEDED_SWITCHES.filter((name) => /^(?:false|f|0)$/i.test(env[name] ?? '')),
    ambient: /^(?:true|t|1)$/i.test(env.PILOT_ENABLE_AMBIENT ?? ''),
    missingKinds: [
      ...lacking(istio, 'networking.istio.io/v1', ISTIO_KINDS),
      ...lacking(admission, 'admissionregistration.k8s.io/v1', ADMISSION_KINDS),
    ],
    gateways: gatewaysOf(list(services?.items), list(gateways?.items), list(apiGateways?.items)),
    unseen,
  };
}

/** What registration and health of machines hang on; istiod has both on by default. Upstream: istio pilot/pkg/features. */
const NEEDED_SWITCHES = ['PILOT_ENABLE_WORKLOAD_ENTRY_AUTOREGISTRATION', 'PILOT_ENABLE_WORKLOAD_ENTRY_HEALTHCHECKS'];
const ISTIO_KINDS = ['WorkloadGroup', 'WorkloadEntry', 'ServiceEntry', 'Gateway', 'VirtualService', 'DestinationRule'];
/** What guards registration and bundles; `v1` is served since Kubernetes 1.30. */
const ADMISSION_KINDS = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];

function bodyOf(answer: Answer): Json | undefined {
  return 'body' in answer ? record(answer.body) : undefined;
}

function yaml(source: unknown): Json {
  return typeof source === 'string' ? record(parse(source)) : {};
}

function kubernetesVersion(version: Json | undefined): string {
  const [major, minor] = [text(version?.major), text(version?.minor).replace(/\D+$/, '')];
  return major === '' || minor === '' ? '' : `${major}.${minor}`;
}

function revisionOf(deployment: Json): string {
  const label = text(record(record(deployment.metadata).labels)['istio.io/rev']);
  return label === 'default' ? '' : label;
}

/** Tags, with the revision that each points to: a webhook of its own for each. Upstream: istioctl tag. */
function tagsOf(webhooks: readonly Json[]): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const { metadata } of webhooks) {
    const labels = record(record(metadata).labels);
    const [tag, revision] = [text(labels['istio.io/tag']), text(labels['istio.io/rev'])];
    if (tag !== '') tags.set(tag, revision === 'default' ? '' : revision);
  }
  return tags;
}

function chosenRevision(wanted: MeshToRead, revisions: readonly string[], tags: ReadonlyMap<string, string>): string {
  const { namespace } = wanted;
  if (revisions.length === 0) {
    throw new NoMesh(
      `there is no istiod in the namespace ${namespace} (no Deployment with the label app=istiod); say with --istio-namespace where it runs`,
    );
  }
  const asked = wanted.revision;
  if (asked !== undefined) {
    const revision = tags.get(asked) ?? (asked === 'default' ? '' : asked);
    if (revisions.includes(revision)) return revision;
    throw new NoMesh(
      `there is no revision or tag ${JSON.stringify(asked)} in ${namespace}; there are ${names([...revisions, ...tags.keys()])}`,
    );
  }
  if (revisions.length === 1) return revisions[0];
  const preferred = tags.get('default') ?? (revisions.includes('') ? '' : undefined);
  if (preferred !== undefined && revisions.includes(preferred)) return preferred;
  throw new NoMesh(`there are several revisions in ${namespace}: say one with --revision, of ${names(revisions)}`);
}

function names(revisions: readonly string[]): string {
  return revisions.map((each) => each || 'default').join(', ');
}

function containerOf(deployment: Json): Json {
  const containers = list(record(record(record(deployment.spec).template).spec).containers);
  return containers.find(({ name }) => name === 'discovery') ?? containers[0] ?? {};
}

function environmentOf(container: Json): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(list(container.env).map(({ name, value }) => [text(name), text(value)]));
}

function proxyOf(meshConfig: Json): InstalledProxyDefaults {
  const { holdApplicationUntilProxyStarts, tracing, proxyMetadata } = record(meshConfig.defaultConfig);
  const { sampling } = record(tracing);
  return {
    ...(typeof holdApplicationUntilProxyStarts === 'boolean' && { holdApplicationUntilProxyStarts }),
    ...(typeof sampling === 'number' && { tracingSamplingPercent: sampling }),
    ...(text(meshConfig.accessLogFile) !== '' && { accessLog: true }),
    proxyMetadata: Object.fromEntries(
      Object.entries(record(proxyMetadata)).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function lacking(api: Json | undefined, group: string, kinds: readonly string[]): readonly string[] {
  const served = list(api?.resources).map(({ kind }) => kind);
  return kinds.filter((kind) => !served.includes(kind)).map((kind) => `${group} ${kind}`);
}

function gatewaysOf(
  services: readonly Json[],
  gateways: readonly Json[],
  apiGateways: readonly Json[],
): readonly InstalledGateway[] {
  return services.filter(isGatewayService).map((service) => {
    const { metadata, spec } = service;
    const { namespace, name, annotations } = record(metadata);
    const selector = record(record(spec).selector);
    const release = text(record(annotations)['meta.helm.sh/release-name']);
    const ofApi = text(record(record(metadata).labels)['gateway.networking.k8s.io/gateway-name']);
    return {
      namespace: text(namespace),
      name: text(name),
      ...(release !== '' && { helmRelease: release }),
      type: text(record(spec).type),
      addresses: addressesOf(service),
      passesIstiod:
        gateways.some((gateway) => passes(gateway, selector)) ||
        apiGateways.some((gateway) => isNamed(gateway, namespace, ofApi) && listens(gateway)),
    };
  });
}

/** Whether a Gateway of Istio takes 15012 on the pods that these labels select. */
function passes(gateway: Json, labels: Json): boolean {
  const { selector, servers } = record(gateway.spec);
  const isTheirs = Object.entries(record(selector)).every(([key, value]) => labels[key] === value);
  return isTheirs && list(servers).some(({ port }) => record(port).number === ISTIOD_PORT);
}

function isNamed(gateway: Json, namespace: unknown, name: string): boolean {
  const metadata = record(gateway.metadata);
  return metadata.namespace === namespace && metadata.name === name;
}

function listens(gateway: Json): boolean {
  return list(record(gateway.spec).listeners).some(({ port }) => port === ISTIOD_PORT);
}
