import { isIP } from 'node:net';
import { type Problems, rule } from '../../core/problems';
import { checkCidrs, cidrFamily, isIpAddress } from '../../core/values/addresses';
import { checkAnnotations, checkLabels } from '../../core/values/labels';
import { checkRequired, isDnsSubdomain } from '../../core/values/names';
import { isPortNumber } from '../../core/values/ports';
import type {
  AwsNlbOptions,
  AzureInternalOptions,
  CustomLoadBalancerOptions,
  GcpInternalOptions,
  MetalLbOptions,
  NodePortOptions,
} from '../load-balancer-options';

const NO_SOURCE_RANGES = rule({
  id: 'load-balancer/no-source-ranges',
  origin: 'ignored',
  allowed: 'at least one address range, or the property left out',
  remedy: 'list who may connect; an empty list lets everyone in',
  source: 'k8s.io/kubernetes ServiceSpec.loadBalancerSourceRanges: empty means no restriction',
});
const IPV4_RANGE = rule({
  id: 'load-balancer/ipv4-source-range',
  origin: 'ignored',
  allowed: 'IPv4 address ranges',
  remedy: 'remove the range; the load balancer has IPv4 addresses only',
  source: 'aws-load-balancer-controller buildCIDRsFromSourceRanges: unsupported v6 cidr when lb is not dualstack',
});
const IPV4_ADDRESS = rule({
  id: 'load-balancer/ipv4-address',
  origin: 'ignored',
  allowed: 'an IPv4 address',
  remedy: 'give an address out of the subnet',
  source: 'aws-load-balancer-controller getMatchingIPforSubnet; annotations of GKE and cloud-provider-azure',
});
const ADDRESS = rule({
  id: 'load-balancer/address',
  origin: 'ignored',
  allowed: 'an IPv4 or IPv6 address',
  remedy: 'give the address itself',
  source: 'metallb controller getDesiredLbIPs; providers ignore a spec.loadBalancerIP of another form',
});
const CANONICAL = rule({
  id: 'load-balancer/canonical-address',
  origin: 'ignored',
  allowed: 'IPv6 addresses in their shortest form and lower case (RFC 5952), and no IPv4 address inside one',
  remedy: 'write the address as the API server would print it',
  source: 'k8s.io/kubernetes GetWarningsForIP and GetWarningsForCIDR: software differs in what it makes of other forms',
});
const LIST_ITEM = rule({
  id: 'load-balancer/list-item',
  origin: 'ignored',
  allowed: 'a name or id without "," and white space, each once',
  remedy: 'give one item of the list in each element',
  source: 'aws-load-balancer-controller reads comma-separated lists out of annotations',
});
const EMPTY_LIST = rule({
  id: 'load-balancer/empty-list',
  origin: 'ignored',
  allowed: 'at least one element, or the property left out',
  remedy: 'leave the property out',
  source: 'the annotation would be there and say nothing',
});
const EIP_INTERNAL = rule({
  id: 'load-balancer/eip-on-internal',
  origin: 'ignored',
  allowed: 'eipAllocations together with internetFacing: true',
  remedy: 'use privateIpv4Addresses for an internal load balancer',
  source: 'aws-load-balancer-controller buildLoadBalancerSubnetMappings: EIP allocations need an internet facing one',
});
const PRIVATE_PUBLIC = rule({
  id: 'load-balancer/private-addresses-on-internet-facing',
  origin: 'ignored',
  allowed: 'privateIpv4Addresses without internetFacing',
  remedy: 'use eipAllocations for an internet-facing load balancer',
  source: 'aws-load-balancer-controller buildLoadBalancerSubnetMappings: private addresses need an internal one',
});
const EIP_FORM = rule({
  id: 'load-balancer/eip-allocation',
  origin: 'ignored',
  allowed: 'an allocation id, eipalloc- and hexadecimal digits',
  remedy: 'give the id of the allocation, not the address',
  source: 'EC2 AllocateAddress',
});
const ONE_PER_SUBNET = rule({
  id: 'load-balancer/one-address-per-subnet',
  origin: 'ignored',
  allowed: 'as many addresses as subnets',
  remedy: 'list the subnets, and an address for each',
  source: 'aws-load-balancer-controller buildLoadBalancerSubnetMappings: the numbers must match',
});
const SECURITY_GROUPS = rule({
  id: 'load-balancer/source-ranges-with-security-groups',
  origin: 'ignored',
  allowed: 'sourceRanges or securityGroups, not both',
  remedy: 'write the ranges into a rule of the security group',
  source: 'aws-load-balancer-controller: source ranges are ignored when security groups are given',
});
const TWO_ADDRESSES = rule({
  id: 'load-balancer/address-and-name',
  origin: 'ignored',
  allowed: 'address or addressName, not both',
  remedy: 'remove one; GKE would ignore the address',
  source: 'ingress-gce IPv4ToUse: the annotation comes before spec.loadBalancerIP',
});
const ONE_PER_FAMILY = rule({
  id: 'load-balancer/one-address-per-family',
  origin: 'ignored',
  allowed: 'one address, or one IPv4 and one IPv6 address',
  remedy: 'remove the others',
  source: 'metallb internal/ipfamily ForAddressesIPs',
});
const POOL = rule({
  id: 'load-balancer/pool',
  origin: 'ignored',
  allowed: 'the name of an IPAddressPool: labels of a-z, 0-9 and "-" joined by ".", at most 253 characters',
  remedy: 'give the name of the pool, not its addresses',
  source: 'metallb controller allocateIPs: a pool of that name must be there',
});
const CLASS = rule({
  id: 'load-balancer/class',
  origin: 'kubernetes',
  allowed: 'an optional DNS subdomain and "/", then letters, digits, "-", "_" and ".", at most 63 characters',
  remedy: "give the provider's class, such as service.k8s.aws/nlb",
  source: 'k8s.io/kubernetes validateLoadBalancerClassField',
});
const NODE_PORT_RANGE = rule({
  id: 'node-port/range',
  origin: 'meshvm',
  allowed: 'two ports joined by "-", the lower one first',
  remedy: "write the range as in the API server's flag --service-node-port-range",
  source: 'k8s.io/apimachinery net.PortRange',
});
const NODE_PORT = rule({
  id: 'node-port/number',
  origin: 'kubernetes',
  allowed: 'a whole number in nodePortRange, each once',
  remedy: 'choose another port, or set nodePortRange to the range of the cluster',
  source: 'k8s.io/kubernetes portallocator: the provided port is not in the valid range',
});
const NODE_PORT_ZERO = rule({
  id: 'node-port/zero',
  origin: 'ignored',
  allowed: 'a port, or the property left out',
  remedy: 'leave the property out to let Kubernetes choose',
  source: 'k8s.io/kubernetes reads a node port of 0 as none',
});

