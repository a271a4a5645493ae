import type { Computer } from './computer';

/** How a connection went, as its client sees it. */
export interface Exchange {
  /** What came back. */
  readonly text: string;
  /** How it ended: closed by the other side, reset, still open when the time was over, or never made. */
  readonly end: 'closed' | 'reset' | 'open' | 'refused';
  /** Port that the client called from. */
  readonly sourcePort: number;
}

export interface ExchangeOptions {
  /** How long to wait after the last byte. Default: 3. */
  readonly seconds?: number;
  /** Whether to end the client's direction after the text. Default: false. */
  readonly halfClose?: boolean;
  /** Port to call from. Default: any. */
  readonly sourcePort?: number;
  /** How many HTTP answers to wait for. Default: 1. */
  readonly answers?: number;
  /** Whether to wait for the end whatever was answered. Default: false. */
  readonly toTheEnd?: boolean;
  /** Whether the end goes with the text, in one packet. Default: false. */
  readonly atOnce?: boolean;
}

/**
 * Sends bytes as they are, in which no library has a say. What comes back is complete with its HTTP answers, with the line of TCP_SERVER, or
 * with the end.
 */
export async function exchange(
  from: Computer,
  address: string,
  port: number,
  text: string,
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const all = { seconds: 3, halfClose: false, sourcePort: 0, answers: 1, toTheEnd: false, atOnce: false, ...options };
  const request = JSON.stringify({ address, port, text, ...all });
  return JSON.parse(await from.output(python(CLIENT, request))) as Exchange;
}

/** Runs a program of Python in the background. It ends with the computer. */
export async function runPython(on: Computer, program: string, ...args: readonly string[]): Promise<void> {
  await on.run(`setsid ${python(program, ...args)} >>/run/python.log 2>&1 </dev/null &`);
}

/** Starts a server of one's own and waits for its port: the first of the arguments. */
export async function startPython(
  on: Computer,
  program: string,
  port: number,
  ...args: readonly string[]
): Promise<void> {
  await runPython(on, program, String(port), ...args);
  await on.process.waitUntil(
    `port ${port} listens`,
    async () => (await on.output(`ss -Hltn 'sport = :${port}'`)) !== '',
  );
}

function python(program: string, ...args: readonly string[]): string {
  return ['python3', '-c', program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

const CLIENT = `
import json, re, socket, sys, time
it = json.loads(sys.argv[1])
def complete(text):
    if it["toTheEnd"]:
        return False
    if not text.startswith(b"HTTP/"):
        return text.endswith(b"\\n")
    for _ in range(it["answers"]):
        head, gap, text = text.partition(b"\\r\\n\\r\\n")
        length = re.search(rb"content-length: (\\d+)", head, re.I)
        if not gap or not length or len(text) < int(length.group(1)):
            return False
        text = text[int(length.group(1)):]
    return True
text, end, port = b"", "open", 0
try:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if it["sourcePort"]:
        connection.bind(("", it["sourcePort"]))
    connection.settimeout(it["seconds"])
    connection.connect((it["address"], it["port"]))
    port = connection.getsockname()[1]
    if it["atOnce"]:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    connection.sendall(it["text"].encode())
    if it["halfClose"]:
        if not it["atOnce"]:
            time.sleep(0.5)
        connection.shutdown(socket.SHUT_WR)
    while not complete(text):
        more = connection.recv(65536)
        if not more:
            end = "closed"
            break
        text += more
except socket.timeout:
    end = "open" if port else "refused"
except ConnectionResetError:
    end = "reset"
except OSError:
    end = "reset" if port else "refused"
print(json.dumps({"text": text.decode("latin-1"), "end": end, "sourcePort": port}))
`;

/**
 * An HTTP server that changes nothing: it answers each request with its bytes as they came, after a line that says from where, and with a
 * header in mixed case. It keeps the connection.
 */
export const MIRROR = `
import socket, sys, threading
def serve(connection, peer):
    data = b""
    while True:
        while b"\\r\\n\\r\\n" not in data:
            more = connection.recv(65536)
            if not more:
                return
            data += more
        head, _, data = data.partition(b"\\r\\n\\r\\n")
        body = ("%s:%d\\n" % peer[:2]).encode() + head
        if b"chunked" in head.lower():
            while b"0\\r\\n" not in data or not data.endswith(b"\\r\\n\\r\\n"):
                more = connection.recv(65536)
                if not more:
                    return
                data += more
            body += b"\\n\\n" + data
            data = b""
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nX-Mixed-Case: Yes\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
`;

/**
 * A TCP server that answers a connection in one of three ways: `tell` its peer's address and port in a line when it says something, answer `after-end`
 * of what its peer says, or `reset`.
 */
export const TCP_SERVER = `
import socket, struct, sys, threading
def serve(connection, peer):
    if sys.argv[2] == "tell":
        while connection.recv(65536):
            connection.sendall(("%s:%d\\n" % peer[:2]).encode())
    elif sys.argv[2] == "after-end":
        count = 0
        while True:
            more = connection.recv(65536)
            if not more:
                break
            count += len(more)
        connection.sendall(b"read %d" % count)
    else:
        connection.recv(65536)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
server = socket.create_server(("0.0.0.0", int(sys.argv[1])), backlog=512)
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
`;

/** Answers each datagram with its sender's address and port. */
export const UDP_SERVER = `
import socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", int(sys.argv[1])))
while True:
    data, peer = server.recvfrom(65536)
    server.sendto(("%s:%d" % peer).encode(), peer)
`;

/** An HTTP server that answers 503 to everything and writes each request line to /run/requests. */
export const UNAVAILABLE = `
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        with open("/run/requests", "a") as file:
            file.write(self.requestline + "\\n")
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_GET = do_POST
http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Handler).serve_forever()
`;

/** An HTTP server that answers once a connection, and closes it when the second request has come: the race of keep-alive, without luck. */
export const CLOSES_LATE = `
import socket, sys, threading
def serve(connection, _):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    connection.recv(65536)
    connection.close()
server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
`;

/** Takes WebSocket: after its answer it sends every byte back. */
export const WEBSOCKET = `
import socket, sys, threading
def serve(connection, _):
    data = b""
    while b"\\r\\n\\r\\n" not in data:
        data += connection.recv(65536)
    head, _, data = data.partition(b"\\r\\n\\r\\n")
    if b"upgrade: websocket" not in head.lower():
        connection.sendall(b"HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n")
    else:
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n" + data)
        while True:
            data = connection.recv(65536)
            if not data:
                break
            connection.sendall(data)
server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
`;
