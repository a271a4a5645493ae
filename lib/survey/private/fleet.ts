import { BlockList, isIP } from 'node:net';
import { holdsAddress } from '../../core/values/addresses';
import type { MachineSurvey, SurveyedCall, SurveyedListener } from '../machine-survey';
import { type Concern, concernsOf } from './concerns';
import { slug, unique } from './names';
import { isServed, type ServedPort, servedPorts } from './served-ports';

/** What the answers of a fleet come to. */
export interface Fleet {
  readonly groups: readonly FleetGroup[];
  /** What groups call outside of the fleet, by port. */
  readonly outside: readonly OutsideCalls[];
}

/** Machines that listen alike. */
export interface FleetGroup {
  /** Name by itself: a DNS label of plain letters, digits and "-". */
  readonly name: string;
  readonly machines: readonly MachineSurvey[];
  readonly ports: readonly ServedPort[];
  /** What only the machines themselves can call: it needs no port. */
  readonly loopbackOnly: readonly SurveyedListener[];
  readonly cidrs: readonly string[];
  /** Names of the groups that the machines call. */
  readonly callsGroups: readonly string[];
  /** Ports of the calls that go outside of the fleet. */
  readonly callsOutside: readonly number[];
  readonly callers: readonly PortCallers[];
  readonly concerns: readonly Concern[];
}

/** Who calls a port: names of groups, and addresses outside of the fleet. */
export interface PortCallers {
  readonly port: number;
  readonly groups: readonly string[];
  readonly addresses: readonly string[];
}

/** Addresses that are called on a port. */
export interface OutsideCalls {
  readonly port: number;
  /** At most 256, as many as a ServiceEntry may have. */
  readonly addresses: readonly string[];
  readonly leftOff: number;
  /** Names of the programs that call. */
  readonly programs: readonly string[];
}

/** Makes groups of machines. Total over answers of the right shape, and in the same order whatever order the answers have. */
export function fleetOf(surveys: readonly MachineSurvey[]): Fleet {
  const members = groupMembers(surveys);
  const groupByAddress = new Map(
    members.flatMap(({ name, machines }) =>
      machines.flatMap(({ machine }) => addressesOf(machine).map((address) => [address, name] as const)),
    ),
  );
  const served = new Set(members.flatMap(({ name, ports }) => ports.map(({ port }) => `${name} ${port}`)));
  const groups = members.map((group) => fleetGroup(group, groupByAddress, served));
  const ports = [...new Set(groups.flatMap(({ callsOutside }) => callsOutside))].sort((a, b) => a - b);
  const calls = surveys.flatMap((survey) => outsideCallsOf(survey, groupByAddress));
  return { groups, outside: ports.map((port) => outsideCalls(port, calls)) };
}

interface Members {
  readonly name: string;
  readonly machines: readonly MachineSurvey[];
  readonly ports: readonly ServedPort[];
}

function groupMembers(surveys: readonly MachineSurvey[]): readonly Members[] {
  const alike = new Map<string, MachineSurvey[]>();
  const sorted = [...surveys].sort(
    (a, b) => compare(a.machine.name, b.machine.name) || compare(a.machine.address ?? '', b.machine.address ?? ''),
  );
  for (const survey of sorted) {
    const key = JSON.stringify(servedPorts([survey.listeners]).map(({ port, programs }) => [port, programs]));
    alike.set(key, [...(alike.get(key) ?? []), survey]);
  }
  const taken = new Set(RESERVED);
  return [...alike.values()].map((machines) => ({
    name: unique(groupName(machines), taken),
    machines,
    ports: servedPorts(machines.map(({ listeners }) => listeners)),
  }));
}

/**
 * Names that are no group's: namespaces of Kubernetes and of Istio by default, and what a construct can't be called (`constructs` looks
 * children up in an object with a prototype).
 */
const RESERVED = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'istio-system', 'constructor'];

/** What the host names have in common, as in web-1 and web-2; else the program's name. */
function groupName(machines: readonly MachineSurvey[]): string {
  const stems = new Set(machines.map(({ machine }) => slug(machine.name.split('.')[0].replace(/[-_]?\d+$/, ''))));
  const [stem] = stems;
  if (stems.size === 1 && stem !== '' && stem !== 'localhost') return stem;
  const [program] = machines[0].listeners.filter(isServed).map(({ program: name, unit }) => slug(unit ?? name ?? ''));
  return program || 'machines';
}

