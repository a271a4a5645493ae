import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server for packages. */
export class Mirror {
  /** @param files Paths of files on this host by their paths in a URL. */
  static async start(address: string, files: Readonly<Record<string, string>>): Promise<Mirror> {
    const server = createServer();
    const mirror = new Mirror(server);
    server.on('request', (request, response) => {
      const file = files[request.url ?? ''];
      if (file === undefined) return void response.writeHead(404).end();
      const content = readFileSync(file);
      if (mirror.forging) content[content.length - 1] ^= 1;
      response.writeHead(200, { 'content-length': content.length }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return mirror;
  }

  /** Whether it changes the last byte of what it serves. */
  forging = false;

  private constructor(private readonly server: Server) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close().closeAllConnections();
  }
}
