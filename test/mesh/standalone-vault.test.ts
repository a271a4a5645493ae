import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  EnvoyCertificates,
  MeshIdentity,
  ServiceProtocol,
  StandaloneEnvoy,
  StandaloneService,
  TrustedRoots,
  VaultAuth,
  type VaultCertificatesOptions,
} from 'meshvm';
import { ADMIN_FOLDER } from '../../lib/standalone/envoy/admin';
import { webToken } from './harness';
import { http } from './harness/http';
import { freePort } from './harness/ports';
import { ManagedProcess } from './harness/process';
import { waitUntil } from './harness/wait';
import { Workspace } from './harness/workspace';
import { Authority } from './machines/authority';
import { MeshServer } from './machines/mesh-server';
import { Vault } from './machines/vault';
import { MESH } from './machines/world';
import { findTools, type Tools } from './tools/tools';

const HOST = 'catalog.shop.svc.cluster.local';
const IDENTITY = 'spiffe://cluster.local/ns/laptops/sa/laptop';
const ISSUE = 'pki/issue/laptops.laptop';
/** What Vault says of URIs that the role does not name. */
const NOT_VALID = 'URI Subject Alternative Names were provided via the API which are not valid for this role';

let tools: Tools;
let workspace: Workspace;
let vault: Vault;
let mesh: Authority;
let laptop: StandaloneEnvoy;
let server: MeshServer;
let folder: string;
let agent: ManagedProcess;
let port: number;
let adminPort: number;
/** Certificate of Vault's authority. */
let root: string;
/** A token as the machine gets it. */
let token: string;

beforeAll(async () => {
  tools = await findTools();
  workspace = new Workspace();
  vault = await Vault.start(workspace);
  mesh = Authority.create('mesh');
  await vault.write('sys/mounts/pki', { type: 'pki', config: { max_lease_ttl: '48h' } });
  const generated = await vault.write('pki/root/generate/internal', { common_name: 'vault', ttl: '47h' });
  root = String(generated.data.certificate);
  const service = mesh.issue('URI:spiffe://cluster.local/ns/shop/sa/catalog');
  server = await MeshServer.start({
    certificate: readFileSync(service.certificate, 'utf8'),
    key: readFileSync(service.key, 'utf8'),
    roots: [`${root}\n`],
  });

  folder = workspace.subfolder('laptop');
  port = await freePort();
  adminPort = await freePort();
  laptop = laptopIn(folder);
  await vault.write('sys/auth/approle', { type: 'approle' });
  for (const { path, data } of laptop.vaultWrites()) await vault.write(path, data);
  // Soon to be renewed: about eight seconds after it was issued.
  const [{ path, data }] = laptop.vaultWrites();
  await vault.write(path, { ...data, ttl: '12s', max_ttl: '12s' });
  const role = (await vault.call('GET', 'auth/approle/role/laptops.laptop/role-id')).data.role_id;
  const secret = (await vault.write('auth/approle/role/laptops.laptop/secret-id', {})).data.secret_id;
  writeFileSync(join(folder, 'role-id'), String(role));
  writeFileSync(join(folder, 'secret-id'), String(secret), { mode: 0o600 });
  token = String((await vault.write('auth/approle/login', { role_id: role, secret_id: secret })).auth.client_token);

  for (const [name, text] of Object.entries({ ...laptop.files(), ...laptop.certificateFiles() })) {
    writeFileSync(join(folder, name), text.replaceAll(ADMIN_FOLDER, folder));
  }
  mkdirSync(join(folder, 'certificates'), { mode: 0o700 });
  startAgent();
  await agent.waitUntil('the certificate is there', () => fileOf('identity.pem') !== '');
}, 1_200_000);

afterAll(async () => {
  await server?.stop();
  mesh?.remove();
  await workspace?.close();
});

test('the agent writes certificate, chain and key as one file for its owner alone, and the roots of the mesh', () => {
  const identity = fileOf('identity.pem');
  const [leaf, issuer] = certificatesOf(identity);
  expect(leaf.subjectAltName).toBe(`URI:${IDENTITY}`);
  expect(leaf.subject ?? '').toBe('');
  expect(leaf.keyUsage).toStrictEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(leaf.checkIssued(issuer)).toBe(true);
  expect(identity.match(/PRIVATE KEY-----/g)).toHaveLength(2);
  expect(statSync(join(folder, 'certificates/identity.pem')).mode & 0o777).toBe(0o600);
  expect(fileOf('root-cert.pem').trim()).toBe(readFileSync(mesh.rootFile, 'utf8').trim());
});