export function checkAwsNlb(problems: Problems, options: AwsNlbOptions): void {
  const internetFacing = options.internetFacing ?? false;
  checkSourceRanges(problems, options.sourceRanges);
  options.sourceRanges?.forEach((range, index) => {
    problems.check(IPV4_RANGE, `sourceRanges[${index}]`, range, (known) => cidrFamily(known) !== 6);
  });
  if (options.sourceRanges !== undefined && options.securityGroups !== undefined) {
    problems.add(SECURITY_GROUPS, 'sourceRanges', options.sourceRanges);
  }
  const lists = ['subnets', 'privateIpv4Addresses', 'eipAllocations', 'securityGroups'] as const;
  for (const list of lists) checkList(problems, list, options[list]);
  options.privateIpv4Addresses?.forEach((address, index) => {
    checkIpv4(problems, `privateIpv4Addresses[${index}]`, address);
  });
  options.eipAllocations?.forEach((id, index) => {
    problems.check(EIP_FORM, `eipAllocations[${index}]`, id, (known) => /^eipalloc-[0-9a-f]+$/.test(known));
  });
  for (const list of ['privateIpv4Addresses', 'eipAllocations'] as const) {
    const addresses = options[list];
    if (addresses !== undefined && addresses.length !== (options.subnets?.length ?? 0)) {
      const count =
        options.subnets === undefined ? 'subnets to be listed' : `${options.subnets.length}, one per subnet`;
      problems.add(ONE_PER_SUBNET, list, addresses, { allowed: count });
    }
  }
  if (options.eipAllocations !== undefined && !internetFacing) {
    problems.add(EIP_INTERNAL, 'eipAllocations', options.eipAllocations);
  }
  if (options.privateIpv4Addresses !== undefined && internetFacing) {
    problems.add(PRIVATE_PUBLIC, 'privateIpv4Addresses', options.privateIpv4Addresses);
  }
  checkClass(problems, options.loadBalancerClass);
}

export function checkGcpInternal(problems: Problems, options: GcpInternalOptions): void {
  checkSourceRanges(problems, options.sourceRanges);
  if (options.subnet !== undefined) checkRequired(problems, 'subnet', options.subnet);
  if (options.addressName !== undefined) checkList(problems, 'addressName', [options.addressName]);
  if (options.address !== undefined) checkIpv4(problems, 'address', options.address);
  if (options.address !== undefined && options.addressName !== undefined) {
    problems.add(TWO_ADDRESSES, 'address', options.address);
  }
}

