import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { webToken } from '../mesh/harness/web-token';

/**
 * A program: the metadata service of a cloud, in the words of Compute Engine, as far as the agent uses it. It knows a machine by the address that
 * asks, and hands out a short token for the service account of all machines, signed at that moment.
 *
 * Unlike Google's, the token is a JSON web token, so that a Kubernetes API server without Google behind it can verify it.
 */
const { issuer, audience, signingKey, serviceAccountEmail } = JSON.parse(process.argv[2] ?? '') as {
  readonly issuer: string;
  readonly audience: string;
  readonly signingKey: string;
  readonly serviceAccountEmail: string;
};
const key = readFileSync(signingKey);
const LIFETIME_SECONDS = 3600;

createServer((request, response) => {
  process.stdout.write(`${request.socket.remoteAddress} ${request.method} ${request.url}\n`);
  const answer =
    request.headers['metadata-flavor'] === 'Google' ? answerTo(request.url, request.socket.remoteAddress) : '';
  response.writeHead(answer === '' ? 403 : answer === undefined ? 404 : 200).end(answer);
}).listen(80, '169.254.169.254');

function answerTo(path: string | undefined, address: string | undefined): string | undefined {
  if (path === '/computeMetadata/v1/instance/network-interfaces/0/ip') return address;
  if (path === '/computeMetadata/v1/instance/zone') return 'projects/1/zones/europe-west1-b';
  if (path !== '/computeMetadata/v1/instance/service-accounts/default/token') return undefined;
  return JSON.stringify({ access_token: accountToken(), expires_in: LIFETIME_SECONDS, token_type: 'Bearer' });
}

function accountToken(): string {
  const claims = { iss: issuer, aud: audience, sub: '1', exp: Math.floor(Date.now() / 1000) + LIFETIME_SECONDS };
  return webToken({ ...claims, email: serviceAccountEmail, email_verified: true }, key);
}
