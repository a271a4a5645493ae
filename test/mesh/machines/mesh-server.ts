import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What stands for gateway and service where only the certificate of the caller matters: it answers with what it saw of it. */
export class MeshServer {
  static async start(options: {
    readonly certificate: string;
    readonly key: string;
    /** Roots of callers, PEM. */
    readonly roots: readonly string[];
  }): Promise<MeshServer> {
    const server = createServer(
      {
        cert: options.certificate,
        key: options.key,
        ca: [...options.roots],
        requestCert: true,
        rejectUnauthorized: true,
        ALPNProtocols: ['istio-http/1.1', 'istio'],
        // Every connection shows its certificate anew.
        sessionTimeout: 1,
      },
      (request, response) => {
        const { subjectaltname, serialNumber } = (request.socket as TLSSocket).getPeerCertificate();
        response.setHeader('connection', 'close').end(JSON.stringify({ subjectaltname, serialNumber }));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new MeshServer(server, (server.address() as AddressInfo).port);
  }

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
