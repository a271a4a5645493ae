import type { Agent as HttpAgent, IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { RequestOptions } from 'node:https';
import { request as httpsRequest } from 'node:https';

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: HttpAgent;
  /** PEM of the certificate authority to trust. */
  readonly ca?: string;
  /** The name that the server's certificate must carry, if it is not the URL's host. */
  readonly servername?: string;
  /** Default: 30. */
  readonly timeoutSeconds?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP or HTTPS call. `fetch` can't be given a certificate authority or a server name without another dependency. */
export function http(call: HttpRequest): Promise<HttpResponse> {
  const options: RequestOptions = {
    method: call.method ?? 'GET',
    headers: {
      ...call.headers,
      ...(call.body === undefined ? {} : { 'content-length': Buffer.byteLength(call.body) }),
    },
    agent: call.agent,
    ca: call.ca,
    servername: call.servername,
    timeout: (call.timeoutSeconds ?? 30) * 1000,
  };
  return new Promise((resolve, reject) => {
    const send = call.url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(call.url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.once('timeout', () => request.destroy(new Error(`no answer from ${call.url}`)));
    request.once('error', reject);
    request.end(call.body);
  });
}
