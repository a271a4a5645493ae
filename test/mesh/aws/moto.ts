import { join } from 'node:path';
import type { ManagedProcess } from '../harness';
import { http } from '../harness/http';
import { freePort } from '../harness/ports';
import { ManagedProcess as Process } from '../harness/process';
import type { Workspace } from '../harness/workspace';
import { toolFolder } from '../tools/tools';

/** The account that moto plays. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** Credentials of a session. */
export interface SessionKeys {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/** moto, which plays AWS, as a server from an environment with exactly the pinned packages. */
export class Moto {
  static async start(workspace: Workspace, env: Readonly<Record<string, string>> = {}): Promise<Moto> {
    const python = join(await toolFolder('moto'), 'bin/python');
    const port = await freePort();
    const program = `from moto.server import main; main(['-H', '127.0.0.1', '-p', '${port}'])`;
    const process = Process.start({ workspace, name: 'moto', command: python, args: ['-c', program], env });
    const url = `http://127.0.0.1:${port}`;
    await process.waitUntil('it answers', async () => (await http({ url: `${url}/moto-api/` })).status === 200);
    return new Moto(process, url, python);
  }

  private constructor(
    readonly process: ManagedProcess,
    readonly url: string,
    /** A Python that has the AWS SDK. */
    readonly python: string,
  ) {}

  /** moto finds the service by the scope of a credential, in this header only. */
  ask(path: string, credential: string): Promise<Response> {
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=x`;
    return fetch(`${this.url}${path}`, { headers: { authorization } });
  }

  /** Keys with which an instance acts in a role, as its metadata service hands them out. */
  async assumeRole(role: string, session: string): Promise<SessionKeys> {
    const query = new URLSearchParams({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      RoleSessionName: session,
    });
    const answer = await this.ask(`/?${query}`, `AKIA/20261121/${REGION}/sts/aws4_request`);
    const xml = await answer.text();
    return {
      AccessKeyId: field(xml, 'AccessKeyId'),
      SecretAccessKey: field(xml, 'SecretAccessKey'),
      Token: field(xml, 'SessionToken'),
    };
  }
}

/** The text of the first element of a name; empty without one. */
export function field(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
}
