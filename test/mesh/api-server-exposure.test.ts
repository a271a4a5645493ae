import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { ApiServerExposure } from '../../lib/gateway/api-server-exposure';
import { EastWestGateway } from '../../lib/gateway/east-west-gateway';
import { IstiodExposure } from '../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { Mesh } from '../../lib/mesh/mesh';
import { ControlPlane, Gateway, type KubernetesObject, waitUntil } from './harness';
import type { NetworkHost } from './harness/network';

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const NAME = 'kubernetes.default.svc';
const ISTIOD = 'istiod.istio-system.svc';

let controlPlane: ControlPlane;
let machine: NetworkHost;
let stranger: NetworkHost;
/** File of the authority that signed the API server's certificate. */
let authority: string;

beforeAll(async () => {
  const { meshId, clusterName, network } = MESH;
  controlPlane = await ControlPlane.start({ meshId, clusterName, network, lan: true });
  machine = await controlPlane.lan.addHost('machine');
  stranger = await controlPlane.lan.addHost('stranger');
  authority = join(controlPlane.workspace.folder, 'api-server-ca.crt');
  writeFileSync(authority, controlPlane.apiServer.ca);
  await controlPlane.client.mustApply(endpointsOfApiServer());
});

afterAll(async () => {
  await controlPlane?.stop();
});

describe.each([
  ['istio', IstiodExposure.istioApis, ApiServerExposure.istioApis],
  ['gateway', IstiodExposure.gatewayApi, ApiServerExposure.gatewayApi],
] as const)('a gateway that exposes the API server by the APIs of %s', (api, exposeIstiod, exposeApiServer) => {
  const namespace = `edge-${api}`;
  let gateway: Gateway;

  beforeAll(async () => {
    await controlPlane.client.mustApply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const chart = Testing.chart();
    new EastWestGateway(chart, 'gateway', {
      mesh: new Mesh(MESH),
      namespace,
      name: namespace,
      loadBalancer: LoadBalancer.metalLb(),
      exposeIstiod: exposeIstiod(),
      exposeApiServer: exposeApiServer({ sourceRanges: [`${machine.address}/32`] }),
    });
    const objects = Testing.synth(chart) as KubernetesObject[];
    for (const outcome of await controlPlane.client.apply(objects)) {
      expect(outcome).toMatchObject({ outcome: 'accepted', warnings: [] });
    }
    const deployment = objects.find(({ kind }) => kind === 'Deployment') as KubernetesObject;
    gateway = await Gateway.start(controlPlane, { deployment });
    await waitUntil('both names have their way', () => {
      const answers = [NAME, ISTIOD].map((name) => dial(machine, gateway, name, ['--insecure']));
      return Promise.resolve(answers.every(({ status }) => status === 0));
    });
  });

  test('a machine talks with the API server, whose certificate it verifies by that name', () => {
    const answer = dial(machine, gateway, NAME, ['--cacert', authority]);
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(answer.stdout)).toHaveProperty('gitVersion');
  });

  test('who has no credential gets what the API server gives anybody', () => {
    const code = ['--cacert', authority, '--output', '/dev/null', '--write-out', '%{http_code}'];
    expect(dial(machine, gateway, NAME, code, '/version').stdout).toBe('200');
    expect(dial(machine, gateway, NAME, code, '/api/v1/secrets').stdout).toBe('403');
  });

  test.each([`${NAME}.cluster.local`, 'kubernetes', 'elsewhere.example.com', `x.${NAME}`])(
    'the server name %s goes nowhere',
    (name) => {
      expect(dial(machine, gateway, name, ['--insecure']).status).toBe(NO_TLS);
    },
  );

  test('an address outside of the ranges reaches istiod, and not the API server, however it writes the name', () => {
    expect(dial(stranger, gateway, ISTIOD, ['--insecure']).status).toBe(0);
    expect(dial(stranger, gateway, NAME, ['--insecure']).status).toBe(NO_TLS);
    expect(dial(machine, gateway, NAME, ['--insecure']).status).toBe(0);
    // curl writes names in lower case.
    const upper = ['-servername', NAME.toUpperCase()];
    expect(certificate(stranger, gateway, upper)).toBe('');
    expect(certificate(machine, gateway, upper)).toContain('BEGIN CERTIFICATE');
  });

  test('no server name goes nowhere', () => {
    expect(certificate(machine, gateway, ['-noservername'])).toBe('');
    expect(certificate(machine, gateway, ['-servername', NAME])).toContain('BEGIN CERTIFICATE');
  });

  test('is clean to istioctl analyze', async () => {
    // IST0102 says that the namespace has no injection label: the gateway's pods carry one of their own.
    const args = ['--namespace', namespace, '--suppress', 'IST0102=Namespace *', '--output', 'json'];
    const { stdout } = await controlPlane.istioctl(['analyze', ...args]);
    expect(JSON.parse(stdout)).toStrictEqual([]);
  });
});

/** What the control plane of a cluster writes for its API server. The test's is told not to: it has no cluster around it. */
function endpointsOfApiServer(): KubernetesObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [controlPlane.lan.hostAddress], conditions: { ready: true } }],
    ports: [{ name: 'https', port: controlPlane.apiServer.port, protocol: 'TCP' }],
  } as KubernetesObject;
}

/** curl's exit code for a connection that ended before TLS stood. */
const NO_TLS = 35;

function dial(from: NetworkHost, to: Gateway, name: string, options: readonly string[], path = '/version') {
  const { command, args } = from.command('curl', [
    ...['--silent', '--show-error', '--max-time', '5', '--resolve', `${name}:15012:${to.address}`, ...options],
    `https://${name}:15012${path}`,
  ]);
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** PEM of the certificate that a TLS handshake shows, or nothing. */
function certificate(from: NetworkHost, to: Gateway, name: readonly string[]): string {
  const { command, args } = from.command('openssl', ['s_client', '-connect', `${to.address}:15012`, ...name]);
  const { stdout } = spawnSync(command, args, { encoding: 'utf8', input: '', timeout: 5000 });
  const [pem = ''] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(stdout) ?? [];
  return pem;
}
