import type { MachineSurvey } from '../machine-survey';
import type { Concern } from '../private/concerns';
import { EFFECTS } from '../private/effects';
import { type Fleet, type FleetGroup, fleetOf, type OutsideCalls } from '../private/fleet';
import { camelCase } from '../private/names';
import type { ServedPort } from '../private/served-ports';
import { comment, inComment, literal, literals } from './typescript';

/**
 * A program of cdk8s that lets the surveyed machines join a mesh. What it guesses is marked so; what the machines call themselves stands in
 * comments and string literals alone.
 *
 * @param surveys At least one.
 */
export function fleetProgram(surveys: readonly MachineSurvey[]): string {
  const fleet = fleetOf(surveys);
  const sections = [
    header(surveys, fleet),
    start(),
    ...fleet.groups.map((each) => group(each, fleet)),
    ...outside(fleet),
    ...fleet.groups.map((each) => egress(each, fleet)),
    ['app.synth();'],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function header(surveys: readonly MachineSurvey[], fleet: Fleet): readonly string[] {
  const has = (some: (group: FleetGroup) => boolean) => fleet.groups.some(some);
  const names = [
    has(calls) && 'EgressDestination',
    has(calls) && 'EgressScope',
    'Mesh',
    'MeshVmApp',
    'MeshVmGroup',
    'Network',
    has(calls) && 'OutboundTraffic',
    has(({ ports }) => ports.length > 0) && 'Probe',
    fleet.outside.length > 0 && 'ServiceEntryProtocol',
    fleet.outside.length > 0 && 'VmServiceEndpoints',
    fleet.outside.length > 0 && 'VmServiceEntry',
  ].filter((name) => name !== false);
  return [
    comment(
      `Made by "meshvm survey" from the answers of ${surveys.length} machine${surveys.length === 1 ? '' : 's'}. What it has guessed is marked so: read it first.`,
    ),
    comment(
      'Names in brackets are rows of docs/applications.md: what joining the mesh does to an application, and what undoes it.',
    ),
    ...surveys.flatMap(machineLines),
    "import { Chart } from 'cdk8s';",
    `import {\n${names.map((name) => `  ${name},\n`).join('')}} from 'meshvm';`,
  ];
}

function machineLines({ source, machine, surveyed, peersLeftOff }: MachineSurvey): readonly string[] {
  const { name, address, distribution, vendor } = machine;
  const system = [distribution.id, distribution.version].filter((part) => part !== null).join(' ');
  const facts = [name, address ?? 'no address', system, vendor ?? '', `watched for ${surveyed.seconds} s`].filter(
    Boolean,
  );
  return [
    comment(`  ${source}: ${facts.join(', ')}`),
    ...surveyed.unseen.map((what) => comment(`    not seen: ${what}`)),
    ...(peersLeftOff
      ? [comment('    not seen: all callers and called, of which there were more than an answer holds')]
      : []),
  ];
}

function start(): readonly string[] {
  return [
    'const app = new MeshVmApp();',
    '',
    comment('No machine knows these: put in those of your mesh.'),
    'const mesh = new Mesh({',
    "  meshId: 'mesh', // guessed",
    "  clusterName: 'cluster', // guessed",
    "  network: 'network', // guessed",
    "  istioVersion: '1.31.1', // guessed",
    '});',
  ];
}

function group(group: FleetGroup, { groups }: Fleet): readonly string[] {
  const { name, machines, ports, loopbackOnly, callers, concerns, cidrs } = group;
  const isNamed = calls(group) || groups.some(({ callsGroups }) => callsGroups.includes(name));
  return [
    comment(`--- ${name}: ${machines.map(({ machine }) => machine.name).join(', ')} ---`),
    ...callers.map((each) => comment(callersText(each.port, [...each.groups, ...each.addresses]))),
    ...loopbackOnly.map(({ port, program }) =>
      comment(`Port ${port} (${program ?? 'unknown'}) is for the machine itself, and stays so.`),
    ),
    ...concernLines(concerns),
    `const ${chartOf(name)} = new Chart(app, ${literal(name)}, { namespace: ${literal(name)} }); // guessed names`,
    `${isNamed ? `const ${groupOf(name)} = ` : ''}new MeshVmGroup(${chartOf(name)}, ${literal(name)}, {`,
    '  mesh,',
    ...portLines(ports),
    ...probeLines(ports),
    `  network: Network.flat(${literals(cidrs)}), // guessed: pods reach these addresses without a gateway`,
    comment(identityHint(machines), '  '),
    '});',
  ];
}

/** Each row of docs/applications.md once, with everything that is about it. */
function concernLines(concerns: readonly Concern[]): readonly string[] {
  const effects = [...new Set(concerns.map(({ effect }) => effect))];
  return effects.flatMap((effect) => [
    comment(`[${effect}] ${EFFECTS[effect].what}.`),
    ...concerns
      .filter((concern) => concern.effect === effect)
      .map(({ what, machines }) => comment(`  - ${what} (${machines.join(', ')})`)),
    comment(`  What helps: ${EFFECTS[effect].remedy}.`),
  ]);
}

function callersText(port: number, callers: readonly string[]): string {
  if (callers.length === 0) return `Port ${port} was called by nobody while it was watched.`;
  const more = callers.length - MOST_CALLERS;
  return `Port ${port} is called by ${callers.slice(0, MOST_CALLERS).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

const MOST_CALLERS = 8;

function portLines(ports: readonly ServedPort[]): readonly string[] {
  if (ports.length === 0) return ['  ports: [],'];
  const names = portNames(ports);
  return [
    '  ports: [',
    ...ports.map(({ port, seen, programs }, index) => {
      const by = programs.length > 0 ? ` from ${programs.join(', ')}` : ' from its number';
      return `    { name: ${literal(names[index])}, port: ${port} }, // ${seen ? 'seen' : inComment(`guessed${by}`)}`;
    }),
    '  ],',
  ];
}