test('nothing that is written to machines or to Vault is a secret', () => {
  const secret = readFileSync(join(folder, 'secret-id'), 'utf8');
  const texts = [...Object.values(laptop.certificateFiles()), ...Object.values(laptop.files())];
  expect(texts.join('\n') + JSON.stringify(laptop.vaultWrites())).not.toContain(secret);
  expect(texts.join('\n')).not.toMatch(/PRIVATE KEY|hvs\.|hvb\./);
});

test('Envoy calls with it, and takes up each new one without a failed request', async () => {
  const envoy = ManagedProcess.start({
    workspace,
    name: 'envoy',
    command: tools.envoy,
    args: ['-c', join(folder, 'envoy.yaml'), '--use-dynamic-base-id'],
  });
  const call = () => http({ url: `http://127.0.0.1:${port}/`, headers: { host: HOST } });
  await envoy.waitUntil('it answers', async () => (await call()).status === 200);
  const answers: { readonly status: number; readonly body: string }[] = [];
  const serials = () => new Set(answers.map(({ body }) => (JSON.parse(body) as { serialNumber: string }).serialNumber));
  await waitUntil(
    'three certificates have been seen',
    async () => {
      answers.push(await call());
      return answers.some(({ status }) => status !== 200) || serials().size >= 3;
    },
    { timeoutSeconds: 90 },
  );
  expect(answers.filter(({ status }) => status !== 200)).toStrictEqual([]);
  const names = answers.map(({ body }) => (JSON.parse(body) as { subjectaltname: string }).subjectaltname);
  expect(new Set(names)).toStrictEqual(new Set([`URI:${IDENTITY}`]));
  await envoy.stop();
}, 120_000);

test('an agent that starts again keeps the certificate that it finds', async () => {
  const [{ path, data }] = laptop.vaultWrites();
  await vault.write(path, data);
  const before = serialOf();
  await agent.waitUntil('a certificate of an hour and more', () => serialOf() !== before, { timeoutSeconds: 60 });
  const kept = fileOf('identity.pem');
  await agent.stop();
  startAgent();
  await agent.waitUntil('it has rendered', () => /rendered|template server/i.test(readFileSync(agent.logFile, 'utf8')));
  await waitUntil('it has logged in', () => readFileSync(agent.logFile, 'utf8').includes('authentication successful'));
  expect(fileOf('identity.pem')).toBe(kept);
}, 120_000);

describe('the agent also logs in', () => {
  test('with a JWT', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await vault.write('sys/auth/jwt', { type: 'jwt' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    await vault.write('auth/jwt/config', { jwt_validation_pubkeys: [pem] });
    const own = workspace.subfolder('jwt');
    const tokenFile = join(own, 'token');
    const auth = VaultAuth.jwt({ tokenFile, subject: 'laptop', audience: 'vault' });
    writeFileSync(tokenFile, webToken({ sub: 'other', aud: 'vault' }, privateKey));
    const started = await startOther(own, auth);
    await started.waitUntil('somebody else is refused', () =>
      started.logTail(200).includes('invalid subject (sub) claim'),
    );
    await started.stop();
    writeFileSync(tokenFile, webToken({ sub: 'laptop', aud: 'vault' }, privateKey));
    expect(await issuedTo(own, auth)).toBe(`URI:${IDENTITY}`);
  });

  test('with a token that is there already', async () => {
    const own = workspace.subfolder('token');
    const { auth } = await vault.write('auth/token/create', { policies: ['laptops.laptop'], ttl: '1h' });
    writeFileSync(join(own, 'token'), String(auth.client_token));
    expect(await issuedTo(own, VaultAuth.tokenFile(join(own, 'token')))).toBe(`URI:${IDENTITY}`);
  });
});

describe('Vault refuses the machine', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another identity', { uri_sans: 'spiffe://cluster.local/ns/shop/sa/catalog' }, NOT_VALID],
    ['another identity beside its own', { uri_sans: `${IDENTITY},spiffe://cluster.local/ns/a/sa/b` }, NOT_VALID],
    ['an identity that begins like its own', { uri_sans: `${IDENTITY}2` }, NOT_VALID],
    ['a common name', { uri_sans: IDENTITY, common_name: 'istiod.istio-system.svc' }, 'not allowed'],
    ['a DNS name', { uri_sans: IDENTITY, alt_names: 'istiod.istio-system.svc' }, 'not allowed'],
    ['an IP address', { uri_sans: IDENTITY, ip_sans: '10.0.0.1' }, 'not allowed'],
    ['a name of another kind', { uri_sans: IDENTITY, other_sans: '1.3.6.1.4.1.311.20.2.3;UTF8:admin' }, 'not allowed'],
    ['a user ID', { uri_sans: IDENTITY, user_ids: 'root' }, 'not allowed'],
  ])('%s', async (_, data, reason) => {
    const { status, errors } = await vault.call('POST', ISSUE, data, token);
    expect({ status, errors: errors.join('; ') }).toStrictEqual({
      status: 400,
      errors: expect.stringContaining(reason),
    });
  });

  test.each([
    ['another role', 'POST', 'pki/issue/laptops.other'],
    ['a certificate for a key of its own choice', 'POST', 'pki/sign/laptops.laptop'],
    ['a certificate without a role', 'POST', 'pki/sign-verbatim'],
    ['an authority', 'POST', 'pki/root/sign-intermediate'],
    ['a change of the role', 'POST', 'pki/roles/laptops.laptop'],
    ['a look at the role', 'GET', 'pki/roles/laptops.laptop'],
    ['a change of the policy', 'POST', 'sys/policies/acl/laptops.laptop'],
    ['a token that lives on', 'POST', 'auth/token/create'],
    ['a secret ID', 'POST', 'auth/approle/role/laptops.laptop/secret-id'],
  ])('%s', async (_, method, path) => {
    const { status } = await vault.call(method, path, method === 'POST' ? { uri_sans: IDENTITY } : undefined, token);
    expect(status).toBe(403);
  });

  test('but not its own identity, however long it asks for it: no longer than the role says', async () => {
    const { status, data } = await vault.call('POST', ISSUE, { uri_sans: IDENTITY, ttl: '40h' }, token);
    expect(status).toBe(200);
    const { validTo } = new X509Certificate(String(data.certificate));
    expect(Date.parse(validTo) - Date.now()).toBeLessThan(86_400_000 + 60_000);
  });
});

