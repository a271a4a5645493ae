import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import {
  ControlPlane,
  configureMachine,
  Gateway,
  healthOf,
  type KubernetesObject,
  Machine,
  objectsInYaml,
  runCommand,
  type StoredObject,
  waitUntil,
} from './harness';

const CRASH_FIXTURE = join(__dirname, 'harness.crash-fixture.ts');

let controlPlane: ControlPlane;

beforeAll(async () => {
  controlPlane = await ControlPlane.start({
    meshId: 'acme',
    clusterName: 'prod-eu',
    network: 'vpc-prod',
    lan: true,
    istiodEnv: { PILOT_WORKLOAD_ENTRY_GRACE_PERIOD: '2s' },
  });
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe('the API server', () => {
  it('refuses through the webhook what only istiod knows to be wrong', async () => {
    const refused = await controlPlane.client.dryRun(workloadGroup('default', { grpc: { port: 8080 } }));
    expect(refused).toMatchObject({ outcome: 'refused', webhook: 'validation.istio.io' });
  });

  it('refuses through the schema what the CRD knows to be wrong', async () => {
    const refused = await controlPlane.client.dryRun(workloadGroup('default', { tcpSocket: { port: '8080' } }));
    expect(refused).toMatchObject({ outcome: 'refused', status: 422, webhook: undefined });
  });

  it('refuses a field that the schema does not have', async () => {
    const object = { ...workloadGroup('default', { tcpSocket: { port: 8080 } }), surprise: true };
    expect(await controlPlane.client.dryRun(object)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('surprise'),
    });
  });

  it('accepts a good object in a dry run and stores nothing', async () => {
    const object = workloadGroup('default', { tcpSocket: { port: 8080 } });
    expect(await controlPlane.client.dryRun(object)).toMatchObject({ outcome: 'accepted' });
    expect(await controlPlane.client.dryRun(object, 'apply')).toMatchObject({ outcome: 'accepted' });
    expect(await controlPlane.client.list('networking.istio.io/v1', 'WorkloadGroup')).toEqual([]);
  });

  it('passes on the warnings of the webhook', async () => {
    const port = { name: 'tls', number: 15012, protocol: 'TLS' };
    const passthrough = { mode: 'PASSTHROUGH', credentialName: 'unused' };
    const outcome = await controlPlane.client.dryRun({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'istiod', namespace: 'default' },
      spec: { selector: { istio: 'eastwestgateway' }, servers: [{ port, tls: passthrough, hosts: ['*'] }] },
    });
    expect(outcome).toMatchObject({ outcome: 'accepted', warnings: [expect.stringContaining('PASSTHROUGH')] });
  });

  it('serves Gateway API with TLSRoute v1', async () => {
    const { exitCode } = await controlPlane.kubectl([
      'explain',
      'tlsroute',
      '--api-version=gateway.networking.k8s.io/v1',
    ]);
    expect(exitCode).toBe(0);
  });

  it('gives a ServiceAccount only the rights that RBAC gives it', async () => {
    await controlPlane.client.mustApply(serviceAccount('default', 'nobody'));
    const { apiServer } = controlPlane;
    const client = apiServer.clientOf(await controlPlane.client.token('default', 'nobody'));
    await expect(client.list('v1', 'Secret', 'default')).rejects.toThrow('forbidden');
    client.close();
  });
});

test('this host keeps its hardware address in the network, which istiod is reached by', async () => {
  const { bridge } = controlPlane.lan;
  const hardware = () => readFileSync(`/sys/class/net/${bridge}/address`, 'utf8');
  const before = hardware();
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) await controlPlane.lan.addHost(name);
  expect(hardware()).toBe(before);
});

describe('a second control plane at the same time', () => {
  it('has its own ports, network and names', async () => {
    const other = await ControlPlane.start({ lan: true });
    try {
      expect(other.lan.cidr).not.toBe(controlPlane.lan.cidr);
      await other.lan.addHost('lonely');
      await other.client.mustApply(workloadGroup('default', { tcpSocket: { port: 8080 } }));
      expect(await controlPlane.client.list('networking.istio.io/v1', 'WorkloadGroup', 'default')).toEqual([]);
    } finally {
      await other.stop();
    }
    expect(remainsOf({ run: other.workspace.id, bridge: other.lan.bridge })).toEqual([]);
    await expect(controlPlane.client.list('v1', 'Namespace')).resolves.not.toEqual([]);
  });
});