/** Each protocol's first port has its name, the others their number in it. */
function portNames(ports: readonly ServedPort[]): readonly string[] {
  return ports.map(({ protocol, port }, index) => {
    const isFirst = ports.findIndex((other) => other.protocol === protocol) === index;
    return isFirst ? protocol : `${protocol}-${port}`;
  });
}

function probeLines(ports: readonly ServedPort[]): readonly string[] {
  const page =
    ports.find(({ healthPage }) => healthPage !== undefined && healthPage !== '/') ??
    ports.find(({ healthPage }) => healthPage);
  if (page?.healthPage !== undefined) {
    return [`  probe: Probe.httpGet(${literal(page.healthPage)}, { port: ${page.port} }), // answered with 200`];
  }
  if (ports.length === 0) return [];
  return [`  probe: Probe.tcpSocket(${ports[0].port}), // guessed: no page was seen that tells health`];
}

/** How machines could prove who they are, by who made them. */
function identityHint(machines: readonly MachineSurvey[]): string {
  const vendors = new Set(machines.map(({ machine }) => machine.vendor ?? ''));
  const identities = [...vendors].flatMap((vendor) => IDENTITIES.find(([pattern]) => pattern.test(vendor))?.[1] ?? []);
  const which = identities.length === 1 ? identities[0] : 'a MachineIdentity';
  return `To join by themselves they need identity (${which}) and a gateway: see docs/joining.md.`;
}

const IDENTITIES: readonly (readonly [RegExp, string])[] = [
  [/^Amazon/, 'guessed: MachineIdentity.eks'],
  [/^Google/, 'guessed: MachineIdentity.gke'],
  [/^Microsoft/, 'guessed: MachineIdentity.aks'],
];

function outside({ groups, outside: calls }: Fleet): readonly (readonly string[])[] {
  return calls.map((each) => {
    const callers = groups.filter(({ callsOutside }) => callsOutside.includes(each.port)).map(({ name }) => name);
    return [
      comment(
        `Called by ${callers.join(', ')}${each.programs.length > 0 ? ` (${each.programs.join(', ')})` : ''}, on port ${each.port}.`,
      ),
      ...(each.leftOff > 0
        ? [comment(`${each.leftOff} more addresses are left off: an entry takes ${each.addresses.length}.`)]
        : []),
      ...serviceEntry(each, callers[0]),
    ];
  });
}

function serviceEntry({ port, addresses }: OutsideCalls, namespace: string): readonly string[] {
  return [
    `const ${entryOf(port)} = new VmServiceEntry(${chartOf(namespace)}, ${literal(`outside-${port}`)}, {`,
    '  mesh,',
    `  hosts: [${literal(`port-${port}.outside.internal`)}], // guessed: a name nobody calls; with the true ones they get their own entries`,
    `  addresses: ${literals(addresses)},`,
    `  ports: [{ name: 'tcp', port: ${port}, protocol: ServiceEntryProtocol.TCP }], // guessed: TCP leaves every byte as it is`,
    '  endpoints: VmServiceEndpoints.passthrough(),',
    '});',
  ];
}

function egress(group: FleetGroup, { groups }: Fleet): readonly string[] {
  const { name, callsGroups, callsOutside } = group;
  if (!calls(group)) return [comment(`${name} called nobody of note while it was watched: no EgressScope.`)];
  const hosts = callsGroups.map((other) => `${other}.${other}.svc.cluster.local`);
  const destinations = [
    ...callsGroups.map((other) => `EgressDestination.group(${groupOf(other)})`),
    ...callsOutside.map((port) => `EgressDestination.serviceEntry(${entryOf(port)})`),
  ];
  const seconds = Math.min(...groups.flatMap(({ machines }) => machines.map(({ surveyed }) => surveyed.seconds)));
  return [
    ...(hosts.length > 0
      ? [comment(`They were called by address; calls get mutual TLS by name: ${hosts.join(', ')}.`)]
      : []),
    `new EgressScope(${chartOf(name)}, ${literal(`${name}-egress`)}, {`,
    `  group: ${groupOf(name)},`,
    '  destinations: [',
    ...destinations.map((each) => `    ${each},`),
    '  ],',
    `  outbound: OutboundTraffic.ALLOW_ANY, // guessed: ${seconds} s may not show every call; REGISTRY_ONLY refuses the others`,
    '});',
  ];
}

function calls({ callsGroups, callsOutside }: FleetGroup): boolean {
  return callsGroups.length > 0 || callsOutside.length > 0;
}

// Names of the program. Their endings keep them apart from one another and from words of the language.

function chartOf(group: string): string {
  return `${camelCase(group)}Chart`;
}

function groupOf(group: string): string {
  return `${camelCase(group)}Group`;
}

function entryOf(port: number): string {
  return `outsideOn${port}`;
}
