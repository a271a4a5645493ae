import { type Problems, rule } from '../../core/problems';
import { cidrFamily, covers } from '../../core/values/addresses';

const TOO_WIDE = rule({
  id: 'network/machine-range-too-wide',
  origin: 'meshvm',
  allowed:
    'ranges of machines: IPv4 from /8 on, IPv6 from /32 on, without loopback, link-local and multicast addresses',
  remedy: 'name the subnets in which the machines stand; a machine may claim every address of the ranges as its own',
  source: 'istio pilot/pkg/autoregistration: istiod believes the address that a machine claims',
});

/** Shortest prefix of a range, by family. */
const SHORTEST = { 4: 8, 6: 32 };

/** Where no machine has the address at which others reach it. */
const NO_MACHINE = [
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/8', 'fe80::/10', 'ff00::/8'],
];

/** Adds a problem for each range in which a machine could claim somebody else's address. What is no range is told elsewhere. */
export function checkMachineRanges(problems: Problems, property: string, cidrs: readonly string[]): void {
  for (const [index, cidr] of cidrs.entries()) {
    const family = cidrFamily(cidr);
    if (family === 0) continue;
    const short = Number(cidr.split('/')[1]) < SHORTEST[family];
    const special = NO_MACHINE.some((range) => covers(range, cidr) || covers(cidr, range));
    if (short || special) problems.add(TOO_WIDE, `${property}[${index}]`, cidr);
  }
}
