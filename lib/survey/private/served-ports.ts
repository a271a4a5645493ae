import type { SurveyedListener } from '../machine-survey';

/** What is known of the protocol of a port, and how. */
export interface ServedPort {
  readonly port: number;
  /** The protocol, as a port's name begins: `http`, or `tcp-mysql` for what the mesh passes on as it is. */
  readonly protocol: string;
  /** Whether the server was seen to speak it; else it is guessed from names and numbers. */
  readonly seen: boolean;
  /** Whether the server speaks before its caller. */
  readonly speaksFirst: boolean;
  /** Path that tells health, where all machines answered there. */
  readonly healthPage: string | undefined;
  /** Names of the programs behind it. */
  readonly programs: readonly string[];
}

/** Ports by which people and tools reach the machine itself, not its application. */
const OF_THE_MACHINE = new Set([22, 53, 111, 123, 161, 323, 631, 5353, 5355, 9100, 9256, 10050]);
const PROGRAMS_OF_THE_MACHINE =
  /^(sshd|systemd.*|rpcbind|rpc\..*|chronyd|ntpd|cupsd|avahi-daemon|node_exporter|zabbix_agent.*|snmpd|dnsmasq|unbound|nrpe)$/;

/** Whether a port is the application's, for others to call. */
export function isServed({ protocol, port, loopbackOnly, program, speaks }: SurveyedListener): boolean {
  if (protocol !== 'tcp' || loopbackOnly || speaks === 'ssh' || OF_THE_MACHINE.has(port)) return false;
  return !SIDECAR_PORTS(port) && !PROGRAMS_OF_THE_MACHINE.test(program ?? '');
}

const SIDECAR_PORTS = (port: number) => port >= 15_000 && port <= 15_090;

/** The application's ports that machines have in common, by number. */
export function servedPorts(machines: readonly (readonly SurveyedListener[])[]): readonly ServedPort[] {
  const all = machines.flat().filter(isServed);
  const ports = [...new Set(all.map(({ port }) => port))].sort((a, b) => a - b);
  return ports.map((port) =>
    servedPort(
      port,
      all.filter((listener) => listener.port === port),
    ),
  );
}

function servedPort(port: number, listeners: readonly SurveyedListener[]): ServedPort {
  const programs = [...new Set(listeners.flatMap(({ program }) => program ?? []))].sort();
  const spoken = listeners.find(({ speaks }) => speaks !== null)?.speaks ?? undefined;
  const isHttp = listeners.some(({ http }) => http === true);
  const known = KNOWN.find(
    ({ programs: pattern, ports }) => programs.some((name) => pattern.test(name)) || ports.includes(port),
  );
  const pages = new Set(listeners.filter(({ http }) => http !== null).map(({ healthPage }) => healthPage));
  const [page] = pages;
  return {
    port,
    protocol: isHttp ? 'http' : protocolOf(spoken, known?.protocol, port),
    seen: isHttp || (spoken !== undefined && SPOKEN.has(spoken)),
    speaksFirst: listeners.some(({ speaksFirst }) => speaksFirst === true) || (!isHttp && known?.speaksFirst === true),
    healthPage: pages.size === 1 ? (page ?? undefined) : undefined,
    programs,
  };
}

function protocolOf(spoken: string | undefined, known: string | undefined, port: number): string {
  if (spoken !== undefined && SPOKEN.has(spoken)) return `tcp-${spoken}`;
  return known ?? `tcp-${port}`;
}

/** What greetings tell. */
const SPOKEN = new Set(['ftp', 'smtp', 'pop3', 'imap', 'vnc', 'mysql']);

interface KnownServer {
  readonly protocol: string;
  readonly programs: RegExp;
  readonly ports: readonly number[];
  readonly speaksFirst?: boolean;
}

const NONE = /(?!)/;
/** The first that fits: ports that say more than their program stand first. */
const KNOWN: readonly KnownServer[] = [
  { protocol: 'https', programs: NONE, ports: [443, 8443] },
  { protocol: 'tcp-mysql', programs: /^(mysqld|mariadbd|mariadb|mysqlrouter)$/, ports: [3306], speaksFirst: true },
  { protocol: 'tcp-postgresql', programs: /^(postgres|postmaster|pgbouncer|pgpool)$/, ports: [5432, 6432] },
  { protocol: 'tcp-redis', programs: /^(redis-server|redis-sentinel|valkey-server)$/, ports: [6379, 26379] },
  { protocol: 'tcp-mongodb', programs: /^mongo[ds]$/, ports: [27017] },
  { protocol: 'tcp-memcached', programs: /^memcached$/, ports: [11211] },
  { protocol: 'tcp-amqp', programs: NONE, ports: [5672] },
  { protocol: 'tcp-kafka', programs: NONE, ports: [9092] },
  { protocol: 'tcp-cassandra', programs: NONE, ports: [9042] },
  { protocol: 'tcp-ldap', programs: /^slapd$/, ports: [389] },
  { protocol: 'tcp-smtp', programs: /^(exim4?|sendmail)$/, ports: [25, 587], speaksFirst: true },
  { protocol: 'tcp-ftp', programs: /^(vsftpd|proftpd|pure-ftpd)$/, ports: [21], speaksFirst: true },
  { protocol: 'tcp-imap', programs: NONE, ports: [143], speaksFirst: true },
  { protocol: 'tcp-pop3', programs: NONE, ports: [110], speaksFirst: true },
  {
    protocol: 'http',
    programs: /^(nginx|apache2|httpd|caddy|lighttpd|haproxy|traefik|java|node|gunicorn|uwsgi|puma|dotnet)$/,
    ports: [80, 8080],
  },
];
