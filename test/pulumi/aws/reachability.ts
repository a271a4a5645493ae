import type { SecurityGroupRule } from '../../../lib/pulumi/aws/private/security-group-rules';

/**
 * Who may open connections to whom, by the rules: `from -> to: ports`, the other side's rule asked for where both have a security group.
 * `machines` are the group's; any other party is the value that names it.
 */
export function reachability(rules: Readonly<Record<string, SecurityGroupRule>>): string[] {
  const out = new Map<string, string[]>();
  for (const { direction, securityGroupId, peer, fromPort, toPort } of Object.values(rules)) {
    const owner = securityGroupId === undefined ? 'machines' : String(securityGroupId);
    const other = peer === undefined ? 'machines' : String(Object.values(peer)[0]);
    const [from, to] = direction === 'egress' ? [owner, other] : [other, owner];
    const side = direction === 'egress' ? 'leaves' : 'enters';
    const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
    const line = `${from} -> ${to}: ${ports}`;
    out.set(line, [...(out.get(line) ?? []), side]);
  }
  return [...out].map(([line, sides]) => `${line} (${sides.sort().join(', ')})`).sort();
}
