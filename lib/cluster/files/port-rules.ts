import { isIP } from 'node:net';
import type { PortPlace, PortRow } from '../port-table';

/** The table for people. */
export function portText(places: readonly PortPlace[]): string {
  const blocks = places.map(({ kind, name, rows }) => {
    const cells = rows.map((row) => [
      row.direction,
      `${row.protocol} ${row.port ?? '-'}`,
      `${row.direction === 'in' ? 'from' : 'to'} ${peerOf(row)}`,
      row.why,
    ]);
    const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((each) => each[column].length)));
    const lines = cells.map((each) => `  ${each.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`);
    return [`${kind} ${name}`, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** What goes in, as rules of an nftables chain: one block a place. */
export function portNft(places: readonly PortPlace[]): string {
  return places
    .map(({ kind, name, rows }) => [`# ${kind} ${name}`, ...rows.filter(isIncoming).flatMap(nftRules)].join('\n'))
    .join('\n\n')
    .concat('\n');
}

/** What goes in, by place, as `aws ec2 authorize-security-group-ingress --ip-permissions` takes it. */
export function portAws(places: readonly PortPlace[]): string {
  const permissions = places.map(({ kind, name, rows }) => [
    `${kind} ${name}`,
    rows.filter(isIncoming).map(permission),
  ]);
  return `${JSON.stringify(Object.fromEntries(permissions), undefined, 2)}\n`;
}

function isIncoming({ direction }: PortRow): boolean {
  return direction === 'in';
}

function peerOf({ peer, cidrs }: PortRow): string {
  return cidrs.length === 0 ? peer : `${peer} (${cidrs.join(', ')})`;
}

function nftRules({ protocol, port, cidrs, why }: PortRow): readonly string[] {
  const rule = (source: string) => `${source}${protocol} dport ${port} accept comment ${JSON.stringify(plain(why))}`;
  if (cidrs.length === 0) return [rule('')];
  return ([4, 6] as const).flatMap((family) => {
    const ranges = cidrs.filter((cidr) => isIP(cidr.split('/')[0]) === family);
    return ranges.length === 0 ? [] : [rule(`${family === 4 ? 'ip' : 'ip6'} saddr { ${ranges.join(', ')} } `)];
  });
}

function permission({ protocol, port, cidrs, why }: PortRow) {
  const ranges = cidrs.length === 0 ? ['0.0.0.0/0', '::/0'] : cidrs;
  const of = (family: 4 | 6) => ranges.filter((cidr) => isIP(cidr.split('/')[0]) === family);
  const Description = plain(why);
  return {
    IpProtocol: protocol,
    FromPort: port,
    ToPort: port,
    ...(of(4).length > 0 && { IpRanges: of(4).map((CidrIp) => ({ CidrIp, Description })) }),
    ...(of(6).length > 0 && { Ipv6Ranges: of(6).map((CidrIpv6) => ({ CidrIpv6, Description })) }),
  };
}

/** What both nft (128 bytes) and EC2 (a set of signs) take as a comment. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, '').slice(0, 120);
}
