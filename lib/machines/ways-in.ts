import { isDeferred, type Problems, rule } from '../core/problems';
import { type Fact, FactKind, Registry } from '../core/registry';
import { canonicalHost } from '../core/values/names';
import { type SpokenProtocol, spokenProtocol, spokenProtocolOfServicePort } from '../core/values/protocols';
import { serviceHost } from '../mesh/service-host';
import { declareMember, membersOfService, selectMembers } from './declared-members';
import { hasSidecar, type MachineServicePortSpec, type MachineServiceSpec, type Member } from './member';

const SERVICE_PROTOCOL = rule({
  id: 'service/protocol-other-than-way-in',
  origin: 'ignored',
  allowed: 'one protocol for a port of the machines, over all Services and ServiceEntries that lead to it',
  remedy: 'say the same protocol in both, or let the application listen on a port for each protocol',
  source:
    'istio getFilterChainsByServicePort: the oldest service of a port gives the protocol of the way in, and the others are dropped',
});
const ENTRY_PROTOCOL = rule({
  id: 'service-entry/protocol-other-than-service',
  origin: 'ignored',
  allowed: 'one protocol for a port of the machines, over all Services and ServiceEntries that lead to it',
  remedy: 'say the same protocol in both, or let the application listen on a port for each protocol',
  source:
    'istio getFilterChainsByServicePort: the oldest service of a port gives the protocol of the way in, and the others are dropped',
});

const TARGET_PORT_IGNORED = rule({
  id: 'service/target-port-ignored',
  origin: 'ignored',
  allowed:
    "the machines' port of the same name as the Service's, or a name of the Service's port that no port of the machines has",
  remedy: "rename the port of the Service ('http-admin'), or leave targetPort out",
  source:
    "istio serviceInstanceFromWorkloadInstance: a machine's port of the name of the Service's port goes before a targetPort that is a number",
});

/** A ServiceEntry over machines, as far as it is a way to their ports. */
export interface EntryOverMachines {
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly workloadLabels: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name: string;
    readonly number: number;
    readonly protocol: string;
    readonly targetPort: number | undefined;
  }[];
}

/** Entries by what Services select machines by, too, so that a fleet of groups isn't searched for each. */
const ENTRY = new FactKind<EntryOverMachines>('ServiceEntry over machines', ({ namespace, workloadLabels }) =>
  entryKey(namespace, workloadLabels.app),
);

/** The same entries by each of their hosts. */
const ENTRY_OF_HOST = new FactKind<{ readonly host: string; readonly entry: EntryOverMachines }>(
  'host of a ServiceEntry over machines',
  ({ host }) => canonicalHost(String(host)),
);

/** A way by which callers come to a port of a machine: a port of a Service or ServiceEntry. */
export interface WayIn {
  /** Who declares it. */
  readonly path: string;
  /** What it is called in a message. */
  readonly name: string;
  /** By which hosts callers come, as `canonicalHost` writes them. */
  readonly hosts: readonly string[];
  /** Where its protocol stands among the properties of who declares it. */
  readonly property: string;
  /** What stands there. */
  readonly value: string;
  readonly protocol: SpokenProtocol;
  /** The port that callers name. */
  readonly port: number;
  /** The machine's port that it leads to. */
  readonly machinePort: number;
}

/** Records an entry over machines once its properties are known to be good. */
export function declareEntryOverMachines(program: Registry, path: string, entry: EntryOverMachines): void {
  program.declare(ENTRY, path, entry);
  for (const host of entry.hosts) program.declare(ENTRY_OF_HOST, path, { host, entry });
}

/** Every way of the program to ports of a group or machine. What isn't known yet is no way yet. */
export function waysInto(program: Registry, member: Member): readonly WayIn[] {
  const { namespace, labels, selector } = member;
  const services = selectMembers(program, namespace, selector).flatMap((owner) => waysOfServices(owner, member));
  const entries = [labels.app, undefined]
    .flatMap((app) => program.facts(ENTRY, entryKey(namespace, app)))
    .filter(({ value }) => Object.entries(value.workloadLabels).every(([key, wanted]) => labels[key] === wanted))
    .flatMap((entry) => waysOfEntry(entry, member));
  return [...services, ...entries];
}

/**
 * Groups and machines that callers of a host come to.
 *
 * @param namespace That of the host, unless the host says another.
 */
export function membersBehind(program: Registry, namespace: string, host: string): readonly Fact<Member>[] {
  const wanted = canonicalHost(host);
  const [name, ofNamespace, service] = wanted.split('.');
  if (service === 'svc') return membersOfService(program, ofNamespace, name);
  return program
    .facts(ENTRY_OF_HOST, wanted)
    .map(({ value: { entry } }) => entry)
    .filter((entry) => entry.namespace === namespace)
    .flatMap((entry) => selectMembers(program, entry.namespace, entry.workloadLabels));
}

/** Adds a problem for each port of a Service that leads to a port of machines to which another way leads by another protocol. */
export function checkWaysOfServices(problems: Problems, program: Registry, member: Member): void {
  const own = new Registry();
  declareMember(own, NEW, member);
  const seen = program.with(own);
  const selected = selectMembers(seen, member.namespace, member.selector);
  checkTargetPorts(problems, selected, member);
  // One of many machines behind the same Services adds no way, so that the others need not be looked at for each.
  if (member.services.length > 0) checkWays(problems, SERVICE_PROTOCOL, seen, selected);
}

/** Adds a problem for each port of an entry that leads to a port of machines to which another way leads by another protocol. */
export function checkWaysOfEntry(problems: Problems, program: Registry, entry: EntryOverMachines): void {
  const own = new Registry();
  own.declare(ENTRY, NEW, entry);
  const selected = selectMembers(program, entry.namespace, entry.workloadLabels);
  checkWays(problems, ENTRY_PROTOCOL, program.with(own), selected);
}

