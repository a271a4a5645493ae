import { covers } from '../../core/values/addresses';
import type { HostFirewall, SshAccess } from '../host-firewall';
import { CAPTURE_PORT } from './cluster-env';
import type { MachineBundle } from './machine-bundle';
import { proxyConfig } from './proxy-config';

/** The files of the bundle that say what the firewall of a group's machines lets in, each for another reader. */
export function hostFirewallFiles(bundle: MachineBundle, firewall: HostFirewall): Readonly<Record<string, string>> {
  return { 'firewall.nft': hostFirewallText(bundle, firewall), 'firewall.json': openingsJson(bundle, firewall) };
}

/**
 * The firewall of a group's machines, for `nft -f`: it replaces the table as a whole, or leaves it as it is.
 *
 * It stands beside the tables of others. A packet must pass all of them, so theirs can refuse more but open nothing.
 */
export function hostFirewallText(bundle: MachineBundle, firewall: HostFirewall): string {
  const { member } = bundle;
  const { ssh, monitoringCidrs = [], openPorts = [] } = firewall;
  const ports = member.ports.map(({ port }) => port);
  const input = [
    'type filter hook input priority 0; policy drop;',
    'iifname "lo" accept',
    'ct state invalid drop',
    ...refusedPastTheSidecar(ports),
    'ct state established,related accept',
    ...redirected(ports),
    ICMP,
    ICMPV6,
    ...DHCP,
    ...accept('tcp dport 22', sshCidrs(ssh)),
    ...accept(`tcp dport ${set(monitoringPorts(bundle))}`, monitoringCidrs),
    ...openPorts.flatMap(({ port, protocol = 'TCP', cidrs }) =>
      // The port that was dialled: a sidecar that captures every port redirects this one, too.
      accept(`meta l4proto ${protocol.toLowerCase()} ct original proto-dst ${port}`, cidrs),
    ),
    'counter',
  ];
  const chains = [chain('input', input), ...(ports.length === 0 ? [] : [chain('forward', published(ports))])];
  return `# Firewall of the machines of ${member.namespace}/${member.name}. Made by meshvm, which replaces it.
table inet meshvm
delete table inet meshvm
table inet meshvm {
${chains.join('')}}
`;
}

/** What another firewall of a machine (ufw, firewalld) must let pass, by the port that it sees: the capture has redirected before. */
interface Opening {
  readonly protocol: string;
  readonly port: number;
  readonly cidrs: readonly string[];
}

/**
 * `firewall.json`: for firewalls that the agent finds switched on. They can't tell what the capture has redirected from what was sent to
 * its port, and need not: a packet passes the table, too.
 */
function openingsJson(bundle: MachineBundle, { ssh, monitoringCidrs = [], openPorts = [] }: HostFirewall): string {
  const open = openPorts.map(({ port, protocol = 'TCP', cidrs }) => opening(protocol, port, cidrs));
  const openings = [
    ...(bundle.member.ports.length > 0 ? [opening('TCP', CAPTURE_PORT, EVERYBODY)] : []),
    opening('TCP', 22, sshCidrs(ssh)),
    ...monitoringPorts(bundle).map((port) => opening('TCP', port, monitoringCidrs)),
    ...open,
  ];
  const content = { schemaVersion: 1, openings: openings.filter(({ cidrs }) => cidrs.length > 0) };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function opening(protocol: string, port: number, cidrs: readonly string[]): Opening {
  return { protocol: protocol.toLowerCase(), port, cidrs: withoutCovered(cidrs) };
}

function sshCidrs({ from }: SshAccess): readonly string[] {
  return from?.cidrs ?? [];
}

const EVERYBODY = ['0.0.0.0/0', '::/0'];
const ICMP = 'icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept';
/** Without neighbour discovery and router advertisements there is no IPv6. */
const ICMPV6 = `icmpv6 type ${set([
  ...['echo-request', 'destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem'],
  ...['nd-neighbor-solicit', 'nd-neighbor-advert', 'nd-router-advert', 'mld-listener-query'],
])} accept`;
/** Answers to broadcasts, which belong to no known connection. */
const DHCP = ['udp sport 67 udp dport 68 accept', 'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept'];

/** The capture rewrites the port before this chain sees it. Stands before `established`, so that it ends what came in earlier, too. */
function refusedPastTheSidecar(ports: readonly number[]): readonly string[] {
  return ports.length === 0 ? [] : [`tcp dport ${set(ports)} ct direction original reject with tcp reset`];
}

/** One rule for each port: nft 1.0.6 prints a set of them wrongly. */
function redirected(ports: readonly number[]): readonly string[] {
  return ports.map((port) => `tcp dport ${CAPTURE_PORT} ct status dnat ct original proto-dst ${port} accept`);
}

/** A container's published port is rewritten to the container's address, and passes the chain `input` by. */
function published(ports: readonly number[]): readonly string[] {
  return [
    'type filter hook forward priority 0; policy accept;',
    ...ports.map(
      (port) =>
        `meta l4proto tcp ct direction original ct status dnat ct original proto-dst ${port} reject with tcp reset`,
    ),
  ];
}

/** Upstream: istio pkg/bootstrap and istio-start.sh, whose default for statusPort this is. */
function monitoringPorts(bundle: MachineBundle): readonly number[] {
  const { statusPort } = proxyConfig(bundle);
  return [...new Set([Number(statusPort ?? 15020), 15021, 15090])];
}

/** A rule for each family of addresses that is among the ranges. */
function accept(match: string, cidrs: readonly string[]): readonly string[] {
  const ranges = withoutCovered(cidrs);
  const families: readonly (readonly [string, readonly string[]])[] = [
    ['ip', ranges.filter((cidr) => !cidr.includes(':'))],
    ['ip6', ranges.filter((cidr) => cidr.includes(':'))],
  ];
  return families
    .filter(([, members]) => members.length > 0)
    .map(([family, members]) => `${match} ${family} saddr ${set(members)} accept`);
}

/** nft before 1.0 refuses ranges of one set that overlap. */
function withoutCovered(cidrs: readonly string[]): readonly string[] {
  const distinct = [...new Set(cidrs)];
  return distinct.filter(
    (cidr, index) =>
      // Of two that are the same in other words the first stays.
      !distinct.some((other, at) => at !== index && covers(other, cidr) && (at < index || !covers(cidr, other))),
  );
}

function set(members: readonly (string | number)[]): string {
  return `{ ${members.join(', ')} }`;
}

function chain(name: string, rules: readonly string[]): string {
  return `\tchain ${name} {\n${rules.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}
