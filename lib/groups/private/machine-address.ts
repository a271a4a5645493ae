import { type Problems, rule } from '../../core/problems';
import { FactKind, type Registry } from '../../core/registry';
import { canonicalAddress, checkIpAddress, cidrFamily, holdsAddress, isIpAddress } from '../../core/values/addresses';
import { hasSidecar, type Member } from '../../machines/member';
import { cidrsOf, cidrsProperty } from '../../mesh/network-checks';
import type { MeshVmProps } from '../mesh-vm-props';

const UNREACHABLE = rule({
  id: 'machine/address-unreachable',
  origin: 'ignored',
  allowed: 'the address by which callers reach the machine: none of loopback, link-local, multicast, 0.0.0.0 or ::',
  remedy: "give the address of the machine's interface in its network",
  source:
    'k8s.io/kubernetes ValidateNonSpecialIP refuses these in endpoints; istio takes them, and callers dial themselves or nobody',
});
const OUTSIDE = rule({
  id: 'machine/address-outside-network',
  origin: 'meshvm',
  allowed: 'an address in the ranges of its network',
  remedy: 'correct the address, or add its range to the network',
  source: 'meshvm: what the network says of its machines holds for those with fixed addresses, too',
});
const TWICE = rule({
  id: 'machine/address-twice',
  origin: 'ignored',
  allowed: 'one machine with a sidecar for each address of a network',
  remedy:
    'give each machine its own address; what else runs on the machine is another port of it, or one more entry where no sidecar is',
  source:
    'istio GetProxyServiceTargets, GetProxyWorkloadLabels: a sidecar is known by its address, and gets the Services of both entries',
});

/** A fixed address of a machine. */
interface FixedAddress {
  readonly network: string;
  readonly address: string;
  readonly sidecar: boolean;
}

const ADDRESS = new FactKind<FixedAddress>('fixed address', ({ network, address }) => `${network} ${address}`);

/** That callers reach the machine, and no other one, by its address. */
export function checkMachineAddress(
  problems: Problems,
  program: Registry,
  { address: given, network }: MeshVmProps,
  machine: Member,
): void {
  checkIpAddress(problems, 'address', given);
  if (!isIpAddress(given)) return;
  const fixed = fixedAddress(given, machine);
  if (SPECIAL.some((range) => holdsAddress(range, given))) problems.add(UNREACHABLE, 'address', given);
  const ranges = cidrsOf(network);
  const known = ranges.length > 0 && ranges.every((range) => cidrFamily(range) !== 0);
  if (known && !ranges.some((range) => holdsAddress(range, given))) {
    const property = `network.${cidrsProperty(network)}`;
    problems.add(OUTSIDE, 'address', given, { allowed: `an address in ${property}: ${ranges.join(', ')}` });
  }
  const others = program.facts(ADDRESS, ADDRESS.keyOf(fixed));
  const other = others.find(({ value }) => value.sidecar || fixed.sidecar);
  if (other !== undefined) {
    problems.add(TWICE, 'address', given, { allowed: `an address other than that of ${other.path}` });
  }
}

/** Makes the address the machine's own. */
export function declareMachineAddress(
  program: Registry,
  path: string,
  { address }: MeshVmProps,
  machine: Member,
): void {
  program.declare(ADDRESS, path, fixedAddress(address, machine));
}

function fixedAddress(address: string, machine: Member): FixedAddress {
  return { network: machine.network, address: canonicalAddress(address), sidecar: hasSidecar(machine) };
}

const SPECIAL = [
  '0.0.0.0/32',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
];
