import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../harness/ports';
import { ManagedProcess } from '../harness/process';
import type { Workspace } from '../harness/workspace';
import { toolFolder } from '../tools/tools';
import { ACCOUNT, field, type Moto, REGION } from './moto';

const STS = `sts.${REGION}.amazonaws.com`;

/** Whom the cluster takes the bearer of a role for: what EKS makes of an access entry. */
export interface RoleMapping {
  readonly role: string;
  readonly userName: string;
  readonly kubernetesGroups: readonly string[];
}

/**
 * The real aws-iam-authenticator, which EKS runs beside its API server. It asks STS, for which moto answers: moto checks no signature.
 */
export class Authenticator {
  static async start(
    workspace: Workspace,
    moto: Moto,
    cluster: string,
    roles: readonly RoleMapping[],
  ): Promise<Authenticator> {
    const authenticator = new Authenticator(workspace, moto);
    const { proxy, authority } = await authenticator.startSts();
    const folder = workspace.subfolder('authenticator');
    const kubeconfig = join(folder, 'kubeconfig');
    const config = {
      clusterID: cluster,
      server: {
        address: '127.0.0.1',
        port: await freePort(),
        stateDir: folder,
        generateKubeconfig: kubeconfig,
        backendMode: ['MountedFile'],
        mapRoles: roles.map(({ role, userName, kubernetesGroups }) => ({
          roleARN: `arn:aws:iam::${ACCOUNT}:role/${role}`,
          username: userName,
          groups: kubernetesGroups,
        })),
      },
    };
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
    authenticator.process = ManagedProcess.start({
      workspace,
      name: 'authenticator',
      command: join(await toolFolder('aws-iam-authenticator'), 'aws-iam-authenticator'),
      args: ['server', '--config', join(folder, 'config.yaml')],
      env: {
        HTTPS_PROXY: proxy,
        SSL_CERT_FILE: authority,
        AWS_REGION: REGION,
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_ACCESS_KEY_ID: 'unused',
        AWS_SECRET_ACCESS_KEY: 'unused',
      },
    });
    await authenticator.process.waitUntil('it has written its kubeconfig', () => existsSync(kubeconfig));
    authenticator.apiServerArgs = [`--authentication-token-webhook-config-file=${kubeconfig}`];
    return authenticator;
  }

  apiServerArgs: readonly string[] = [];
  /** The clusters for which machines have proved who they are: a signed header that STS was sent. */
  readonly clusters: (string | undefined)[] = [];
  private process: ManagedProcess | undefined;
  private readonly servers: Server[] = [];

  private constructor(
    private readonly workspace: Workspace,
    private readonly moto: Moto,
  ) {}

  async stop(): Promise<void> {
    await this.process?.kill();
    for (const server of this.servers) server.close().closeAllConnections();
  }

  /** moto behind the name, the TLS and the JSON of STS; moto's own answers are XML. */
  private async startSts(): Promise<{ readonly proxy: string; readonly authority: string }> {
    const { key, certificate } = certificateFor(STS, this.workspace.subfolder('sts'));
    const sts = createHttpsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      this.clusters.push(request.headers['x-k8s-aws-id'] as string | undefined);
      const credential = new URL(request.url ?? '', `https://${STS}`).searchParams.get('X-Amz-Credential') ?? '';
      this.moto.ask(request.url ?? '', credential).then(async (answer) => {
        const xml = await answer.text();
        const result = { Account: field(xml, 'Account'), Arn: field(xml, 'Arn'), UserId: field(xml, 'UserId') };
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult: result } }));
      });
    });
    const port = await this.listen(sts);
    const proxy = createHttpServer();
    proxy.on('connect', (request, client) => {
      if (request.url !== `${STS}:443`) return client.destroy();
      const upstream = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
      return undefined;
    });
    return { proxy: `http://127.0.0.1:${await this.listen(proxy)}`, authority: certificate };
  }

  private async listen(server: Server): Promise<number> {
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
}

/** Files with a key and a certificate that it has signed itself. */
export function certificateFor(name: string, folder: string): { readonly key: string; readonly certificate: string } {
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const output = ['-keyout', files.key, '-out', files.certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...output], {
    stdio: 'ignore',
  });
  return files;
}
