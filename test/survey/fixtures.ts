import type { MachineSurvey, SurveyedCall, SurveyedListener } from '../../lib/survey/machine-survey';

/** A socket that waits for calls from everywhere. */
export function listener(port: number, program: string | null, more: Partial<SurveyedListener> = {}): SurveyedListener {
  return {
    protocol: 'tcp',
    address: '0.0.0.0',
    port,
    loopbackOnly: false,
    program,
    unit: program === null ? null : `${program}.service`,
    user: 'root',
    container: false,
    speaksFirst: false,
    speaks: null,
    http: null,
    healthPage: null,
    ...more,
  };
}

export function call(address: string, port: number, more: Partial<SurveyedCall> = {}): SurveyedCall {
  return { protocol: 'tcp', address, port, local: false, program: 'java', ...more };
}

/** The answer of a machine on which nothing is out of the ordinary. */
export function survey(name: string, address: string, more: Partial<MachineSurvey> = {}): MachineSurvey {
  return {
    source: `${name}.json`,
    surveyed: { seconds: 600, askedHttp: true, unseen: [] },
    machine: {
      name,
      address,
      addresses: [address],
      networks: [{ cidr: '10.0.0.0/24' }],
      distribution: { id: 'debian', version: '12' },
      systemd: true,
      vendor: null,
    },
    listeners: [],
    callers: [],
    calls: [],
    peersLeftOff: false,
    containers: { publishedPorts: [] },
    firewalls: { ufw: null, firewalld: null },
    resolver: { nameservers: ['10.0.0.2'] },
    sidecar: { ports: [], userId: null },
    clock: { synchronized: true },
    disks: [{ path: '/etc', freeMegabytes: 20_000 }],
    kernelModules: { nf_tables: 'loaded', ip_tables: 'missing' },
    multicast: [],
    programs: [],
    configuration: [],
    ...more,
  };
}

/** A fleet of two web servers that call a database and somebody outside. */
export function fleet(): readonly MachineSurvey[] {
  const web = (name: string, address: string) =>
    survey(name, address, {
      listeners: [
        listener(22, 'sshd', { speaksFirst: true, speaks: 'ssh' }),
        listener(80, 'nginx', { http: true, healthPage: '/healthz' }),
        listener(6379, 'redis-server', { address: '127.0.0.1', loopbackOnly: true }),
        listener(15001, 'python3'),
      ],
      callers: [{ port: 80, address: '10.0.9.9' }],
      calls: [
        call('10.0.0.7', 3306),
        call('10.0.0.7', 22, { program: 'ssh' }),
        call('203.0.113.10', 443),
        call('10.0.0.2', 53, { program: null }),
        call('127.0.0.1', 6379, { local: true }),
      ],
      sidecar: { ports: [{ port: 15001, program: 'python3' }], userId: null },
      configuration: [{ server: 'nginx', file: '/etc/nginx/nginx.conf', line: 7, finding: 'trusts-loopback' }],
    });
  const database = survey('db-1', '10.0.0.7', {
    listeners: [listener(3306, 'mariadbd', { speaksFirst: true, speaks: 'mysql' })],
    callers: [
      { port: 3306, address: '10.0.0.5' },
      { port: 3306, address: '10.0.0.6' },
    ],
    configuration: [{ server: 'mysql', file: null, line: null, finding: 'matches-address-in-data' }],
  });
  return [web('web-1', '10.0.0.5'), web('web-2', '10.0.0.6'), database];
}
