import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCommand } from './command';
import { webToken } from './web-token';

/** The audience of the tokens. */
export const AUDIENCE = 'kubernetes';

/**
 * Stands in for the issuer of a cloud's identity tokens: it publishes a key, and the API server trusts what is signed with it. The API
 * server takes the claim `email` for the name of the user, as Google's tokens have it.
 */
export class TokenIssuer {
  /** @param folder A new folder for its files. */
  static async start(folder: string): Promise<TokenIssuer> {
    mkdirSync(folder, { recursive: true });
    const tls = { key: join(folder, 'tls.key'), certificate: join(folder, 'tls.crt') };
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=issuer'];
    const files = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', tls.key, '-out', tls.certificate];
    await runCommand('openssl', [...request, ...files]);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signingKey = join(folder, 'signing.key');
    writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });

    const answers: Record<string, unknown> = {};
    const certificate = readFileSync(tls.certificate, 'utf8');
    const server = createServer({ key: readFileSync(tls.key), cert: certificate }, (asked, response) => {
      const answer = answers[asked.url ?? ''];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    answers['/.well-known/openid-configuration'] = { issuer: url, jwks_uri: `${url}/keys` };
    answers['/keys'] = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key', alg: 'RS256', use: 'sig' }] };
    const authentication = join(folder, 'authentication.json');
    writeFileSync(authentication, JSON.stringify(authenticationConfiguration(url, certificate)));
    return new TokenIssuer(server, url, privateKey, signingKey, authentication);
  }

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly key: KeyObject,
    /** Path of the key that tokens are signed with. */
    readonly signingKey: string,
    private readonly authenticationConfig: string,
  ) {}

  /** What makes a kube-apiserver trust the issuer. */
  get apiServerArgs(): readonly string[] {
    return [`--authentication-config=${this.authenticationConfig}`];
  }

  /**
   * A token of a user, good for a day.
   *
   * @param key Another key than the issuer's makes it a forgery.
   */
  token(name: string, key: KeyObject = this.key): string {
    const exp = Math.floor(Date.now() / 1000) + 24 * 3600;
    return webToken({ iss: this.url, aud: AUDIENCE, sub: name, email: name, email_verified: true, exp }, key);
  }

  stop(): void {
    this.server.close().closeAllConnections();
  }
}

function authenticationConfiguration(url: string, certificateAuthority: string): unknown {
  const jwt = {
    issuer: { url, certificateAuthority, audiences: [AUDIENCE] },
    claimMappings: { username: { claim: 'email', prefix: '' } },
  };
  return { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', jwt: [jwt] };
}
