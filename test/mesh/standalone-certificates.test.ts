import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  AuthorizationPolicy,
  Caller,
  CertificateIssuer,
  ControlPlane as ControlPlaneForMachines,
  EnvoyCertificates,
  KubernetesSubject,
  MachineIdentity,
  Mesh,
  MeshIdentity,
  MutualTls,
  ServiceProtocol,
  StandaloneEnvoy,
  StandaloneService,
  TrustedRoots,
  WorkloadTarget,
} from 'meshvm';
import { ControlPlane, type JsonObject, type KubernetesObject, type StoredObject, waitUntil } from './harness';
import { http } from './harness/http';
import type { ManagedProcess } from './harness/process';
import { Authority, type CertificateFiles } from './machines/authority';
import { startCertManager } from './machines/cert-manager';
import { startPod } from './machines/pod';

/**
 * cert-manager's own controllers issue the Certificate that meshvm emits, under a root that is not the mesh's; istiod and a real sidecar get to
 * know that root by `additionalRoots`; the program on the machine fetches the certificate with the rights that meshvm emits.
 */
const mesh = new Mesh({
  meshId: 'acme',
  clusterName: 'prod-eu',
  network: 'vpc-prod',
  istioVersion: '1.31.1',
  proxy: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
});
const IDENTITY = 'spiffe://cluster.local/ns/laptops/sa/laptop';
const SECRETS = '/api/v1/namespaces/laptops/secrets';

let controlPlane: ControlPlane;
/** The authority of istiod. */
let istio: Authority;
/** The authority of cert-manager. */
let machines: Authority;
let stranger: Authority;
let certManager: ManagedProcess;
let laptop: StandaloneEnvoy;
let objects: readonly KubernetesObject[];
let folder: string;
let token: string;
let pod: string;

beforeAll(async () => {
  istio = Authority.create('istio');
  machines = Authority.create('machines');
  stranger = Authority.create('stranger');
  const root = readFileSync(machines.rootFile, 'utf8');
  const additionalRoots = [TrustedRoots.pem(root)];
  controlPlane = await ControlPlane.start({
    operator: new ControlPlaneForMachines({ mesh, additionalRoots }).istioOperator() as JsonObject,
    network: mesh.network,
    lan: true,
    istiodEnv: { ROOT_CA_DIR: istio.folder },
  });
  certManager = await startCertManager(controlPlane);
  const { client, apiServer, workspace } = controlPlane;

  folder = workspace.subfolder('laptop');
  mkdirSync(join(folder, 'certificates'), { mode: 0o700 });
  const app = new App();
  const chart = new Chart(app, 'laptops', { namespace: 'laptops' });
  laptop = new StandaloneEnvoy(chart, 'laptop', {
    mesh,
    directory: folder,
    gateways: [{ address: '127.0.0.1' }],
    services: [
      StandaloneService.fromHost('catalog.shop.svc.cluster.local', {
        port: 80,
        protocol: ServiceProtocol.HTTP1,
        identities: [MeshIdentity.serviceAccount('shop', 'catalog')],
      }),
    ],
    certificates: EnvoyCertificates.certManager({
      issuer: CertificateIssuer.issuer('machines'),
      identity: MachineIdentity.tokenFile({
        path: join(folder, 'token'),
        subject: KubernetesSubject.serviceAccount('laptops', 'fetcher'),
      }),
      apiServer: `https://${controlPlane.lan.hostAddress}:${apiServer.port}`,
      caCertificate: apiServer.ca,
      issuerChain: root,
      additionalRoots,
    }),
  });
  objects = chart.toJson() as KubernetesObject[];
  await client.mustApply(objects);
  await client.mustApply([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'fetcher', namespace: 'laptops' } },
    secretObject('authority', {
      'tls.crt': root,
      'tls.key': readFileSync(join(machines.folder, 'ca-key.pem'), 'utf8'),
    }),
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata: { name: 'machines', namespace: 'laptops' },
      spec: { ca: { secretName: 'authority' } },
    },
  ] as KubernetesObject[]);
  token = await client.token('laptops', 'fetcher');
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
  for (const [name, text] of Object.entries(laptop.certificateFiles())) writeFileSync(join(folder, name), text);

  await startCatalog(app);
  await controlPlane.rootCertificate('laptops');
  await certManager.waitUntil('the certificate is issued', async () => (await issued()) !== undefined);
}, 1_200_000);

afterAll(async () => {
  await controlPlane?.stop();
  istio?.remove();
  machines?.remove();
  stranger?.remove();
});

test('the API server keeps the Certificate as it was emitted', async () => {
  const emitted = objects.find(({ kind }) => kind === 'Certificate') as KubernetesObject;
  const stored = await controlPlane.client.get('cert-manager.io/v1', 'Certificate', 'laptop', 'laptops');
  expect(stored?.spec).toStrictEqual(emitted.spec);
});