export function checkAzureInternal(problems: Problems, options: AzureInternalOptions): void {
  checkSourceRanges(problems, options.sourceRanges);
  if (options.subnet !== undefined) checkRequired(problems, 'subnet', options.subnet);
  if (options.address !== undefined) checkIpv4(problems, 'address', options.address);
}

export function checkMetalLb(problems: Problems, options: MetalLbOptions): void {
  checkSourceRanges(problems, options.sourceRanges);
  checkClass(problems, options.loadBalancerClass);
  problems.check(POOL, 'pool', options.pool, isDnsSubdomain);
  checkList(problems, 'addresses', options.addresses);
  const families = new Set<string>();
  options.addresses?.forEach((address, index) => {
    checkAddress(problems, `addresses[${index}]`, address);
    problems.known(address, (known) => {
      const family = known.includes(':') ? 'IPv6' : 'IPv4';
      if (families.has(family)) problems.add(ONE_PER_FAMILY, `addresses[${index}]`, known);
      families.add(family);
    });
  });
}

export function checkNodePort(problems: Problems, options: NodePortOptions): void {
  checkLabels(problems, 'nodeSelector', options.nodeSelector);
  const range = options.nodePortRange ?? '30000-32767';
  const [first, last] = portRange(range);
  if (first === undefined || last === undefined) {
    problems.add(NODE_PORT_RANGE, 'nodePortRange', range);
    return;
  }
  const seen = new Set<number>();
  for (const property of ['istiodPort', 'servicesPort', 'statusPort', 'webhookPort'] as const) {
    const port = options[property];
    if (port === undefined) continue;
    if (port === 0) problems.add(NODE_PORT_ZERO, property, port);
    else if (!isPortNumber(port) || port < first || port > last || seen.has(port)) {
      problems.add(NODE_PORT, property, port, { allowed: `a whole number from ${first} to ${last}, each once` });
    }
    seen.add(port);
  }
}

export function checkCustomLoadBalancer(problems: Problems, options: CustomLoadBalancerOptions): void {
  checkAnnotations(problems, 'annotations', options.annotations);
  checkClass(problems, options.loadBalancerClass);
  checkSourceRanges(problems, options.sourceRanges);
  if (options.loadBalancerIP !== undefined) {
    checkAddress(problems, 'loadBalancerIP', options.loadBalancerIP);
    checkCanonical(problems, 'loadBalancerIP', options.loadBalancerIP);
  }
}

function checkSourceRanges(problems: Problems, ranges: readonly string[] | undefined): void {
  checkCidrs(problems, 'sourceRanges', ranges);
  if (ranges?.length === 0) problems.add(NO_SOURCE_RANGES, 'sourceRanges', ranges);
  ranges?.forEach((range, index) => {
    checkCanonical(problems, `sourceRanges[${index}]`, range);
  });
}

/** An address or address range; what is neither is judged elsewhere. */
function checkCanonical(problems: Problems, property: string, value: string): void {
  problems.check(CANONICAL, property, value, (known) => {
    const [address] = known.split('/');
    if (!isIpAddress(address) || !address.includes(':')) return true;
    // URLs write IPv6 addresses in canonical form.
    const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
    return address === canonical && !address.startsWith('::ffff:');
  });
}

function checkList(problems: Problems, property: string, items: readonly string[] | undefined): void {
  if (items?.length === 0) problems.add(EMPTY_LIST, property, items);
  const seen = new Set<string>();
  items?.forEach((item, index) => {
    const at = property === 'addressName' ? property : `${property}[${index}]`;
    problems.check(LIST_ITEM, at, item, (known) => /^[^,\s]+$/.test(known) && !seen.has(known));
    seen.add(item);
  });
}

function checkIpv4(problems: Problems, property: string, address: string): void {
  problems.check(IPV4_ADDRESS, property, address, (known) => isIP(known) === 4);
}

function checkAddress(problems: Problems, property: string, address: string): void {
  problems.check(ADDRESS, property, address, isIpAddress);
}

function checkClass(problems: Problems, value: string | undefined): void {
  problems.check(CLASS, 'loadBalancerClass', value, (known) => {
    const [name, prefix, ...rest] = known.split('/').reverse();
    const named = name.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name);
    return rest.length === 0 && named && (prefix === undefined || isDnsSubdomain(prefix));
  });
}

/** The two ends of a range such as 30000-32767; nothing when it is none. */
function portRange(range: string): readonly number[] {
  const match = /^(\d+)-(\d+)$/.exec(range);
  if (match === null) return [];
  const [first, last] = [Number(match[1]), Number(match[2])];
  return isPortNumber(first) && isPortNumber(last) && first <= last ? [first, last] : [];
}
