import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeClient } from './kube-client';
import { writeKubeconfig } from './kubeconfig';
import { freePort } from './ports';
import { ManagedProcess } from './process';
import type { Workspace } from './workspace';

export interface ApiServerOptions {
  readonly workspace: Workspace;
  readonly command: string;
  readonly etcdUrl: string;
  /** An address of this host that machines reach; without one the API server listens on the loopback interface only. */
  readonly address?: string;
  readonly extraArgs?: readonly string[];
}

/** A real kube-apiserver: RBAC, ServiceAccount tokens and all admission plugins but `ServiceAccount`. */
export class ApiServer {
  static async start(options: ApiServerOptions): Promise<ApiServer> {
    const { workspace } = options;
    const folder = workspace.subfolder('api-server');
    const port = await freePort();
    const adminToken = randomBytes(16).toString('hex');
    const tokenFile = join(folder, 'tokens.csv');
    writeFileSync(tokenFile, `${adminToken},admin,admin,"system:masters"\n`, { mode: 0o600 });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signingKey = join(folder, 'service-account.key');
    writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const verifyingKey = join(folder, 'service-account.pub');
    writeFileSync(verifyingKey, publicKey.export({ type: 'spki', format: 'pem' }));

    const process = ManagedProcess.start({
      workspace,
      name: 'kube-apiserver',
      command: options.command,
      args: [
        `--etcd-servers=${options.etcdUrl}`,
        `--secure-port=${port}`,
        // The certificate that it makes for itself carries this address, `localhost` and `kubernetes.default.svc`.
        `--cert-dir=${folder}`,
        `--bind-address=${options.address === undefined ? '127.0.0.1' : '0.0.0.0'}`,
        `--advertise-address=${options.address ?? '127.0.0.1'}`,
        '--endpoint-reconciler-type=none',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `--service-account-signing-key-file=${signingKey}`,
        `--service-account-key-file=${verifyingKey}`,
        `--token-auth-file=${tokenFile}`,
        '--authorization-mode=RBAC',
        // That plugin waits for ServiceAccounts that a controller manager makes; there is none.
        '--disable-admission-plugins=ServiceAccount',
        // Fair queuing would throttle the thousands of dry runs of a differential test.
        '--enable-priority-and-fairness=false',
        ...(options.extraArgs ?? []),
      ],
    });
    const certificate = join(folder, 'apiserver.crt');
    await process.waitUntil('it has made its certificate', () => existsSync(certificate));
    const url = `https://127.0.0.1:${port}`;
    const ca = readFileSync(certificate, 'utf8');
    const client = new KubeClient({ url, ca, token: adminToken, servername: SERVER_NAME });
    await process.waitUntil('it is ready', async () => (await client.call('GET', '/readyz')).status === 200, {
      details: async () => (await client.call('GET', '/readyz?verbose')).body,
    });
    return new ApiServer(process, client, port, ca, folder, adminToken);
  }

  private constructor(
    readonly process: ManagedProcess,
    /** A client with all rights. */
    readonly client: KubeClient,
    readonly port: number,
    /** PEM of the certificate authority that signed the API server's certificate. */
    readonly ca: string,
    private readonly folder: string,
    private readonly adminToken: string,
  ) {}

  /** The path of a kubeconfig with all rights, for command line tools on this host. */
  adminKubeconfig(): string {
    return this.kubeconfig('admin', this.adminToken);
  }

  /** The path of a kubeconfig for the bearer of a token. `host` is where the API server is reached, this host by default. */
  kubeconfig(name: string, token: string, host = '127.0.0.1'): string {
    const server = `https://${host}:${this.port}`;
    return writeKubeconfig(join(this.folder, `${name}.kubeconfig`), {
      server,
      serverName: SERVER_NAME,
      ca: this.ca,
      token,
    });
  }

  /** A client for the bearer of a token, with the rights that RBAC gives it. */
  clientOf(token: string): KubeClient {
    return new KubeClient({ url: `https://127.0.0.1:${this.port}`, ca: this.ca, token, servername: SERVER_NAME });
  }
}

/** A name in the certificate that kube-apiserver makes for itself. */
const SERVER_NAME = 'kubernetes.default.svc';