describe('a second revision of istiod', () => {
  it('runs beside the first under its own name', async () => {
    const canary = await controlPlane.startIstiod({ revision: 'canary', network: 'vpc-prod' });
    expect(canary.host).toBe('istiod-canary.istio-system.svc');
    expect(await tlsNames(canary.address, 15012, canary.host)).toEqual(
      expect.arrayContaining(['istiod-canary.istio-system.svc', 'istiod.istio-system.svc']),
    );
    await canary.stop();
    const unlabelled = workloadGroup('default', { tcpSocket: { port: 8080 } });
    expect(await controlPlane.client.dryRun(unlabelled)).toMatchObject({ outcome: 'accepted' });
    const labelled = { ...unlabelled, metadata: { ...unlabelled.metadata, labels: { 'istio.io/rev': 'canary' } } };
    expect(await controlPlane.client.dryRun(labelled)).toMatchObject({ webhook: 'rev.validation.istio.io' });
  });
});

describe('a run whose tests are killed', () => {
  it('leaves no process, no network and no name behind', async () => {
    const owner = spawn(process.execPath, ['--require', 'tsx/cjs', CRASH_FIXTURE], {
      cwd: __dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const owned = JSON.parse(line.toString('utf8')) as Owned & { readonly folder: string };
    expect(remainsOf(owned)).not.toEqual([]);
    owner.kill('SIGKILL');
    await waitUntil('everything is cleaned up', () => remainsOf(owned).length === 0, {
      details: () => Promise.resolve(`left: ${remainsOf(owned).join(', ')}`),
    });
    rmSync(owned.folder, { recursive: true });
  });
});

describe('a gateway of Gateway API', () => {
  it('is deployed by istiod and passes TLS through to istiod', async () => {
    await controlPlane.client.mustApply(GATEWAY_API_GATEWAY);
    const deployment = await controlPlane.istiod.process.waitUntil('it makes the Deployment of the gateway', () =>
      controlPlane.client.get('apps/v1', 'Deployment', 'machines-istio', 'istio-system'),
    );
    const gateway = await Gateway.start(controlPlane, { deployment });
    const names = await waitUntil('istiod answers through it', () =>
      tlsNames(gateway.address, 15012, 'istiod.istio-system.svc'),
    );
    expect(names).toContain('istiod.istio-system.svc');
    await gateway.stop();
  });
});

describe('a machine behind an east-west gateway', () => {
  let gateway: Gateway;
  let machine: Machine;

  beforeAll(async () => {
    const { client } = controlPlane;
    await client.mustApply(EAST_WEST_GATEWAY);
    const deployment = EAST_WEST_GATEWAY.find(({ kind }) => kind === 'Deployment') as KubernetesObject;
    gateway = await Gateway.start(controlPlane, { deployment });

    const group = workloadGroup('payments', { httpGet: { port: 8080, path: '/healthz' }, periodSeconds: 1 });
    await client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'payments' } });
    await client.mustApply([serviceAccount('payments', 'payment-service'), group]);
    await controlPlane.rootCertificate('payments');
    machine = await Machine.create(controlPlane, { name: 'vm-1', files: await configureMachine(controlPlane, group) });
  });

  it('finds istiod by the address of the gateway', async () => {
    expect(machine.host.hosts['istiod.istio-system.svc']).toBe(gateway.address);
    expect(await controlPlane.istiod.debug.listeners(gateway.proxy)).toContainEqual({
      name: '0.0.0.0_15012',
      port: 15012,
      serverNames: ['istiod.istio-system.svc'],
    });
  });

  it('reaches the API server as a user of its own, by a name in the certificate', async () => {
    const { apiServer, client, lan, tools } = controlPlane;
    const names = await tlsNames(lan.hostAddress, apiServer.port, 'kubernetes.default.svc');
    expect(names).toEqual(expect.arrayContaining([`IP Address:${lan.hostAddress}`, 'kubernetes.default.svc']));
    const token = await client.token('payments', 'payment-service');
    const kubeconfig = apiServer.kubeconfig('machine', token, lan.hostAddress);
    const kubectl = machine.host.command(tools.kubectl, ['--kubeconfig', kubeconfig, 'auth', 'whoami', '-o', 'name']);
    const { stdout } = await runCommand(kubectl.command, kubectl.args);
    expect(stdout).toContain('selfsubjectreview');
  });

  it('is registered through the gateway, but not healthy before its application is', async () => {
    const sidecar = machine.startSidecar();
    await sidecar.waitUntil('its WorkloadEntry appears', workloadEntry, { details: () => gateway.report() });
    const { spec } = (await workloadEntry()) as StoredObject;
    expect(spec).toMatchObject({ address: machine.address, serviceAccount: 'payment-service', network: 'vpc-prod' });
    await sidecar.waitUntil('it reports that its application is down', async () => {
      return healthOf(await workloadEntry()) === 'Unhealthy';
    });
  });

  it('is connected, as istioctl sees it', async () => {
    const { stdout } = await controlPlane.istioctl(['proxy-status', ...controlPlane.istiod.istioctlArgs]);
    expect(stdout).toContain('vm-1.payments');
  });

  it('turns healthy when its application answers', async () => {
    const answer = "require('http').createServer((_, r) => r.end('ok')).listen(8080, '0.0.0.0')";
    const application = machine.start('application', process.execPath, ['-e', answer]);
    await application.waitUntil('its machine is healthy', async () => healthOf(await workloadEntry()) === 'Healthy');
  });

  it('talks to istiod through the gateway only', async () => {
    const { stdout } = spawnSync(
      'ip',
      ['netns', 'exec', machine.host.namespace, 'ss', '-Htn', 'state', 'established'],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain(`${gateway.address}:15012`);
    expect(stdout).not.toContain(`${controlPlane.istiod.address}:15012`);
  });

  it('is gone from the mesh when it dies', async () => {
    await machine.kill();
    await waitUntil('its WorkloadEntry disappears', async () => (await workloadEntry()) === undefined);
  });
});