/** Path of what is being declared. */
const NEW = '';

/** Adds a problem for each number that a Service leads to in vain: of the Services of `member`, and of those that select it. */
function checkTargetPorts(problems: Problems, selected: readonly Fact<Member>[], member: Member): void {
  const own = selected.find(({ value }) => value === member);
  if (own === undefined) return;
  const others = selected.filter((one) => one !== own);
  const told = new Set<string>();
  for (const { owner, machines } of [
    ...selected.map((one) => ({ owner: own, machines: one })),
    ...others.map((one) => ({ owner: one, machines: own })),
  ]) {
    owner.value.services.forEach((service, serviceIndex) => {
      service.ports.forEach(({ name, targetPort }, index) => {
        const byName = machines.value.ports.find((port) => port.name === name)?.port;
        if (typeof targetPort !== 'number' || [undefined, targetPort].includes(byName) || isDeferred(byName)) return;
        // That nobody serves the number is told elsewhere.
        if (!machines.value.ports.some(({ port }) => port === targetPort)) return;
        const isOwn = owner === own;
        const property = isOwn ? `services[${serviceIndex}].ports[${index}].targetPort` : 'ports';
        if (told.has(property)) return;
        told.add(property);
        const whose = machines.path === NEW ? 'the machines' : machines.path;
        problems.add(TARGET_PORT_IGNORED, property, isOwn ? targetPort : machines.value.ports, {
          allowed: isOwn
            ? `${byName}, which port ${name} of ${whose} is`
            : `${targetPort} as port ${name}, as Service ${service.name} of ${owner.path} has it`,
        });
      });
    });
  }
}

/** One problem is enough for a property, however many machines share it. */
function checkWays(
  problems: Problems,
  violated: typeof SERVICE_PROTOCOL,
  program: Registry,
  selected: readonly Fact<Member>[],
): void {
  const told = new Set<string>();
  for (const { value: member } of selected) {
    // Where no sidecar stands in the way, each Service has the machine's port for itself.
    if (!hasSidecar(member)) continue;
    const ways = waysInto(program, member);
    const isOther = (way: WayIn) => (other: WayIn) =>
      other.machinePort === way.machinePort && other.protocol !== way.protocol;
    const added = ways.filter(({ path }) => path === NEW);
    for (const [index, way] of added.entries()) {
      const differs = isOther(way);
      const other = ways.find((one) => one.path !== NEW && differs(one)) ?? added.slice(0, index).find(differs);
      if (other === undefined || told.has(way.property)) continue;
      told.add(way.property);
      const who = other.path === NEW ? '' : ` of ${other.path}`;
      problems.add(violated, way.property, way.value, {
        allowed: `${other.protocol}, which ${other.name}${who} says of port ${way.machinePort} of the machines`,
      });
    }
  }
}

function waysOfServices({ path, value: owner }: Fact<Member>, member: Member): readonly WayIn[] {
  return owner.services.flatMap((service, serviceIndex) =>
    service.ports.flatMap((port, index): readonly WayIn[] => {
      const { name, appProtocol, targetPort } = port;
      const machinePort = machinePortBehind(port, member);
      if (machinePort === undefined || [name, appProtocol, targetPort, machinePort].some(isDeferred)) return [];
      const isOwn = isPortOfMachines(service, port, owner);
      const at = `${isOwn ? 'ports' : `services[${serviceIndex}].ports`}[${index}]`;
      return [
        {
          path,
          name: `Service ${service.name}`,
          hosts: [serviceHost(service.name, owner.namespace, owner.clusterDomain)],
          property: `${at}.${appProtocol === undefined ? 'name' : 'appProtocol'}`,
          value: appProtocol ?? name,
          protocol: spokenProtocolOfServicePort(port),
          port: port.port,
          machinePort,
        },
      ];
    }),
  );
}

function waysOfEntry({ path, value: entry }: Fact<EntryOverMachines>, member: Member): readonly WayIn[] {
  return entry.ports.flatMap((port, index): readonly WayIn[] => {
    const { name, number, protocol, targetPort } = port;
    if ([name, number, protocol, targetPort].some(isDeferred)) return [];
    return [
      {
        path,
        name: `ServiceEntry of ${entry.hosts[0]}`,
        hosts: entry.hosts.map((host) => canonicalHost(String(host))),
        property: `ports[${index}].protocol`,
        value: protocol,
        protocol: spokenProtocol(protocol),
        port: number,
        // istio convertWorkloadInstanceToServiceInstance: in this order.
        machinePort: portOfName(name, member) ?? targetPort ?? number,
      },
    ];
  });
}

/** Where a port of a Service leads: istio serviceInstanceFromWorkloadInstance. */
function machinePortBehind({ name, targetPort }: MachineServicePortSpec, member: Member): number | undefined {
  if (typeof targetPort === 'string') return portOfName(targetPort, member);
  return portOfName(name, member) ?? targetPort;
}

function portOfName(name: string, { ports }: Member): number | undefined {
  return ports.find((port) => port.name === name)?.port;
}

/** The Service that machines have unless they name others: its ports are those of the machines. */
function isPortOfMachines(
  service: MachineServiceSpec,
  { name, port, targetPort }: MachineServicePortSpec,
  owner: Member,
): boolean {
  const isDefault = service.name === owner.name && owner.services.length === 1;
  return isDefault && targetPort === port && owner.ports.some((own) => own.name === name && own.port === port);
}

function entryKey(namespace: string, app: string | undefined): string {
  return `${namespace} ${app ?? ''}`;
}
