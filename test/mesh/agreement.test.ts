import { ApiObject, type Chart } from 'cdk8s';
import { type MeshVmGroup, MutualTls, MutualTlsMode, WorkloadTarget } from 'meshvm';
import { eventually } from './harness';
import type { Computer } from './machines/computer';
import { GroupPolicies } from './machines/group-policies';
import { MESH, World } from './machines/world';

/*
 * What happens where two objects of a program contradict each other that meshvm keeps apart (lib/agreement.ts): the objects are made in
 * programs of their own, or by hand, so that nothing compares them.
 */

const { DISABLE, PERMISSIVE, STRICT } = MutualTlsMode;

let world: World;
let machine: Computer;
let pod: Computer;
let policies: GroupPolicies;
let clusterIP: string;

beforeAll(async () => {
  world = await World.start();
  const ports = [
    { name: 'http', port: 8080 },
    { name: 'tcp', port: 9000 },
  ];
  await world.apply({ ports });
  policies = new GroupPolicies(world, { ports });
  machine = await world.machine('vm-1');
  await machine.boot();
  pod = (await world.startPod()).computer;
  await machine.process.waitUntil('it is healthy', () => world.healthySince(machine), { timeoutSeconds: 90 });
  ({ clusterIP } = await world.service('payment-service', 'payments'));
  await eventually(200, status);
});

afterAll(async () => {
  await world?.stop();
});

afterEach(() => policies.apply(() => {}));

describe('the TLS of callers and of machines', () => {
  test.each([
    ['plain text to STRICT', STRICT, 'DISABLE', 503],
    ['TLS to STRICT', STRICT, 'SIMPLE', 503],
    ['mutual TLS to DISABLE', DISABLE, 'ISTIO_MUTUAL', 503],
    ['TLS to a port of HTTP', PERMISSIVE, 'SIMPLE', 503],
    ['mutual TLS to STRICT', STRICT, 'ISTIO_MUTUAL', 200],
    ['plain text to DISABLE', DISABLE, 'DISABLE', 200],
  ])('%s', async (_what, mode, tls, expected) => {
    await policies.apply((group, chart) => {
      raw(chart, 'PeerAuthentication', 'security.istio.io/v1', {
        selector: { matchLabels: { app: group.labels.app } },
        mtls: { mode },
      });
      callers(group, chart, tls);
    });
    await eventually(expected, status);
  });

  test('a mode of the group goes before that of the namespace', async () => {
    const ofNamespace = (group: MeshVmGroup, chart: Chart) => {
      new MutualTls(chart, 'namespace', { mesh: MESH, target: WorkloadTarget.namespace() });
      callers(group, chart, 'DISABLE');
    };
    await policies.apply(ofNamespace);
    await eventually(503, status);
    await policies.apply((group, chart) => {
      ofNamespace(group, chart);
      new MutualTls(chart, 'own', { mesh: MESH, target: WorkloadTarget.group(group), mode: PERMISSIVE });
    });
    await eventually(200, status);
  });
});

describe('Services that lead to one port of machines', () => {
  const web = (chart: Chart, name: string, targetPort: number) =>
    new ApiObject(chart, 'web', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'payment-service' }, ports: [{ name, port: 80, targetPort }] },
    });
  const answer = async () => {
    const { clusterIP: address } = await world.service('web', 'payments');
    const { stdout } = await pod.run(`curl -s -m 5 -o /dev/null -w '%{http_code}' http://${address}/`, true);
    return Number(stdout.trim());
  };
  const onlyGet = (group: MeshVmGroup, chart: Chart, port: string) =>
    raw(chart, 'AuthorizationPolicy', 'security.istio.io/v1', {
      selector: { matchLabels: { app: group.labels.app } },
      rules: [{ to: [{ operation: { methods: ['GET'], ports: [port] } }] }],
    });

  beforeAll(async () => {
    const node = process.execPath;
    await machine.run(`(cd /tmp; setsid ${node} /usr/local/bin/application 9000 >/dev/null 2>&1 </dev/null &)`);
  });

  test('the older decides whether the sidecar sees requests: policies of HTTP refuse those of the younger', async () => {
    await policies.apply((_group, chart) => web(chart, 'http-web', 9000));
    await eventually(200, answer);
    await policies.apply((group, chart) => {
      web(chart, 'http-web', 9000);
      onlyGet(group, chart, '9000');
    });
    await eventually(503, answer);
  });

  test('the older decides what is spoken to the application: HTTP/1.1 to one of gRPC', async () => {
    await policies.apply((_group, chart) => web(chart, 'grpc', 8080));
    await eventually(200, answer);
    expect(await inboundCluster('inbound|8080||')).not.toContain('http2_protocol_options');
  });

  test('a name that the machines have goes before the number of the target', async () => {
    await policies.apply((group, chart) => {
      web(chart, 'http', 9000);
      onlyGet(group, chart, '8080');
    });
    await eventually(200, answer);
    await policies.apply((group, chart) => {
      web(chart, 'http', 9000);
      onlyGet(group, chart, '9000');
    });
    // Refused by the filter of requests of port 8080: port 9000 has none, and resets connections.
    await eventually(403, answer);
  });
});

async function inboundCluster(name: string): Promise<string> {
  const found = (await clusters()).find((cluster) => cluster.name === name);
  if (found === undefined) throw new Error(`there is no cluster ${name}`);
  return JSON.stringify(found);
}

async function clusters(): Promise<readonly { readonly name: string }[]> {
  const dump = await machine.output("curl -s '127.0.0.1:15000/config_dump?resource=dynamic_active_clusters'");
  const { configs } = JSON.parse(dump) as {
    readonly configs: readonly { readonly cluster: { readonly name: string } }[];
  };
  return configs.map(({ cluster }) => cluster);
}

/** Status of a call of the pod to the group's Service; 0 without an answer. */
async function status(): Promise<number> {
  const host = '-H "Host: payment-service.payments"';
  const { stdout } = await pod.run(
    `curl -s -m 5 -o /dev/null -w '%{http_code}' ${host} http://${clusterIP}:8080/`,
    true,
  );
  return Number(stdout.trim());
}

/** The TLS of callers of the group. */
function callers({ serviceHosts: [host] }: MeshVmGroup, chart: Chart, mode: string): void {
  raw(chart, 'DestinationRule', 'networking.istio.io/v1', { host, trafficPolicy: { tls: { mode } } });
}

/** An object that meshvm would compare with what is declared beside it. */
function raw(chart: Chart, kind: string, apiVersion: string, spec: object): void {
  new ApiObject(chart, kind, { apiVersion, kind, metadata: { name: 'by-hand' }, spec });
}