function startAgent(): void {
  agent = runAgent('vault-agent', folder);
}

function runAgent(name: string, own: string): ManagedProcess {
  const args = ['agent', `-config=${join(own, 'vault-agent.hcl')}`];
  return ManagedProcess.start({ workspace, name, command: vault.command, args });
}

/** Starts an agent of the same machine that logs in by other means. */
async function startOther(own: string, auth: VaultAuth): Promise<ManagedProcess> {
  const other = laptopIn(own, { auth });
  // The last of them is the role of the auth method, where there is one.
  for (const { path, data } of other.vaultWrites().slice(2)) await vault.write(path, data);
  for (const [name, text] of Object.entries(other.certificateFiles())) writeFileSync(join(own, name), text);
  mkdirSync(join(own, 'certificates'), { recursive: true });
  return runAgent(`vault-agent-${Object.keys(auth)[0]}`, own);
}

/** The name in the certificate that such an agent gets. */
async function issuedTo(own: string, auth: VaultAuth): Promise<string | undefined> {
  const started = await startOther(own, auth);
  const identity = join(own, 'certificates/identity.pem');
  await started.waitUntil('the certificate is there', () => existsSync(identity));
  await started.stop();
  return certificatesOf(readFileSync(identity, 'utf8'))[0].subjectAltName;
}

/** The machine, with its files in a folder. */
function laptopIn(directory: string, options: Partial<VaultCertificatesOptions> = {}): StandaloneEnvoy {
  return new StandaloneEnvoy(new Chart(new App(), 'laptops', { namespace: 'laptops' }), 'laptop', {
    mesh: MESH,
    directory,
    gateways: [{ address: '127.0.0.1', port: server.port }],
    httpPort: port,
    adminPort,
    services: [
      StandaloneService.fromHost(HOST, {
        port: 80,
        protocol: ServiceProtocol.HTTP1,
        identities: [MeshIdentity.serviceAccount('shop', 'catalog')],
      }),
    ],
    certificates: EnvoyCertificates.vault({
      address: vault.url,
      auth: VaultAuth.appRole({ roleIdFile: join(directory, 'role-id'), secretIdFile: join(directory, 'secret-id') }),
      meshRoots: [TrustedRoots.pem(readFileSync(mesh.rootFile, 'utf8'))],
      issuerChain: root,
      additionalRoots: [TrustedRoots.pem(root)],
      ...options,
    }),
  });
}

function fileOf(name: string): string {
  try {
    return readFileSync(join(folder, 'certificates', name), 'utf8');
  } catch {
    return '';
  }
}

function serialOf(): string {
  return certificatesOf(fileOf('identity.pem'))[0].serialNumber;
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
