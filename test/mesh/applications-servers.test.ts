import { MutualTlsMode } from 'meshvm';
import { waitUntil } from './harness';
import { Computer } from './machines/computer';
import { type DebianServerName, startServer } from './machines/debian-servers';
import { exchange } from './machines/raw';
import { type ServiceAddress, World } from './machines/world';

/**
 * Rows of docs/applications.md that servers of Debian show, with Debian's settings: each on a machine that has not joined, and on one that
 * has. The tests have the names of the rows.
 */
let world: World;
/** Not in the mesh. */
let outside: Computer;
let before: Computer;
let joined: Computer;
/** In the mesh, and calls the group by its Service. */
let pod: Computer;
let service: ServiceAddress;

const PORTS = [
  { name: 'http', port: 80 },
  { name: 'http-tomcat', port: 8080 },
  { name: 'http-apache', port: 8081 },
  { name: 'tcp-mysql', port: 3306 },
  { name: 'tcp-postgresql', port: 5432 },
  { name: 'tcp-redis', port: 6379 },
  { name: 'tcp-smtp', port: 25 },
  { name: 'tcp-ftp', port: 21 },
];

beforeAll(async () => {
  world = await World.start();
  await world.apply({ ports: PORTS, probe: undefined });
  const { controlPlane } = world;
  outside = await Computer.create(controlPlane, {
    name: 'outside',
    script: 'exec sleep infinity',
    nameserver: controlPlane.lan.hostAddress,
  });
  await outside.boot();
  // Port 8080 is Tomcat's here, as Debian has it.
  before = await world.machine('before', { boot: 'false', port: 9999 });
  joined = await world.machine('joined', { port: 9999 });
  for (const machine of [before, joined]) {
    await machine.boot();
    await startAll(machine);
  }
  pod = (await world.startPod()).computer;
  service = await world.service('payment-service', 'payments');
  await waitUntil('the Pod reaches the machine', async () => (await viaMesh('http', '/')) === '200');
});

afterAll(async () => {
  await world?.stop();
});

describe('loopback-trust', () => {
  test("Apache's server-status opens", async () => {
    expect(await status(outside, before, 8081, '/server-status')).toBe('403');
    expect(await status(outside, joined, 8081, '/server-status')).toBe('200');
    expect(await viaMesh('http-apache', '/server-status')).toBe('200');
  });

  test("Tomcat's manager, as its project ships it, asks for a password where it refused", async () => {
    for (const machine of [before, joined]) {
      await waitUntil('its manager is deployed', async () =>
        /^40[13]$/.test(await status(outside, machine, 8080, '/manager/html')),
      );
    }
    expect(await status(outside, before, 8080, '/manager/html')).toBe('403');
    expect(await status(outside, joined, 8080, '/manager/html')).toBe('401');
  });

  test('Postfix is an open relay', async () => {
    expect(await relay(outside, before.address)).toBe('454');
    expect(await relay(pod, service.clusterIP)).toBe('250');
  });

  test("Redis' protected mode holds, because it takes 127.0.0.1 and ::1 alone", async () => {
    const ping = 'PING\r\n';
    expect((await exchange(outside, before.address, 6379, ping)).text).toMatch(/^-DENIED /);
    expect((await exchange(pod, service.clusterIP, 6379, ping)).text).toMatch(/^-DENIED /);
  });

  test('what trusts 127.0.0.1 and ::1 alone stays closed', async () => {
    for (const machine of [before, joined]) {
      await machine.run(
        "sed -i 's/Require local/Require ip 127.0.0.1 ::1/' /etc/apache2/mods-available/status.conf; apachectl graceful",
      );
      await waitUntil('it is closed', async () => (await status(outside, machine, 8081, '/server-status')) === '403');
    }
    expect(await joined.output("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8081/server-status")).toBe(
      '200',
    );
  });
});

describe('caller-address', () => {
  test('the log of nginx has one caller', async () => {
    expect(await status(outside, before, 80, '/who')).toBe('404');
    expect(await status(outside, joined, 80, '/who')).toBe('404');
    expect(await viaMesh('http', '/who')).toBe('404');
    const caller = "grep 'GET /who' /var/log/nginx/access.log | cut -d' ' -f1";
    expect(await before.output(caller)).toBe(outside.address);
    expect(await joined.output(caller)).toBe('127.0.0.6\n127.0.0.6');
  });

  test("PostgreSQL's pg_hba.conf knows its callers no longer", async () => {
    const psql = (address: string) => `psql -h ${address} -U postgres -Atc 'SELECT inet_client_addr()' 2>&1`;
    expect(await outside.output(psql(before.address))).toBe(outside.address);
    const refused = 'no pg_hba.conf entry for host "127.0.0.6"';
    expect((await outside.run(psql(joined.address), true)).stdout).toContain(refused);
    expect((await pod.run(psql(service.clusterIP), true)).stdout).toContain(refused);
  });

  test("MariaDB's grants by host neither", async () => {
    const client = (address: string) => `mariadb -h ${address} -u app -psecret -Ne 'SELECT USER()' 2>&1`;
    expect(await outside.output(client(before.address))).toBe(`app@${outside.address}`);
    expect((await pod.run(client(service.clusterIP), true)).stdout).toMatch(
      /Host '127\.0\.0\.6' is not allowed to connect/,
    );
  });
});

