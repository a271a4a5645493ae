import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the range that Linux gives to outgoing connections (32768 and up), so that none of those takes a free port. */
const FIRST = 20_000;
const COUNT = 12_000;

/**
 * Returns a TCP port that nobody listens on, and that no other run of the harness will be given.
 *
 * The UDP port of the same number is held open for as long as this process lives: that is the reservation, and the
 * kernel ends it with the process.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
  throw new Error(`No free port between ${FIRST} and ${FIRST + COUNT}.`);
}

function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
