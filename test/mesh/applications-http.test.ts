import { type KubernetesObject, publishPod, waitUntil } from './harness';
import { Computer } from './machines/computer';
import {
  CLOSES_LATE,
  exchange,
  MIRROR,
  runPython,
  startPython,
  TCP_SERVER,
  UDP_SERVER,
  UNAVAILABLE,
  WEBSOCKET,
} from './machines/raw';
import { type ServiceAddress, World } from './machines/world';

/**
 * Rows of docs/applications.md about bytes, requests and connections: each with a machine that has not joined, and with one that has. The
 * tests have the names of the rows.
 */
let world: World;
/** Not in the mesh. */
let outside: Computer;
let before: Computer;
let joined: Computer;
/** In the mesh. */
let pod: Computer;
let service: ServiceAddress;
/** The Pod's Service. */
let mirror: ServiceAddress;

const HTTP = 9000;
const TELL = 9001;
const AFTER_END = 9002;
const RESET = 9003;
const UNAVAILABLE_PORT = 9004;
const LATE = 9005;
const WEBSOCKET_PORT = 9008;
const UDP = 9006;
/** A port that the group declares and nobody has. */
const NOBODY = 9007;
/** A port without a name in the mesh. */
const ELSEWHERE = 9100;

/** Enough for the sidecar to see that it is neither TLS nor HTTP. */
const WORDS = 'hello';

beforeAll(async () => {
  world = await World.start();
  const { client, lan } = world.controlPlane;
  await world.apply({
    probe: undefined,
    ports: [
      { name: 'http-mirror', port: HTTP },
      { name: 'tcp-tell', port: TELL },
      { name: 'tcp-after-end', port: AFTER_END },
      { name: 'tcp-reset', port: RESET },
      { name: 'http-unavailable', port: UNAVAILABLE_PORT },
      { name: 'http-late', port: LATE },
      { name: 'http-websocket', port: WEBSOCKET_PORT },
      { name: 'tcp-nobody', port: NOBODY },
    ],
  });
  outside = await Computer.create(world.controlPlane, {
    name: 'outside',
    script: 'exec sleep infinity',
    nameserver: lan.hostAddress,
  });
  before = await world.machine('before', { boot: 'false' });
  joined = await world.machine('joined');
  const started = await world.startPod();
  pod = started.computer;
  for (const machine of [outside, before, joined]) await machine.boot();
  await client.mustApply(MIRROR_SERVICE);
  await publishPod(client, started.pod, pod.address);
  for (const machine of [outside, before, joined, pod]) await startServers(machine);
  service = await world.service('payment-service', 'payments');
  mirror = await world.service('mirror', 'ledger');
  await waitUntil('the machine has joined', () => world.entryOf(joined));
  await waitUntil('the Pod reaches the machine', async () => (await viaMesh(get('/'))).text.startsWith('HTTP/1.1 200'));
  await waitUntil('the machine reaches the Pod', async () =>
    (await call(mirror.clusterIP, HTTP, get('/', LEDGER))).text.startsWith('HTTP/1.1 200'),
  );
});

afterAll(async () => {
  await world?.stop();
});

describe('header-case', () => {
  const request = get('/', 'X-Mixed-Request: Yes');

  test('requests and answers have names in lower case, inbound', async () => {
    const old = await exchange(outside, before.address, HTTP, request);
    expect(old.text).toContain('\nX-Mixed-Request: Yes');
    expect(old.text).toContain('\nX-Mixed-Case: Yes');
    for (const { text } of [await exchange(outside, joined.address, HTTP, request), await viaMesh(request)]) {
      expect(text).toContain('\nx-mixed-request: Yes');
      expect(text).toContain('\nx-mixed-case: Yes');
    }
  });

  test('and outbound, to Services and to HTTP ports that some Service has', async () => {
    const { text } = await call(mirror.clusterIP, HTTP, get('/', LEDGER, 'X-Mixed-Request: Yes'));
    expect(text).toContain('\nx-mixed-request: Yes');
    expect(text).toContain('\nx-mixed-case: Yes');
    expect((await call(outside.address, HTTP, request)).text).toContain('\nx-mixed-request: Yes');
  });

  test('other ports outbound keep every byte', async () => {
    expect((await call(outside.address, ELSEWHERE, request)).text).toContain('\nX-Mixed-Request: Yes');
  });
});

