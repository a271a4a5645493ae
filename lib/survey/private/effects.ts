/** A row of docs/applications.md, by its anchor: what joining the mesh does to an application. */
export interface Effect {
  readonly what: string;
  /** What undoes it, or what to do. */
  readonly remedy: string;
}

/** The rows that a survey can tell to matter. */
export const EFFECTS = {
  'loopback-trust': {
    what: 'every call arrives from 127.0.0.6: what trusts the loopback range trusts everybody who can call the port',
    remedy: 'before joining, trust 127.0.0.1 and ::1 alone, or ask for a password',
  },
  'caller-address': {
    what: 'every call arrives from 127.0.0.6: rules, limits and logs by address see one caller',
    remedy: 'let the mesh decide instead (allowFrom), or identify callers by certificate or password',
  },
  'speaks-first': {
    what: 'a server that speaks first stays silent to callers in plain text while the group takes both',
    remedy:
      'requireMutualTls() once all callers are in the mesh; until then plain text for this port: MutualTlsMode.DISABLE',
  },
  'http-1.0': {
    what: 'calls by HTTP/1.0 are not answered',
    remedy: 'call by HTTP/1.1, in nginx proxy_http_version 1.1',
  },
  'connect-succeeds': {
    what: 'a TCP connection succeeds to addresses and ports where nobody is',
    remedy: 'check health by a request, not by a connection',
  },
  'calls-itself': {
    what: 'the application calls its own machine',
    remedy: 'none is needed for 127.0.0.1, which the sidecar leaves alone',
  },
  'second-connections': {
    what: 'FTP opens further connections, on ports that no group declares',
    remedy: 'leave FTP outside, or use SFTP',
  },
  udp: {
    what: 'UDP and multicast go past the mesh: neither encrypted nor authorized',
    remedy: 'protect it by other means, such as a firewall',
  },
  containers: {
    what: 'connections into and out of containers go past the sidecar, or into it from addresses of their own',
    remedy: 'try it on one machine before the fleet',
  },
  'host-firewall': {
    what: 'a firewall is active, whose rules the sidecar’s stand beside',
    remedy: 'open 15020 and 15021 to who reads metrics and health, or let meshvm drive it: bootstrap.hostFirewall',
  },
  'already-there': {
    what: 'something has what the sidecar needs',
    remedy: 'move it before the machine joins',
  },
  clock: {
    what: 'the clock is not synchronized: certificates of minutes fail on such a machine',
    remedy: 'run chrony or systemd-timesyncd',
  },
  machine: {
    what: 'the machine lacks something that the sidecar or its agent runs on',
    remedy: 'add it before the machine joins',
  },
} as const satisfies Readonly<Record<string, Effect>>;

/** Anchor of a row. */
export type EffectId = keyof typeof EFFECTS;

/** What a setting of a server is about: the row, and what is said of the setting. The keys are the program's (machine/addresses.py). */
export const FINDINGS: Readonly<Record<string, { readonly effect: EffectId; readonly says: string }>> = {
  'trusts-loopback': { effect: 'loopback-trust', says: 'trusts the loopback range' },
  'matches-address': { effect: 'caller-address', says: 'knows its callers by address' },
  'matches-address-in-data': { effect: 'caller-address', says: 'may know its callers by address, in its own tables' },
  'limits-by-address': { effect: 'caller-address', says: 'counts by address' },
  'refuses-others': { effect: 'caller-address', says: 'serves 127.0.0.1 alone, and goes on to' },
  'calls-by-http-1.0': { effect: 'http-1.0', says: 'calls by HTTP/1.0' },
  'checks-by-connect': { effect: 'connect-succeeds', says: 'takes a connection for health' },
};
