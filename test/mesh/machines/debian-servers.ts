import type { Computer } from './computer';

/** A server of a Debian package (`.ci/run` installs them), as its unit would start it. */
interface DebianServer {
  /** Port that it listens on, Debian's own but for Apache's. */
  readonly port: number;
  /** What systemd and tmpfiles.d make before. */
  readonly prepare?: string;
  /** Stays in the foreground. */
  readonly command: string;
}

const TOMCAT = 'CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/var/lib/tomcat10 CATALINA_TMPDIR=/run/tomcat';

const SERVERS = {
  nginx: { port: 80, command: 'nginx -g "daemon off;"' },
  apache: {
    // Where nginx has 80.
    port: 8081,
    prepare: "mkdir -p /run/lock; sed -i 's/^Listen 80$/Listen 8081/' /etc/apache2/ports.conf",
    command: 'apachectl -D FOREGROUND',
  },
  mariadb: {
    port: 3306,
    prepare: 'mkdir -p /run/mysqld; chown mysql /run/mysqld',
    command: 'mariadbd --user=mysql --bind-address=0.0.0.0',
  },
  postgresql: {
    port: 5432,
    prepare:
      'mkdir -p /run/postgresql; chown postgres /run/postgresql; ' +
      `echo "listen_addresses = '*'" >/etc/postgresql/15/main/conf.d/all.conf`,
    command: 'pg_ctlcluster 15 main start --foreground',
  },
  redis: { port: 6379, command: 'redis-server --bind 0.0.0.0 --protected-mode yes --dir /run' },
  tomcat: {
    port: 8080,
    prepare: 'install -d -o tomcat /run/tomcat',
    command: `env -C /var/lib/tomcat10 ${TOMCAT} setpriv --reuid tomcat --regid tomcat --clear-groups sh /usr/libexec/tomcat10/tomcat-start.sh`,
  },
  postfix: { port: 25, command: 'postfix start-fg' },
  vsftpd: { port: 21, prepare: 'mkdir -p /run/vsftpd/empty', command: 'vsftpd -obackground=NO' },
} as const satisfies Readonly<Record<string, DebianServer>>;

/** Name of a server. */
export type DebianServerName = keyof typeof SERVERS;

/**
 * Starts a server on a computer, whose settings are Debian's but for what `settings` changes, and waits for its port. A server that ends
 * stays so: its output is in /run/<name>.log.
 *
 * @param settings Shell commands before the start.
 */
export async function startServer(computer: Computer, name: DebianServerName, settings = ''): Promise<void> {
  const { port, command, ...server }: DebianServer = SERVERS[name];
  await computer.run(`${server.prepare ?? ':'}\n${settings}\nsetsid ${command} >/run/${name}.log 2>&1 </dev/null &`);
  await computer.process.waitUntil(
    `${name} listens`,
    async () => (await computer.output(`ss -Hltn 'sport = :${port}'`)) !== '',
  );
}