test('the program fetches certificate, chain and key as one file for its owner alone, and the roots of the mesh', async () => {
  expect(fetchCertificate().status).toBe(0);
  const identity = fileOf('identity.pem');
  const leaf = new X509Certificate(identity);
  expect(leaf.subjectAltName).toBe(`URI:${IDENTITY}`);
  expect(leaf.subject ?? '').toBe('');
  expect([...(leaf.keyUsage ?? [])].sort()).toStrictEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(identity.match(/PRIVATE KEY-----/g)).toHaveLength(2);
  expect(statSync(join(folder, 'certificates/identity.pem')).mode & 0o777).toBe(0o600);
  expect(fileOf('root-cert.pem').trim()).toBe((await controlPlane.rootCertificate('laptops')).trim());
  expect(fetchCertificate()).toStrictEqual({ status: 0, output: '' });
  expect(fileOf('identity.pem')).toBe(identity);
});

describe('a sidecar of the mesh', () => {
  test('takes the certificate, though its root is not the one of istiod', async () => {
    expect(await controlPlane.rootCertificate('shop')).not.toContain(readFileSync(machines.rootFile, 'utf8').trim());
    const certificate = join(folder, 'certificates/identity.pem');
    await waitUntil('it knows the root', async () => (await call({ certificate, key: certificate })).status === 200);
    const { body } = await call({ certificate, key: certificate });
    expect(body).toContain(IDENTITY);
  });

  test('refuses it as one that does not ask istiod for roots', async () => {
    const certificate = join(folder, 'certificates/identity.pem');
    const deaf = await startInjected('deaf', {
      'proxy.istio.io/config': JSON.stringify({ proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'false' } }),
    });
    await expect(call({ certificate, key: certificate }, deaf)).rejects.toThrow();
    // It is the root alone that it does not know: of the mesh's own it takes calls.
    expect((await call(istio.issue('URI:spiffe://cluster.local/ns/laptops/sa/other'), deaf)).status).toBe(403);
  });

  test('refuses another identity under the same root by its policy', async () => {
    expect((await call(machines.issue('URI:spiffe://cluster.local/ns/laptops/sa/other'))).status).toBe(403);
  });

  test.each([
    ['a root that nobody named', () => stranger.issue(`URI:${IDENTITY}`)],
    ['another trust domain', () => machines.issue('URI:spiffe://elsewhere/ns/laptops/sa/laptop')],
    ['no identity', () => machines.issue('DNS:laptop.example.com')],
  ])('refuses %s in the handshake', async (_, certificate) => {
    await expect(call(certificate())).rejects.toThrow();
  });
});

describe('with its credential the machine', () => {
  test.each([
    ['its Secret', `${SECRETS}/laptop-certificate`],
    ['the roots of the mesh', '/api/v1/namespaces/laptops/configmaps/istio-ca-root-cert'],
  ])('reads %s', async (_, path) => {
    expect((await asMachine('GET', path)).status).toBe(200);
  });

  test.each([
    ['read the Secret of the authority', 'GET', `${SECRETS}/authority`],
    ['list Secrets', 'GET', SECRETS],
    ['watch its Secret', 'GET', `${SECRETS}?watch=true&fieldSelector=metadata.name%3Dlaptop-certificate`],
    ['change its Secret', 'PATCH', `${SECRETS}/laptop-certificate`],
    ['remove its Secret', 'DELETE', `${SECRETS}/laptop-certificate`],
    ['read its Secret in another namespace', 'GET', '/api/v1/namespaces/shop/secrets/laptop-certificate'],
    ['read its Certificate', 'GET', '/apis/cert-manager.io/v1/namespaces/laptops/certificates/laptop'],
    ['ask for a Certificate', 'POST', '/apis/cert-manager.io/v1/namespaces/laptops/certificates'],
    ['have a key signed', 'POST', '/apis/cert-manager.io/v1/namespaces/laptops/certificaterequests'],
    ['make a token', 'POST', '/api/v1/namespaces/laptops/serviceaccounts/laptop/token'],
  ])('can not %s', async (_, method, path) => {
    expect((await asMachine(method, path)).status).toBe(403);
  });
});

