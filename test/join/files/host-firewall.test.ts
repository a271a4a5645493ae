import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { hostFirewallFiles, hostFirewallText } from '../../../lib/join/files/host-firewall';
import { type HostFirewall, SshAccess, TransportProtocol } from '../../../lib/join/host-firewall';
import type { MachinePortSpec } from '../../../lib/machines/member';
import { member } from '../../machines/member';
import { aBundle } from './bundle';

/** The files that the tests of the agent load into a kernel, and into ufw and firewalld. */
const inUse = (name: string) => readFileSync(join(__dirname, '../../agent', name), 'utf8');

const closed: HostFirewall = { ssh: SshAccess.closed() };
const text = (firewall: HostFirewall, ports: readonly number[] = [8080], annotated = {}): string =>
  hostFirewallText(aBundle({ member: { ...member, ports: ports.map(portSpec) }, annotated }), firewall);
const portSpec = (port: number): MachinePortSpec => ({ name: `tcp-${port}`, port });
const rulesOf = (built: string): readonly string[] =>
  built.split('\n').flatMap((line) => (line.startsWith('\t\t') ? [line.trim()] : []));

const files = (firewall: HostFirewall, ports: readonly number[] = [8080], annotated = {}) =>
  hostFirewallFiles(aBundle({ member: { ...member, ports: ports.map(portSpec) }, annotated }), firewall);
const openings = (...built: Parameters<typeof files>): unknown => JSON.parse(files(...built)['firewall.json']).openings;

describe('hostFirewallFiles', () => {
  test('are what the tests of the agent load', () => {
    const firewall: HostFirewall = {
      ssh: SshAccess.from(['10.77.0.0/24', 'fd00:77::/64']),
      monitoringCidrs: ['10.78.0.0/24'],
      openPorts: [
        { port: 9100, cidrs: ['10.77.0.0/24'] },
        { port: 53, protocol: TransportProtocol.UDP, cidrs: ['10.77.0.0/24'] },
      ],
    };
    const { 'firewall.json': json, ...others } = files(firewall, [8080, 9090]);
    expect(others).toStrictEqual({ 'firewall.nft': inUse('firewall.nft') });
    // Laid out as the formatter of this repository does it.
    expect(JSON.parse(json)).toStrictEqual(JSON.parse(inUse('firewall.json')));
  });
});

describe('firewall.json', () => {
  const everybody = ['0.0.0.0/0', '::/0'];

  test('opens the capture alone when nothing is said, and nothing for a group without ports', () => {
    expect(openings(closed)).toStrictEqual([{ protocol: 'tcp', port: 15006, cidrs: everybody }]);
    expect(openings(closed, [])).toStrictEqual([]);
  });

  test('never opens a port of the group, which other firewalls do not see', () => {
    const firewall = { ssh: SshAccess.from(everybody), monitoringCidrs: everybody };
    expect(openings(firewall, [8080, 9090], { statusPort: 15999 })).toStrictEqual(
      [15006, 22, 15999, 15021, 15090].map((port) => ({ protocol: 'tcp', port, cidrs: everybody })),
    );
  });

  test('opens no capture where there is none: the group has no ports', () => {
    const openPorts = [
      { port: 9100, cidrs: ['10.0.0.0/8'] },
      { port: 53, protocol: TransportProtocol.UDP, cidrs: ['fd00::/8'] },
    ];
    expect(openings({ ...closed, openPorts }, [])).toStrictEqual([
      { protocol: 'tcp', port: 9100, cidrs: ['10.0.0.0/8'] },
      { protocol: 'udp', port: 53, cidrs: ['fd00::/8'] },
    ]);
  });

  test('leaves out what another range holds', () => {
    const ssh = SshAccess.from(['10.1.0.0/16', '10.0.0.0/8']);
    expect(openings({ ssh }, [])).toStrictEqual([{ protocol: 'tcp', port: 22, cidrs: ['10.0.0.0/8'] }]);
  });
});