describe('added-headers', () => {
  test('the application sees headers of the mesh, and callers a server that is Envoy', async () => {
    expect((await viaMesh(get('/'))).text).toMatch(/\nx-forwarded-client-cert: By=spiffe/);
    const { text } = await exchange(outside, joined.address, HTTP, get('/'));
    expect(text).toMatch(/\nserver: istio-envoy\r\n/);
    expect(text).toMatch(/\nx-request-id: /);
    expect(text).toMatch(/\nx-forwarded-proto: http\r\n/);
    expect(text).not.toMatch(/\nx-forwarded-for: /i);
  });
});

describe('header-size', () => {
  const long = get('/', `Authorization: Negotiate ${'a'.repeat(70_000)}`);

  test('a header of 70 KB is refused', async () => {
    expect((await exchange(outside, before.address, HTTP, long)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await exchange(outside, joined.address, HTTP, long)).text).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('and so are more than 100', async () => {
    const many = get('/', ...Array.from({ length: 120 }, (_, index) => `x-${index}: 1`));
    expect((await exchange(outside, before.address, HTTP, many)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await exchange(outside, joined.address, HTTP, many)).text).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test('path-normalization: dots are resolved before the application sees them', async () => {
  const request = get('/a/../b//c');
  expect((await exchange(outside, before.address, HTTP, request)).text).toContain('\nGET /a/../b//c HTTP/1.1');
  expect((await exchange(outside, joined.address, HTTP, request)).text).toContain('\nGET /b//c HTTP/1.1');
});

test('trailers: they are dropped', async () => {
  const chunked = `${head('POST /', 'Transfer-Encoding: chunked', 'Trailer: x-sum')}2\r\nhi\r\n0\r\nx-sum: 7\r\n\r\n`;
  expect((await exchange(outside, before.address, HTTP, chunked)).text).toContain('x-sum: 7');
  const { text } = await exchange(outside, joined.address, HTTP, chunked);
  expect(text).toContain('2\r\nhi\r\n0\r\n');
  expect(text).not.toContain('x-sum: 7');
});

describe('upgrades', () => {
  const upgrade = (protocol: string) => get('/', 'Connection: Upgrade', `Upgrade: ${protocol}`);

  test('WebSocket passes', async () => {
    for (const machine of [before, joined]) {
      const { text } = await exchange(outside, machine.address, WEBSOCKET_PORT, `${upgrade('websocket')}frame`);
      expect(text).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\nframe$/);
    }
  });

  test('CONNECT, and upgrades to anything else, do not', async () => {
    const connect = 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n';
    for (const request of [upgrade('telnet'), connect]) {
      expect((await exchange(outside, before.address, HTTP, request)).text).toMatch(/^HTTP\/1\.1 200 /);
      expect((await exchange(outside, joined.address, HTTP, request)).text).toMatch(/^HTTP\/1\.1 40[34] /);
    }
  });
});

describe('strict-http', () => {
  test.each([
    ['a request without Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a method that nobody knows', head('BREW /')],
    ['a length and chunks at once', `${head('POST /', 'Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
  ])('%s is refused', async (_, request) => {
    expect((await exchange(outside, before.address, HTTP, request)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await exchange(outside, joined.address, HTTP, request)).text).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('connections', () => {
  test('pooled: callers that close theirs share one to the application', async () => {
    const peer = async (machine: Computer) =>
      /\r\n\r\n([\d.]+:\d+)\n/.exec(
        (await exchange(outside, machine.address, HTTP, get('/', 'Connection: close'))).text,
      )?.[1];
    const old = [await peer(before), await peer(before)];
    expect(new Set(old).size).toBe(2);
    const shared = [await peer(joined), await peer(joined), await peer(joined), await peer(joined), await peer(joined)];
    expect(new Set(shared).size).toBeLessThan(shared.length);
  });

  test('keep-alive: who closes as the next request comes has it answered 503', async () => {
    const twice = `${get('/')}${get('/')}`;
    expect((await exchange(outside, before.address, LATE, get('/'))).text).toMatch(/^HTTP\/1\.1 200 /);
    const { text } = await exchange(outside, joined.address, LATE, twice, { answers: 2 });
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 503 /);
  });

  test('half-closed ones go on', async () => {
    const answered = { text: 'read 5', end: 'closed' };
    for (const address of [before.address, joined.address]) {
      expect(await exchange(outside, address, AFTER_END, WORDS, { halfClose: true })).toMatchObject(answered);
    }
    expect(await exchange(pod, service.clusterIP, AFTER_END, WORDS, { halfClose: true })).toMatchObject(answered);
  });

  test('resets arrive in plain text, and are plain ends by mutual TLS', async () => {
    for (const address of [before.address, joined.address]) {
      expect((await exchange(outside, address, RESET, WORDS)).end).toBe('reset');
    }
    expect((await exchange(pod, service.clusterIP, RESET, WORDS)).end).toBe('closed');
  });
});

describe('first-words', () => {
  test('fewer than five bytes in plain text wait for ever', async () => {
    expect((await exchange(outside, before.address, TELL, 'four')).text).toMatch(outside.address);
    expect(await exchange(outside, joined.address, TELL, 'four', { seconds: 5 })).toMatchObject({
      text: '',
      end: 'open',
    });
    expect((await exchange(pod, service.clusterIP, TELL, 'four')).text).toMatch(/^127\.0\.0\.6:/);
  });

  test('who ends together with its words in plain text is reset, but for a lucky one', async () => {
    const ends = async (address: string) => {
      const all = [];
      for (let count = 0; count < 10; count++) {
        all.push((await exchange(outside, address, AFTER_END, WORDS, { halfClose: true, atOnce: true })).end);
      }
      return all;
    };
    expect(new Set(await ends(before.address))).toEqual(new Set(['closed']));
    expect(await ends(joined.address)).toContain('reset');
  });
});

describe('connect-succeeds', () => {
  test('outbound, to a port and to an address where nobody is', async () => {
    const nobody = `${outside.address.replace(/\d+$/, '')}253`;
    for (const address of [outside.address, nobody]) {
      expect((await exchange(before, address, NOBODY, '')).end).toBe('refused');
      expect((await exchange(joined, address, NOBODY, '')).end).not.toBe('refused');
    }
  });

  test('inbound, to a port whose application is down', async () => {
    expect((await exchange(outside, before.address, NOBODY, WORDS)).end).toBe('refused');
    expect((await exchange(outside, joined.address, NOBODY, WORDS)).end).not.toBe('refused');
  });
});

describe('source-ports', () => {
  test('a connection leaves from another port than the application has bound, root or not', async () => {
    for (const [machine, isKept] of [
      [before, true],
      [joined, false],
    ] as const) {
      const { text, sourcePort } = await exchange(machine, outside.address, TELL, WORDS, { sourcePort: 800 });
      expect(sourcePort).toBe(800);
      expect(text === `${machine.address}:800\n`).toBe(isKept);
    }
  });
});

describe('calls-itself', () => {
  test('by 127.0.0.1 and by its own address, the machine calls past the sidecar', async () => {
    for (const address of ['127.0.0.1', joined.address]) {
      const { text, sourcePort } = await exchange(joined, address, TELL, WORDS);
      expect(text).toBe(`${address}:${sourcePort}\n`);
    }
  });

  test('by its own Service it calls as everybody', async () => {
    expect((await exchange(joined, service.clusterIP, TELL, WORDS)).text).toMatch(/^127\.0\.0\.6:/);
  });
});

test('udp: datagrams go past the mesh, in both directions', async () => {
  const ask = (address: string) =>
    `timeout 5 python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(3); s.sendto(b"x", ("${address}", ${UDP})); print(s.recv(100).decode())'`;
  expect(await outside.output(ask(joined.address))).toMatch(new RegExp(`^${outside.address}:`));
  expect(await joined.output(ask(outside.address))).toMatch(new RegExp(`^${joined.address}:`));
});

describe('retries', () => {
  test('a POST that was answered 503 is not sent again', async () => {
    const post = head('POST /pay', LEDGER, 'Content-Length: 0');
    const { text } = await call(mirror.clusterIP, UNAVAILABLE_PORT, post);
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(await pod.output('cat /run/requests')).toBe('POST /pay HTTP/1.1');
  });
});

describe('idle-connections', () => {
  test('Envoy is told nothing, so that its own hour counts', async () => {
    const dump = JSON.parse(await joined.output('curl -s http://127.0.0.1:15000/config_dump'));
    const proxies = partsOf(dump).filter((part) => String(part['@type']).endsWith('.TcpProxy'));
    expect(proxies.length).toBeGreaterThan(0);
    expect(proxies.filter((proxy) => 'idle_timeout' in proxy)).toEqual([]);
  });
});

describe('http-1.0', () => {
  const old = (host: string) => `GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`;

  test('is answered 426 inbound', async () => {
    expect((await exchange(outside, before.address, HTTP, old('x'))).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await exchange(outside, joined.address, HTTP, old('x'))).text).toMatch(/^HTTP\/1\.1 426 /);
  });

  test('goes past the mesh outbound: to an address it knows, and for a Service nowhere', async () => {
    expect((await call(outside.address, HTTP, old('x'))).text).toContain('\nX-Mixed-Case: Yes');
    expect(await call(mirror.clusterIP, HTTP, old('mirror.ledger'))).toMatchObject({ text: '', end: 'open' });
  });
});

test('ports-of-one-address: all callers share the ports that one address has towards the application', async () => {
  // Fifty ports stand for the 28,000 that Linux has by default.
  for (const machine of [before, joined]) {
    await machine.run('echo 40000 40049 >/proc/sys/net/ipv4/ip_local_port_range');
  }
  const many = (address: string) => outside.output(`python3 -c '${MANY}' ${address} ${TELL} 80`);
  expect(await many(before.address)).toBe('80');
  expect(Number(await many(joined.address))).toBeLessThanOrEqual(50);
});

/** Of so many connections at a time, how many are answered. */
const MANY = `
import socket, sys
connections = [socket.create_connection((sys.argv[1], int(sys.argv[2]))) for _ in range(int(sys.argv[3]))]
answered = 0
for connection in connections:
    connection.settimeout(3)
    try:
        connection.sendall(b"hello")
        answered += connection.recv(100) != b""
    except OSError:
        pass
print(answered)
`;

const LEDGER = 'Host: mirror.ledger';

const MIRROR_SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'mirror', namespace: 'ledger' },
  spec: {
    selector: { app: 'ledger' },
    ports: [
      { name: 'http', port: HTTP },
      { name: 'http-unavailable', port: UNAVAILABLE_PORT },
    ],
  },
};

async function startServers(machine: Computer): Promise<void> {
  await startPython(machine, MIRROR, HTTP);
  await startPython(machine, MIRROR, ELSEWHERE);
  await startPython(machine, TCP_SERVER, TELL, 'tell');
  await startPython(machine, TCP_SERVER, AFTER_END, 'after-end');
  await startPython(machine, TCP_SERVER, RESET, 'reset');
  await startPython(machine, UNAVAILABLE, UNAVAILABLE_PORT);
  await startPython(machine, CLOSES_LATE, LATE);
  await startPython(machine, WEBSOCKET, WEBSOCKET_PORT);
  await runPython(machine, UDP_SERVER, String(UDP));
}

/** A request without a body. */
function get(path: string, ...headers: readonly string[]): string {
  return head(`GET ${path}`, ...headers);
}

function head(request: string, ...headers: readonly string[]): string {
  const host = headers.some((header) => header.startsWith('Host: ')) ? [] : ['Host: payment-service.payments'];
  return [`${request} HTTP/1.1`, ...host, ...headers, '', ''].join('\r\n');
}

/** What the Pod gets from the group's Service. */
function viaMesh(request: string) {
  return exchange(pod, service.clusterIP, HTTP, request);
}

/** Every object within a value. */
function partsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(partsOf);
  return Array.isArray(value) ? below : [value as Readonly<Record<string, unknown>>, ...below];
}

/** What the machine in the mesh gets from an address. */
function call(address: string, port: number, request: string) {
  return exchange(joined, address, port, request);
}
