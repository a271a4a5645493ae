import { BlockList, isIP } from 'node:net';
import { type Problems, rule } from '../problems';

const IP_REQUIRED = rule({
  id: 'address/ip-required',
  origin: 'ignored',
  allowed: 'an IPv4 or IPv6 address',
  remedy: 'give the address itself; Istio resolves no host name here',
  source: 'istio pilot serviceregistry: the address of a WorkloadEntry behind a Service is taken as it is',
});
const CIDR_REQUIRED = rule({
  id: 'address/cidr',
  origin: 'meshvm',
  allowed: 'an address range such as 10.20.0.0/16 or fd00:20::/64, host bits zero',
  remedy: 'write the network address and its prefix length',
  source: 'Go net/netip ParsePrefix; Kubernetes refuses loadBalancerSourceRanges of another form',
});

/** A plain IP address; no zone (fe80::1%eth0), which Envoy can not use. */
export const isIpAddress = (value: string) => isIP(value) !== 0 && !value.includes('%');

/** 4 or 6, or 0 when `value` is no address range with all host bits zero. */
export function cidrFamily(value: string): 0 | 4 | 6 {
  const [address, bits, ...rest] = value.split('/');
  const family = isIpAddress(address) ? isIP(address) : 0;
  if (family === 0 || rest.length > 0 || !/^(0|[1-9][0-9]*)$/.test(bits ?? '')) return 0;
  const width = family === 4 ? 32 : 128;
  const prefix = Number(bits);
  if (prefix > width) return 0;
  const hostBits = BigInt(width - prefix);
  const zero = (toBigInt(address, family) & ((1n << hostBits) - 1n)) === 0n;
  return zero ? (family as 4 | 6) : 0;
}

/** Whether a range holds another, or is the same; one that is not known yet holds nothing. */
export function covers(outer: string, inner: string): boolean {
  const [outerAddress, outerBits] = outer.split('/');
  const [innerAddress, innerBits] = inner.split('/');
  const family = isIP(outerAddress);
  if (family === 0 || family !== isIP(innerAddress) || Number(outerBits) > Number(innerBits)) return false;
  const list = new BlockList();
  list.addSubnet(outerAddress, Number(outerBits), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(innerAddress, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether ranges together hold another: one of them, or each of them a part of it. */
export function areCovered(outer: readonly string[], inner: string): boolean {
  if (outer.some((range) => covers(range, inner))) return true;
  // Without a range inside, halves are held no more than the whole.
  if (!outer.some((range) => covers(inner, range))) return false;
  return halvesOf(inner).every((half) => areCovered(outer, half));
}

/** Whether a range holds an address. */
export function holdsAddress(range: string, address: string): boolean {
  return covers(range, `${address}/${isIP(address) === 4 ? 32 : 128}`);
}

/** The same text for every way to write an address. */
export function canonicalAddress(address: string): string {
  const family = isIP(address);
  return family === 6 ? `6 ${toBigInt(address, family)}` : address;
}

export function checkIpAddress(problems: Problems, property: string, value: unknown): void {
  problems.check(IP_REQUIRED, property, value, (text) => typeof text === 'string' && isIpAddress(text));
}

export function checkCidr(problems: Problems, property: string, value: unknown): void {
  problems.check(CIDR_REQUIRED, property, value, (text) => typeof text === 'string' && cidrFamily(text) !== 0);
}

export function checkCidrs(problems: Problems, property: string, values: readonly unknown[] | undefined): void {
  values?.forEach((value, index) => void checkCidr(problems, `${property}[${index}]`, value));
}

/** The two halves of a range that holds more than one address. */
function halvesOf(range: string): readonly string[] {
  const [address, bits] = range.split('/');
  const family = isIP(address);
  const prefix = Number(bits) + 1;
  const upper = toBigInt(address, family) | (1n << BigInt((family === 4 ? 32 : 128) - prefix));
  return [`${address}/${prefix}`, `${toText(upper, family)}/${prefix}`];
}

function toText(address: bigint, family: number): string {
  const [count, width, radix, separator] = family === 4 ? [4, 8, 10, '.'] : [8, 16, 16, ':'];
  const part = (index: number) => (address >> BigInt((count - 1 - index) * width)) & ((1n << BigInt(width)) - 1n);
  return Array.from({ length: count }, (_, index) => part(index).toString(radix)).join(separator);
}

function toBigInt(address: string, family: number): bigint {
  if (family === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [head, tail] = expandEmbeddedIpv4(address).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}

/** ::ffff:10.0.0.1 → ::ffff:a00:1 */
function expandEmbeddedIpv4(address: string): string {
  const at = address.lastIndexOf(':') + 1;
  if (!address.includes('.')) return address;
  const [a, b, c, d] = address.slice(at).split('.').map(Number);
  return `${address.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
