import { connect } from 'node:tls';
import { Testing } from 'cdk8s';
import { EastWestGateway } from '../../lib/gateway/east-west-gateway';
import type { EastWestGatewayProps } from '../../lib/gateway/east-west-gateway-props';
import { IstiodExposure } from '../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../lib/gateway/service-exposure';
import { Mesh } from '../../lib/mesh/mesh';
import { Revision } from '../../lib/mesh/revision';
import { revisionLabel } from '../../lib/mesh/revision-label';
import { ControlPlane, Gateway, type Istiod, type KubernetesObject, waitUntil } from './harness';

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const mesh = new Mesh(MESH);
const canary = new Mesh({ ...MESH, revision: Revision.named('canary') });

let controlPlane: ControlPlane;
let canaryIstiod: Istiod;

beforeAll(async () => {
  const { meshId, clusterName, network } = MESH;
  controlPlane = await ControlPlane.start({ meshId, clusterName, network, lan: true });
  canaryIstiod = await controlPlane.startIstiod({ meshId, clusterName, network, revision: 'canary' });
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe('the API server and istiod accept', () => {
  test.each([
    [
      'awsNlb',
      LoadBalancer.awsNlb({ subnets: ['a'], privateIpv4Addresses: ['10.0.0.9'], sourceRanges: ['10.0.0.0/8'] }),
    ],
    ['awsNlb, internet-facing', LoadBalancer.awsNlb({ internetFacing: true, instanceTargets: true })],
    ['gcpInternal', LoadBalancer.gcpInternal({ globalAccess: true, address: '10.0.0.9' })],
    ['azureInternal', LoadBalancer.azureInternal({ subnet: 'gateways', sourceRanges: ['10.0.0.0/8'] })],
    ['metalLb', LoadBalancer.metalLb({ pool: 'machines', addresses: ['10.0.0.9'] })],
    ['nodePort', LoadBalancer.nodePort({ istiodPort: 30012, nodeSelector: { role: 'edge' } })],
    [
      'custom',
      LoadBalancer.custom({ annotations: { 'example.com/internal': 'true' }, loadBalancerClass: 'example.com/lb' }),
    ],
  ])('a gateway with load balancer %s', async (name, loadBalancer) => {
    const objects = synthesize({
      mesh,
      loadBalancer,
      namespace: 'default',
      readSecrets: true,
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      tolerations: [
        {},
        { key: 'edge', effect: 'NoSchedule' },
        { key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 9 },
      ],
      priorityClassName: 'system-cluster-critical',
      labels: { team: 'platform' },
      podAnnotations: { 'example.com/a': 'b' },
      exposeIstiod: IstiodExposure.istioApis({ webhook: true }),
      exposeServices: name === 'nodePort' ? ServiceExposure.gatewayApi() : ServiceExposure.istioApis(),
    });
    expect(objects.map(({ kind }) => kind)).toContain('RoleBinding');
    for (const object of objects) {
      expect(await controlPlane.client.dryRun(object)).toMatchObject({ outcome: 'accepted', warnings: [] });
    }
  });
});

test('the API server refuses a node port outside of the range, as meshvm does', async () => {
  const synthesized = (istiodPort?: number) =>
    synthesize({ mesh, namespace: 'default', loadBalancer: LoadBalancer.nodePort({ istiodPort }) });
  expect(() => synthesized(32768)).toThrow('node-port/number');
  const [service] = synthesized().filter(({ kind }) => kind === 'Service');
  const ports = [{ name: 'tls-istiod', port: 15012, nodePort: 32768 }];
  const [outcome] = await controlPlane.client.apply({ ...service, spec: { type: 'NodePort', ports } });
  expect(outcome).toMatchObject({ outcome: 'refused', message: expect.stringContaining('30000-32767') });
});

describe('a gateway that exposes no services', () => {
  test('is not taken for the gateway of its network', async () => {
    await exists('plain');
    const objects = synthesize({ mesh, namespace: 'plain', loadBalancer: LoadBalancer.metalLb() });
    await controlPlane.client.mustApply(objects);
    const gateway = await Gateway.start(controlPlane, { deployment: ofKind(objects, 'Deployment') });
    await waitUntil('istiod has its address', async () =>
      JSON.stringify(await controlPlane.istiod.debug.registry()).includes(gateway.address),
    );
    expect(await networkGateways(controlPlane.istiod)).not.toContain(gateway.address);
    expect(await listeners(controlPlane.istiod, gateway)).toStrictEqual([
      { port: 15012, serverNames: ['istiod.istio-system.svc'] },
    ]);
    await gateway.stop();
  });
});

describe.each([
  ['Istio APIs', IstiodExposure.istioApis, ServiceExposure.istioApis, mesh, canary],
  ['Gateway API', IstiodExposure.gatewayApi, ServiceExposure.gatewayApi, canary, mesh],
] as const)('a gateway that exposes by %s', (api, exposeIstiod, exposeServices, own, further) => {
  const namespace = `gateways-${api.split(' ')[0].toLowerCase()}`;
  let gateway: Gateway;
  let istiod: Istiod;

  beforeAll(async () => {
    istiod = own === canary ? canaryIstiod : controlPlane.istiod;
    await exists(namespace);
    const objects = synthesize({
      mesh: own,
      namespace,
      name: namespace,
      loadBalancer: LoadBalancer.metalLb(),
      exposeIstiod: exposeIstiod({ furtherControlPlanes: [further], webhook: true }),
      exposeServices: exposeServices({ hosts: ['*.istio-system.svc.cluster.local'] }),
    });
    for (const outcome of await controlPlane.client.apply(objects)) {
      expect(outcome).toMatchObject({ outcome: 'accepted', warnings: [] });
    }
    gateway = await Gateway.start(controlPlane, { deployment: ofKind(objects, 'Deployment') });
    await waitUntil('all listeners are there', async () => (await listeners(istiod, gateway)).length === 3);
  });

  test('listens for the names of its control planes only', async () => {
    const names = ['istiod-canary.istio-system.svc', 'istiod.istio-system.svc'];
    expect((await listeners(istiod, gateway)).slice(0, 2)).toStrictEqual([
      { port: 15012, serverNames: names },
      { port: 15017, serverNames: names },
    ]);
  });

  test('passes each name on to its own istiod, and refuses others', async () => {
    const name = 'istiod.istio-system.svc';
    const canaryName = 'istiod-canary.istio-system.svc';
    expect(await certificateNames(gateway, name)).not.toContain(canaryName);
    expect(await certificateNames(gateway, canaryName)).toContain(canaryName);
    await expect(certificateNames(gateway, 'elsewhere.example.com')).rejects.toThrow();
  });

  test('lets other networks in to the hosts that are exposed', async () => {
    const [, , services] = await listeners(istiod, gateway);
    expect(services.port).toBe(15443);
    expect(services.serverNames).toContain('outbound_.15012_._.istiod.istio-system.svc.cluster.local');
    expect(services.serverNames.filter((host) => !host.endsWith('.istio-system.svc.cluster.local'))).toStrictEqual([]);
  });

  test("is known to istiod as the network's gateway, at the address of its load balancer alone", async () => {
    await waitUntil('istiod knows it', async () => (await networkGateways(istiod)).includes(gateway.address));
    expect((await networkGateways(istiod)).filter((address) => !/^[0-9.]+$/.test(address))).toStrictEqual([]);
  });

  test('is clean to istioctl analyze', async () => {
    const label = revisionLabel(own.revision);
    const revision = label === '' ? [] : ['--revision', label];
    // IST0102 says that the namespace has no injection label: the gateway's pods carry one of their own.
    const args = ['--namespace', namespace, '--suppress', 'IST0102=Namespace *', '--output', 'json', ...revision];
    const { stdout } = await controlPlane.istioctl(['analyze', ...args]);
    expect(JSON.parse(stdout)).toStrictEqual([]);
  });
});

test('istiod reports the objects of Gateway API as good, and deploys no gateway of its own', async () => {
  const api = 'gateway.networking.k8s.io/v1';
  await waitUntil('the status is written', async () => {
    const gateways = await controlPlane.client.list(api, 'Gateway', 'gateways-gateway');
    const routes = await controlPlane.client.list(api, 'TLSRoute', 'istio-system');
    const conditions = [
      ...gateways.flatMap(({ status }) => (status as unknown as GatewayStatus).conditions),
      ...routes.flatMap(({ status }) =>
        (status as unknown as RouteStatus).parents.flatMap((parent) => parent.conditions),
      ),
    ];
    const good = conditions.filter(({ status }) => status === 'True');
    return gateways.length === 2 && routes.length === 4 && conditions.length === good.length;
  });
  const deployments = await controlPlane.client.list('apps/v1', 'Deployment', 'gateways-gateway');
  expect(deployments.map(({ metadata }) => metadata.name)).toStrictEqual(['gateways-gateway']);
});

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface GatewayStatus {
  readonly conditions: readonly Condition[];
}

interface RouteStatus {
  readonly parents: readonly GatewayStatus[];
}

function synthesize(props: EastWestGatewayProps): readonly KubernetesObject[] {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', props);
  return Testing.synth(chart) as KubernetesObject[];
}

async function exists(namespace: string): Promise<void> {
  await controlPlane.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
}

function ofKind(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`The gateway has no ${kind}.`);
  return found;
}

/** By port, with sorted names. */
async function listeners(istiod: Istiod, gateway: Gateway) {
  const all = await istiod.debug.listeners(gateway.proxy);
  return all
    .map(({ port, serverNames }) => ({ port, serverNames: [...serverNames].sort() }))
    .sort((a, b) => a.port - b.port);
}

/** Addresses to which istiod sends the traffic of other networks. */
async function networkGateways(istiod: Istiod): Promise<readonly string[]> {
  const gateways = (await istiod.debug.networkGateways()) as readonly { readonly Addr: string }[] | null;
  return (gateways ?? []).map(({ Addr }) => Addr);
}

/** DNS names in the certificate that the istiod behind the gateway shows. */
function certificateNames(gateway: Gateway, servername: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: gateway.address, port: 15012, servername, rejectUnauthorized: false });
    socket.once('secureConnect', () => {
      const { subjectaltname = '' } = socket.getPeerCertificate();
      socket.destroy();
      resolve(subjectaltname.split(', ').map((name) => name.replace(/^DNS:/, '')));
    });
    socket.once('error', reject);
  });
}