function fleetGroup(
  { name, machines, ports }: Members,
  groupByAddress: ReadonlyMap<string, string>,
  served: ReadonlySet<string>,
): FleetGroup {
  const called = machines.flatMap(({ calls }) => calls.filter((call) => !call.local && call.protocol === 'tcp'));
  const callsGroups = new Set(
    called.flatMap(({ address, port }) => {
      const other = groupByAddress.get(address);
      // SSH and agents of the machine are no ports of a group.
      return other !== undefined && served.has(`${other} ${port}`) ? other : [];
    }),
  );
  const outside = machines.flatMap((survey) => outsideCallsOf(survey, groupByAddress));
  return {
    name,
    machines,
    ports,
    loopbackOnly: distinct(
      machines.flatMap(({ listeners }) => listeners.filter((each) => each.protocol === 'tcp' && each.loopbackOnly)),
      ({ port, program }) => `${port} ${program}`,
    ),
    cidrs: cidrsOf(machines),
    callsGroups: [...callsGroups].filter((other) => other !== name).sort(compare),
    callsOutside: [...new Set(outside.map(({ port }) => port))].sort((a, b) => a - b),
    callers: ports.map(({ port }) => callersOf(port, machines, groupByAddress)),
    concerns: concernsOf(machines, ports),
  };
}

/** Calls by TCP to who is not of the fleet. Names and the time of day are the machine's own business, and so are its cloud's services. */
function outsideCallsOf(survey: MachineSurvey, groupByAddress: ReadonlyMap<string, string>): readonly SurveyedCall[] {
  return survey.calls.filter(
    ({ protocol, local, address, port }) =>
      protocol === 'tcp' &&
      !local &&
      port !== 53 &&
      !groupByAddress.has(address) &&
      !NOBODYS.check(address, family(address)),
  );
}

/** Addresses that nobody can be called by, or that the capture leaves alone. */
const NOBODYS = new BlockList();
NOBODYS.addSubnet('0.0.0.0', 8);
NOBODYS.addSubnet('127.0.0.0', 8);
NOBODYS.addSubnet('169.254.0.0', 16);
NOBODYS.addSubnet('224.0.0.0', 3);
NOBODYS.addAddress('::', 'ipv6');
NOBODYS.addAddress('::1', 'ipv6');
NOBODYS.addSubnet('fe80::', 10, 'ipv6');
NOBODYS.addSubnet('ff00::', 8, 'ipv6');
NOBODYS.addAddress('fd00:ec2::254', 'ipv6');

function outsideCalls(port: number, calls: readonly SurveyedCall[]): OutsideCalls {
  const ours = calls.filter((call) => call.port === port);
  const addresses = [...new Set(ours.map(({ address }) => address))].sort(compare);
  return {
    port,
    addresses: addresses.slice(0, MOST_ADDRESSES),
    leftOff: Math.max(0, addresses.length - MOST_ADDRESSES),
    programs: [...new Set(ours.flatMap(({ program }) => program ?? []))].sort(compare),
  };
}

/** CRD of ServiceEntry: maxItems of addresses. */
const MOST_ADDRESSES = 256;

function callersOf(
  port: number,
  machines: readonly MachineSurvey[],
  groupByAddress: ReadonlyMap<string, string>,
): PortCallers {
  const all = machines.flatMap(({ callers }) => callers).filter((caller) => caller.port === port);
  const addresses = [...new Set(all.map(({ address }) => address))].sort(compare);
  const groups = new Set(addresses.flatMap((address) => groupByAddress.get(address) ?? []));
  return {
    port,
    groups: [...groups].sort(compare),
    addresses: addresses.filter((address) => !groupByAddress.has(address)),
  };
}

/** The networks in which the machines' addresses lie; an address by itself where none is known. */
function cidrsOf(machines: readonly MachineSurvey[]): readonly string[] {
  const cidrs = machines.flatMap(({ machine: { address, networks } }) => {
    if (address === null) return [];
    const [found] = networks.filter(({ cidr }) => holdsAddress(cidr, address)).map(({ cidr }) => cidr);
    return [found ?? `${address}/${isIP(address) === 4 ? 32 : 128}`];
  });
  return [...new Set(cidrs)].sort(compare);
}

function addressesOf({ address, addresses }: MachineSurvey['machine']): readonly string[] {
  return address === null ? addresses : [address, ...addresses];
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

function distinct<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