describe('http-1.0', () => {
  test('a caller by HTTP/1.0 is sent away', async () => {
    const old = "curl --http1.0 -s -o /dev/null -w '%{http_code}' -m 5";
    expect(await outside.output(`${old} http://${before.address}/`)).toBe('200');
    expect(await outside.output(`${old} http://${joined.address}/`)).toBe('426');
  });

  test('and what nginx proxies by default is not answered', async () => {
    const ledger = await world.service('ledger', 'ledger');
    const location = (name: string, more: string) =>
      `location /${name} { proxy_pass http://${ledger.clusterIP}/; proxy_set_header Host ledger.ledger; ${more} }`;
    await joined.run(
      `echo '${location('old', '')} ${location('new', 'proxy_http_version 1.1;')}' >/run/locations; ` +
        "sed -i '/^[[:space:]]*server_name _;/r /run/locations' /etc/nginx/sites-available/default; kill -HUP $(cat /run/nginx.pid)",
    );
    const get = (name: string) =>
      joined.output(`curl -s -o /dev/null -w '%{http_code}' -m 5 http://127.0.0.1/${name} || true`);
    await waitUntil('nginx has its new settings', async () => (await get('new')) === '200');
    expect(await get('old')).toBe('000');
  });
});

describe('second-connections', () => {
  const list = (address: string) => `curl -sS -m 8 ftp://${address}/ 2>&1`;

  test('FTP lists a folder before; afterwards who has logged in by the mesh waits for the list in vain', async () => {
    expect(await outside.output(list(before.address))).toContain('file-of-ftp');
    const { stdout } = await pod.run(`${list(service.clusterIP)} -v`, true);
    expect(stdout).toContain('230 Login successful');
    expect(stdout).toContain('Operation timed out');
  });
});

describe('speaks-first', () => {
  const greeting = (from: Computer, address: string) => exchange(from, address, 3306, '', { seconds: 5 });

  test('MariaDB is silent to callers in plain text', async () => {
    expect((await greeting(outside, before.address)).text).toContain('MariaDB');
    expect(await greeting(outside, joined.address)).toMatchObject({ text: '', end: 'open' });
    expect((await greeting(pod, service.clusterIP)).text).toContain('MariaDB');
  });

  test('plain text for its port undoes it', async () => {
    await world.requireMutualTls({ ports: [{ port: 3306, mode: MutualTlsMode.DISABLE }] });
    await waitUntil('MariaDB speaks', async () => (await greeting(outside, joined.address)).text.includes('MariaDB'));
    await waitUntil('to the Pod, too', async () => (await greeting(pod, service.clusterIP)).text.includes('MariaDB'));
  });

  test('mutual TLS alone serves who is in the mesh, and nobody else', async () => {
    await world.requireMutualTls();
    await waitUntil('plain text is silent again', async () => (await greeting(outside, joined.address)).text === '');
    await waitUntil('the Pod is served', async () => (await greeting(pod, service.clusterIP)).text.includes('MariaDB'));
  });
});

/** All servers, open to the network, with rules by address where Debian leaves them to the administrator. */
async function startAll(machine: Computer): Promise<void> {
  const { cidr } = world.controlPlane.lan;
  const settings: Readonly<Partial<Record<DebianServerName, string>>> = {
    postgresql: `echo 'host all all ${cidr} trust' >>/etc/postgresql/15/main/pg_hba.conf`,
    // Debian's descriptor goes before the application's own, and leaves out its valve.
    tomcat:
      'rm /etc/tomcat10/Catalina/localhost/manager.xml; cp -r /usr/share/tomcat10-admin/manager /var/lib/tomcat10/webapps/',
    vsftpd:
      "sed -i 's/^anonymous_enable=NO/anonymous_enable=YES/' /etc/vsftpd.conf; echo anon_root=/var/ftp >>/etc/vsftpd.conf; " +
      'mkdir -p /var/ftp; touch /var/ftp/file-of-ftp',
  };
  for (const name of ['nginx', 'apache', 'mariadb', 'postgresql', 'redis', 'postfix', 'vsftpd', 'tomcat'] as const) {
    await startServer(machine, name, settings[name]);
  }
  const network = cidr.replace(/0\/24$/, '%');
  await machine.run(`mariadb -e "CREATE USER app@'${network}' IDENTIFIED BY 'secret'"`);
}

/** Status of a request to a machine by its address. */
function status(from: Computer, to: Computer, port: number, path: string): Promise<string> {
  return from.output(`curl -s -o /dev/null -w '%{http_code}' -m 10 http://${to.address}:${port}${path} || true`);
}

/** Status of a request by the Pod to the group's Service. */
function viaMesh(portName: string, path: string): Promise<string> {
  const port = PORTS.find(({ name }) => name === portName)?.port;
  const url = `http://${service.clusterIP}:${port}${path}`;
  return pod.output(`curl -s -o /dev/null -w '%{http_code}' -m 10 -H 'Host: payment-service.payments' ${url} || true`);
}

/** The server's answer when it is asked to carry mail for somebody else. */
function relay(from: Computer, address: string): Promise<string> {
  return from.output(`python3 -c '${RELAY}' ${address}`);
}

const RELAY = `
import smtplib, sys
server = smtplib.SMTP(sys.argv[1], 25, timeout=10)
server.ehlo()
server.mail("a@sender.example")
print(server.rcpt("b@elsewhere.example")[0])
`;