describe('hostFirewallText', () => {
  test('lets nothing in but what a machine needs when nothing is said', () => {
    expect(text(closed, [])).toBe(`# Firewall of the machines of payments/shop. Made by meshvm, which replaces it.
table inet meshvm
delete table inet meshvm
table inet meshvm {
	chain input {
		type filter hook input priority 0; policy drop;
		iifname "lo" accept
		ct state invalid drop
		ct state established,related accept
		icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept
		icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem, nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, mld-listener-query } accept
		udp sport 67 udp dport 68 accept
		ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
		counter
	}
}
`);
  });

  test("opens the status port of the group's ProxyConfig in place of the usual one", () => {
    const monitored = { ...closed, monitoringCidrs: ['10.0.0.0/8'] };
    expect(text(monitored, [], { statusPort: 15999 })).toContain(
      'tcp dport { 15999, 15021, 15090 } ip saddr { 10.0.0.0/8 } accept',
    );
    expect(text(monitored, [], { statusPort: 15021 })).toContain('tcp dport { 15021, 15090 } ip saddr');
  });

  test.each<[string, readonly string[], string]>([
    ['that another one holds', ['10.1.0.0/16', '10.0.0.0/8', '10.2.3.4/32'], 'ip saddr { 10.0.0.0/8 }'],
    ['that is there twice', ['10.1.0.0/16', '10.1.0.0/16'], 'ip saddr { 10.1.0.0/16 }'],
    ['that is there in other words', ['fd00::/8', 'fd00:0::/8'], 'ip6 saddr { fd00::/8 }'],
    ['that everybody holds', ['10.0.0.0/8', '0.0.0.0/0'], 'ip saddr { 0.0.0.0/0 }'],
  ])('leaves out a range %s, which nft refuses', (_, cidrs, kept) => {
    expect(rulesOf(text({ ssh: SshAccess.from(cidrs) })).filter((line) => line.includes('dport 22'))).toStrictEqual([
      `tcp dport 22 ${kept} accept`,
    ]);
  });

  test('knows no range as part of one of the other family', () => {
    const rules = rulesOf(text({ ssh: SshAccess.from(['::/0', '10.0.0.0/8']) }));
    expect(rules.filter((line) => line.includes('dport 22'))).toStrictEqual([
      'tcp dport 22 ip saddr { 10.0.0.0/8 } accept',
      'tcp dport 22 ip6 saddr { ::/0 } accept',
    ]);
  });
});

describe('hostFirewallText of any group', () => {
  const port = fc.integer({ min: 1, max: 14999 }).filter((number) => number !== 22);
  const cidr = fc.oneof(
    fc.tuple(fc.nat(255), fc.nat(255), fc.constantFrom(0, 8, 16, 24, 32)).map(([a, b, bits]) => {
      const kept = [a, b, 1, 1].map((part, index) => (bits >= (index + 1) * 8 ? part : 0));
      return `${kept.join('.')}/${bits}`;
    }),
    fc.nat(0xffff).map((part) => `fd00:${part.toString(16)}::/32`),
  );
  const cidrs = fc.array(cidr, { minLength: 1, maxLength: 4 });
  const group = fc.record({
    ports: fc.uniqueArray(port, { maxLength: 4 }),
    ssh: fc.option(cidrs, { nil: undefined }),
    monitoringCidrs: fc.option(cidrs, { nil: undefined }),
    openPorts: fc.array(fc.record({ port, cidrs }), { maxLength: 3 }),
  });

  test('has the form that the agent takes, and reaches the ports of the group by the capture alone', () => {
    fc.assert(
      fc.property(group, ({ ports, ssh, monitoringCidrs, openPorts }) => {
        const outside = openPorts.filter((open) => !ports.includes(open.port));
        const firewall: HostFirewall = {
          ssh: ssh === undefined ? SshAccess.closed() : SshAccess.from(ssh),
          monitoringCidrs,
          openPorts: outside,
        };
        const built = text(firewall, ports);
        expect(built).toMatch(
          /^(#[^\n]*\n)*table inet meshvm\ndelete table inet meshvm\ntable inet meshvm \{\n(\t[^\n]*\n)*\}\n$/,
        );
        const rules = rulesOf(built);
        for (const number of ports) {
          const opening = rules.filter(
            (line) =>
              new RegExp(`(dport|proto-dst) ([{][^}]* )?${number}[ ,].*accept$`).test(line) && !line.startsWith('udp '),
          );
          const wanted = `tcp dport 15006 ct status dnat ct original proto-dst ${number} accept`;
          expect(opening).toStrictEqual([wanted]);
        }
        const [refused] = rules.filter((line) => line.includes('ct direction original'));
        const before = rules.indexOf('ct state established,related accept');
        expect(ports.length === 0 || rules.indexOf(refused) < before).toBe(true);
        expect(rules.some((line) => line.startsWith('tcp dport 22 '))).toBe(ssh !== undefined);
      }),
    );
  });
});
