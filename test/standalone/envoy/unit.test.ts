import { type UnitContent, unitFiles } from '../../../lib/standalone/envoy/unit';
import { anEnvoy, aService } from './spec';

const SUM = 'a'.repeat(64);
const BINARY: Partial<UnitContent> = {
  envoy: '/usr/local/lib/meshvm-envoy/envoy',
  binaries: { amd64: { url: 'https://example.com/envoy', sha256: SUM } },
};

function filesOf(content: Partial<UnitContent> = {}): Readonly<Record<string, string>> {
  const files = unitFiles({ spec: anEnvoy(), envoy: '/usr/local/bin/envoy', binaries: undefined, ...content });
  return Object.fromEntries(files.map(({ path, content: text }) => [path, text]));
}

const unitOf = (content?: Partial<UnitContent>) =>
  filesOf(content)['/etc/systemd/system/meshvm-envoy.service'].split('\n');

test('programs may be run, all else is read', () => {
  const files = unitFiles({ spec: anEnvoy(), envoy: '/usr/local/bin/envoy', binaries: undefined });
  expect(files.map(({ path, permissions, owner }) => [path, permissions, owner])).toStrictEqual([
    ['/etc/sysusers.d/meshvm-envoy.conf', '0644', 'root:root'],
    ['/usr/local/lib/meshvm-envoy/prepare', '0755', 'root:root'],
    ['/usr/local/lib/meshvm-envoy/start', '0755', 'root:root'],
    ['/etc/systemd/system/meshvm-envoy.service', '0644', 'root:root'],
  ]);
});

test('the unit', () => {
  expect(unitOf().join('\n')).toBe(`[Unit]
Description=Envoy of spiffe://cluster.local/ns/laptops/sa/laptop
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
User=meshvm-envoy
Group=meshvm-envoy
ExecStartPre=+/usr/local/lib/meshvm-envoy/prepare
ExecStartPre=/usr/local/bin/envoy --mode validate --log-level error -c /etc/meshvm-envoy/envoy.yaml
ExecStart=/usr/local/lib/meshvm-envoy/start
TimeoutStartSec=15min
Restart=always
RestartSec=5
RuntimeDirectory=meshvm-envoy
RuntimeDirectoryMode=0700
LimitNOFILE=131072
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadOnlyPaths=/etc/meshvm-envoy /etc/meshvm-envoy/certificates
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=multi-user.target
`);
});

test('low ports alone need a capability', () => {
  const low = anEnvoy({ services: [aService({ listen: { address: '127.0.0.1', port: 1023 } })] });
  const capabilities = unitOf({ spec: low }).filter((line) => /Capabilit/.test(line));
  expect(capabilities).toStrictEqual([
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE',
    'AmbientCapabilities=CAP_NET_BIND_SERVICE',
  ]);
});

test.each([
  ['/var/log/envoy/access.log', ['ReadWritePaths=/var/log/envoy']],
  ['/dev/stdout', []],
])('the access log %s', (accessLogPath, lines) => {
  expect(unitOf({ spec: anEnvoy({ accessLogPath }) }).filter((line) => /ReadWrite/.test(line))).toStrictEqual(lines);
});

test('a machine of a kind that nobody has named installs nothing', () => {
  const script = filesOf(BINARY)['/usr/local/lib/meshvm-envoy/prepare'];
  expect(script).toContain(`case "$(uname -m)" in
  x86_64) url=https://example.com/envoy sum=${SUM} ;;
  *) echo`);
});

test('without a hosts block nothing touches /etc/hosts', () => {
  const [withBlock, without] = [true, false].map(
    (writesHosts) => filesOf({ spec: anEnvoy({ writesHosts }) })['/usr/local/lib/meshvm-envoy/prepare'],
  );
  expect([withBlock.includes('/etc/hosts'), without.includes('/etc/hosts')]).toStrictEqual([true, false]);
});

test('waits for each file once, though two may be one', () => {
  const tls = { ...anEnvoy().tls, certificateChain: 'identity.pem', privateKey: 'identity.pem' };
  expect(filesOf({ spec: anEnvoy({ tls }) })['/usr/local/lib/meshvm-envoy/start']).toContain(
    'for file in /etc/meshvm-envoy/certificates/identity.pem /etc/meshvm-envoy/certificates/root-cert.pem; do\n',
  );
});

test('shared proxies wait for what they show to their clients, too', () => {
  const certificates = {
    identities: [],
    dnsNames: [],
    certificateChain: 's.pem',
    privateKey: 's.key',
    clientRoots: 'c.pem',
  };
  const spec = anEnvoy({ clients: { cidrs: undefined, certificates } });
  const [files] = /for file in .*;/.exec(filesOf({ spec })['/usr/local/lib/meshvm-envoy/start']) ?? [];
  const names = ['cert-chain.pem', 'key.pem', 'root-cert.pem', 's.pem', 's.key', 'c.pem'];
  expect(files).toBe(`for file in ${names.map((name) => `/etc/meshvm-envoy/certificates/${name}`).join(' ')};`);
});