interface Owned {
  readonly run: string;
  readonly bridge: string;
}

/** The processes, links, namespaces and hosts files of a run that still exist. */
function remainsOf({ run, bridge }: Owned): readonly string[] {
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && environmentOf(entry).includes(run));
  const links = spawnSync('ip', ['-o', 'link'], { encoding: 'utf8' }).stdout.split('\n');
  const namespaces = ['/var/run/netns', '/etc/netns'].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder) : [],
  );
  const named = new RegExp(`\\b${bridge}(v\\d+)?[-:@]`);
  return [...processes, ...[...links, ...namespaces.map((name) => `${name}-`)].filter((name) => named.test(name))];
}

function environmentOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** The DNS names in the certificate of a TLS server. */
async function tlsNames(host: string, port: number, servername: string): Promise<readonly string[]> {
  const socket = connect({ host, port, servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const names = socket.getPeerCertificate().subjectaltname ?? '';
  socket.destroy();
  return names.split(', ').map((name) => name.replace(/^DNS:/, ''));
}

async function workloadEntry(): Promise<StoredObject | undefined> {
  const [entry] = await controlPlane.client.list('networking.istio.io/v1', 'WorkloadEntry', 'payments');
  return entry;
}

function serviceAccount(namespace: string, name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
}

function workloadGroup(namespace: string, probe: object): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    metadata: { name: 'payment-service', namespace },
    spec: {
      metadata: { labels: { app: 'payment-service' } },
      template: { serviceAccount: 'payment-service', network: 'vpc-prod', ports: { http: 8080 } },
      probe,
    },
  };
}

/** Gateway API: istiod itself makes the Deployment, the Service and the ServiceAccount of such a gateway. */
const GATEWAY_API_GATEWAY = objectsInYaml(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: machines, namespace: istio-system }
spec:
  gatewayClassName: istio
  listeners:
    - name: tls-istiod
      hostname: istiod.istio-system.svc
      port: 15012
      protocol: TLS
      tls: { mode: Passthrough }
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: { name: istiod, namespace: istio-system }
spec:
  parentRefs: [{ name: machines }]
  hostnames: [istiod.istio-system.svc]
  rules:
    - backendRefs: [{ name: istiod, port: 15012 }]
`);

const EAST_WEST_GATEWAY = objectsInYaml(`
apiVersion: v1
kind: ServiceAccount
metadata: { name: istio-eastwestgateway, namespace: istio-system }
---
apiVersion: v1
kind: Service
metadata: { name: istio-eastwestgateway, namespace: istio-system, labels: { istio: eastwestgateway } }
spec:
  type: LoadBalancer
  selector: { istio: eastwestgateway }
  ports:
    - { name: status-port, port: 15021 }
    - { name: tls-istiod, port: 15012 }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-eastwestgateway, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: eastwestgateway } }
  template:
    metadata:
      annotations: { inject.istio.io/templates: gateway }
      labels: { istio: eastwestgateway, sidecar.istio.io/inject: "true" }
    spec:
      serviceAccountName: istio-eastwestgateway
      containers:
        - name: istio-proxy
          image: auto
          env:
            - { name: ISTIO_META_ROUTER_MODE, value: sni-dnat }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: istiod, namespace: istio-system }
spec:
  selector: { istio: eastwestgateway }
  servers:
    - port: { name: tls-istiod, number: 15012, protocol: TLS }
      tls: { mode: PASSTHROUGH }
      hosts: [istiod.istio-system.svc]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: istiod, namespace: istio-system }
spec:
  hosts: [istiod.istio-system.svc]
  gateways: [istiod]
  tls:
    - match: [{ port: 15012, sniHosts: [istiod.istio-system.svc] }]
      route: [{ destination: { host: istiod.istio-system.svc.cluster.local, port: { number: 15012 } } }]
`);