test('a renewed certificate is taken up, with a key of its own', async () => {
  const before = fileOf('identity.pem');
  const certificate = (await controlPlane.client.get(
    'cert-manager.io/v1',
    'Certificate',
    'laptop',
    'laptops',
  )) as StoredObject;
  const { conditions = [], ...status } = certificate.status as { readonly conditions?: readonly JsonObject[] };
  const issuing = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'test' };
  await controlPlane.client.patchStatus(certificate, {
    ...status,
    conditions: [...conditions, { ...issuing, lastTransitionTime: new Date().toISOString() }],
  } as JsonObject);
  const old = new X509Certificate(before).serialNumber;
  await certManager.waitUntil('the certificate is renewed', async () => {
    const pem = await issued();
    return pem !== undefined && new X509Certificate(pem).serialNumber !== old;
  });
  expect(fetchCertificate().status).toBe(0);
  const identity = fileOf('identity.pem');
  expect(new X509Certificate(identity).serialNumber).not.toBe(old);
  expect(keyOf(identity)).not.toBe(keyOf(before));
  const file = join(folder, 'certificates/identity.pem');
  expect((await call({ certificate: file, key: file })).status).toBe(200);
});

test('a certificate of somebody else in the Secret is refused, and the one in place stays', async () => {
  await certManager.stop();
  const before = fileOf('identity.pem');
  const other = machines.issue('URI:spiffe://cluster.local/ns/shop/sa/catalog');
  await controlPlane.client.call(
    'PATCH',
    `${SECRETS}/laptop-certificate`,
    {
      stringData: {
        'tls.crt': readFileSync(other.certificate, 'utf8'),
        'tls.key': readFileSync(other.key, 'utf8'),
      },
    },
    'application/merge-patch+json',
  );
  const { status, output } = fetchCertificate();
  expect(output).toContain(
    `the certificate is for spiffe://cluster.local/ns/shop/sa/catalog, not for ${IDENTITY} alone`,
  );
  expect(status).toBe(6);
  expect(fileOf('identity.pem')).toBe(before);
});

/** A Pod with a sidecar that takes mutual TLS alone, and calls of the laptop alone. */
async function startCatalog(app: App): Promise<void> {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const target = WorkloadTarget.namespace('shop');
  new MutualTls(chart, 'strict', { mesh, target });
  new AuthorizationPolicy(chart, 'from-laptop', {
    name: 'from-laptop',
    mesh,
    target,
    rules: [{ from: [Caller.standalone(laptop)] }],
  });
  const { client } = controlPlane;
  await client.mustApply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'catalog', namespace: 'shop' } },
  ]);
  await client.mustApply(chart.toJson() as KubernetesObject[]);
  pod = await startInjected('catalog');
}

/** Starts a Pod with a sidecar; returns its address. */
async function startInjected(name: string, annotations: JsonObject = {}): Promise<string> {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: name, 'sidecar.istio.io/inject': 'true' }, annotations },
    spec: { serviceAccountName: 'catalog', containers: [{ name: 'application', image: 'echo' }] },
  };
  return (await startPod(controlPlane, manifest as unknown as KubernetesObject, 8080)).computer.address;
}

/** Calls the Pod's sidecar as a peer with this certificate; the answer holds the headers that the application saw. */
function call(files: CertificateFiles, host = pod): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port: 8080,
      cert: readFileSync(files.certificate),
      key: readFileSync(files.key),
      // Who answers is the other side's question, which an Envoy asks; here a caller is judged.
      rejectUnauthorized: false,
      servername: 'outbound_.80_._.catalog.shop.svc.cluster.local',
      ALPNProtocols: ['istio-http/1.1', 'istio', 'http/1.1'],
      agent: false,
      timeout: 10_000,
    } as const;
    const sent = request(options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end();
  });
}

/** Runs the program as its unit does. */
function fetchCertificate(): { readonly status: number; readonly output: string } {
  try {
    const args = ['-I', join(folder, 'meshvm-certificate.py'), join(folder, 'certificate.json')];
    return { status: 0, output: execFileSync('python3', args, { encoding: 'utf8' }) };
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { status, output: stdout };
  }
}

/** The certificate in the Secret, once there is one. */
async function issued(): Promise<string | undefined> {
  const secret = await controlPlane.client.get('v1', 'Secret', 'laptop-certificate', 'laptops');
  const pem = (secret?.data as Readonly<Record<string, string>> | undefined)?.['tls.crt'];
  return pem ? Buffer.from(pem, 'base64').toString() : undefined;
}

async function asMachine(method: string, path: string): Promise<{ readonly status: number }> {
  const { apiServer } = controlPlane;
  return http({
    url: `https://${controlPlane.lan.hostAddress}:${apiServer.port}${path}`,
    method,
    ca: apiServer.ca,
    headers: { authorization: `Bearer ${token}`, 'content-type': contentTypeOf(method) },
    body: method === 'POST' || method === 'PATCH' ? '{}' : undefined,
  });
}

function contentTypeOf(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

function secretObject(name: string, stringData: JsonObject): unknown {
  const metadata = { name, namespace: 'laptops' };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', stringData };
}

function fileOf(name: string): string {
  return readFileSync(join(folder, 'certificates', name), 'utf8');
}

function keyOf(pem: string): string {
  return pem.slice(pem.indexOf('-----BEGIN PRIVATE KEY'));
}
