import { isDeferred, type Problems, rule } from '../core/problems';
import {
  checkAnnotations,
  checkIstioAnnotations,
  checkLabels,
  checkMachineLabels,
  checkMachineLabelValue,
} from '../core/values/labels';
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkRequired,
  checkServiceName,
  isDnsSubdomain,
} from '../core/values/names';
import {
  checkMachinePort,
  checkPortNumber,
  checkServicePort,
  checkUniqueMachinePorts,
  checkUniqueServicePorts,
} from '../core/values/ports';
import { checkLocality, localityName } from '../mesh/locality-name';
import { checkNetwork } from '../mesh/network-checks';
import { checkAnnotationsOfIstio, checkLabelsOfIstio } from './keys-of-istio';
import type { MachineProps } from './machine-props';
import type { MachineServicePortSpec, MachineServiceSpec, Member } from './member';
import { accountNameOf, resolveOwner } from './owner-objects';
import type { MachinePort, VmServicePort, VmServiceProps } from './vm-service';

const SERVED = rule({
  id: 'service/port-nobody-serves',
  origin: 'ignored',
  allowed: 'a port that every machine behind the Service declares',
  remedy: 'add the port to the machines, or point targetPort at one of theirs',
  source: 'istio: the Service exists, connections to the port are refused on the machine',
});
const TARGET_PORT_NAME = rule({
  id: 'service/target-port-name',
  origin: 'kubernetes',
  allowed: 'a-z, 0-9 and single "-", 1 to 15 characters, at least one letter (IANA service name)',
  remedy: 'shorten the name of the port, or name it by its number',
  source: 'k8s.io/apimachinery validation.IsValidPortName',
});
const NO_PORTS = rule({
  id: 'service/no-ports',
  origin: 'kubernetes',
  allowed: 'at least one port',
  remedy: 'declare the ports of the machines or of the Service, or leave the Service out with services: []',
  source: 'k8s.io/kubernetes ValidateService: a Service with a cluster IP needs a port',
});
const DUPLICATE_SERVICE = rule({
  id: 'service/duplicate-name',
  origin: 'meshvm',
  allowed: 'one Service of a name',
  remedy: 'rename one, or merge their ports',
  source: 'meshvm: the second would overwrite the first',
});
const TOO_MANY = rule({
  id: 'property/too-many',
  origin: 'kubernetes',
  allowed: 'at most 128 ports; at most 256 labels or annotations together with those that meshvm sets',
  remedy: 'remove some',
  source: 'CRDs of WorkloadGroup and WorkloadEntry: maxProperties',
});
const SERVICE_ACCOUNT = rule({
  id: 'machine/service-account',
  origin: 'ignored',
  allowed: 'the name of a ServiceAccount: labels of a-z, 0-9 and "-" joined by ".", at most 253 characters',
  remedy: 'name the ServiceAccount that the machines run as, or let meshvm create one',
  source:
    'istio pilot/pkg/autoregistration: an empty one lets any ServiceAccount of the namespace join, an unknown one lets none',
});
const WEIGHT = rule({
  id: 'machine/weight',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give a share; to take machines out of service, let their probe fail',
  source:
    'istio IstioEndpoint.GetLoadBalancingWeight reads 0 as 1; Envoy refuses a locality whose weights add up to more than 2^32 - 1',
});
const ENTRY_NAME = rule({
  id: 'group/registered-name-too-long',
  origin: 'ignored',
  allowed: 'names of group and network that leave 41 of 253 characters for the address of a machine',
  remedy: 'shorten one of the two',
  source: 'istio pilot/pkg/autoregistration: keeps the last 253 characters of <group>-<address>-<network>',
});

/** Property of MachineProps that sets each label of ours. */
const OWNED_LABELS: Readonly<Record<string, string>> = {
  app: 'canonicalService',
  version: 'version',
  'service.istio.io/canonical-name': 'canonicalService',
  'service.istio.io/canonical-revision': 'version',
  'topology.istio.io/network': 'network',
  'security.istio.io/tlsMode': 'sidecar (of MeshVm)',
};
/** Length of the longest address: eight groups of four hexadecimal digits. */
const LONGEST_ADDRESS = 39;

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveMember(props: MachineProps, id: string, chartNamespace: string): Member {
  const name = props.name ?? id;
  const canonicalService = props.canonicalService ?? name;
  const version = props.version ?? 'latest';
  return {
    name,
    ...resolveOwner(props, { namespace: chartNamespace, serviceAccount: name }),
    labels: {
      ...props.labels,
      app: canonicalService,
      version,
      'service.istio.io/canonical-name': canonicalService,
      'service.istio.io/canonical-revision': version,
    },
    selector: { app: canonicalService },
    annotations: { ...props.annotations },
    ports: props.ports.map(({ name, port }) => ({ name, port })),
    services: servicesOf(props, name).map((service) => resolveService(service, props.ports)),
    network: props.network.behindGateway?.name ?? props.mesh.network,
    clusterDomain: props.mesh.clusterDomain,
    locality: props.locality && localityName(props.locality),
    weight: props.weight,
  };
}

/** Everything about machines that Kubernetes or Istio would refuse, or take and then ignore. */
export function checkMember(problems: Problems, props: MachineProps, member: Member): void {
  checkDnsSubdomain(problems, 'name', member.name);
  checkDnsLabel(problems, 'namespace', member.namespace);
  checkServiceAccount(problems, props);
  checkApplicationName(problems, 'canonicalService', member.selector.app);
  checkApplicationName(problems, 'version', member.labels.version);
  checkMachineLabels(problems, 'labels', props.labels, OWNED_LABELS);
  checkLabelsOfIstio(problems, props.labels, OWNED_LABELS);
  checkIstioAnnotations(problems, 'annotations', props.annotations);
  checkAnnotationsOfIstio(problems, props.annotations);
  const counts = { labels: member.labels, annotations: member.annotations };
  for (const [property, map] of Object.entries(counts)) {
    if (Object.keys(map).length > 256) problems.add(TOO_MANY, property, Object.keys(map).length);
  }
  checkMachinePorts(problems, props.ports);
  checkNetwork(problems.at('network'), props.network, props.mesh.network);
  checkRegisteredName(problems, props, member.name);
  const { weight, locality } = props;
  if (locality !== undefined) checkLocality(problems.at('locality'), locality);
  problems.check(WEIGHT, 'weight', weight, (share) => Number.isInteger(share) && share >= 1 && share <= 65535);
  checkServices(problems, props, member);
}

/** Indexes of the Service's ports that machines with `ports` don't serve. */
export function unservedPorts(service: MachineServiceSpec, ports: Member['ports']): readonly number[] {
  if (ports.some(({ port }) => isDeferred(port))) return [];
  const unserved: number[] = [];
  service.ports.forEach(({ targetPort }, index) => {
    const served = ports.some(({ name, port }) => targetPort === port || targetPort === name);
    if (!served && !isDeferred(targetPort)) unserved.push(index);
  });
  return unserved;
}

/** A name that comes from the machines' own is judged there. */
function checkServiceAccount(problems: Problems, { serviceAccount }: MachineProps): void {
  const name = accountNameOf(serviceAccount);
  if (serviceAccount?.create !== undefined) {
    if (name !== undefined) checkDnsSubdomain(problems, 'serviceAccount', name);
  } else {
    problems.check(SERVICE_ACCOUNT, 'serviceAccount', name, isDnsSubdomain);
  }
}

function checkApplicationName(problems: Problems, property: string, value: string): void {
  if (value === '') checkRequired(problems, property, value);
  else checkMachineLabelValue(problems, property, value);
}

function servicesOf(props: MachineProps, name: string): readonly VmServiceProps[] {
  return props.services ?? (props.ports.length > 0 ? [{ name }] : []);
}

function resolveService(service: VmServiceProps, machinePorts: readonly MachinePort[]): MachineServiceSpec {
  const ports = service.ports ?? machinePorts.map(({ name, port }) => ({ name, port }));
  return {
    name: service.name,
    labels: { ...service.labels },
    annotations: { ...service.annotations },
    ports: ports.map((port) => resolveServicePort(port, machinePorts)),
  };
}

function resolveServicePort(port: VmServicePort, machinePorts: readonly MachinePort[]): MachineServicePortSpec {
  const { named, number } = port.targetPort ?? {};
  const wanted = named ?? (number === undefined ? port.name : undefined);
  const behind = machinePorts.find((candidate) =>
    wanted === undefined ? candidate.port === number : candidate.name === wanted,
  );
  return {
    name: port.name,
    port: port.port,
    // Without targetPort the number is known here, which spares machines the 15 characters of a named target port.
    targetPort: named ?? number ?? behind?.port ?? port.name,
    appProtocol: port.appProtocol ?? behind?.appProtocol,
  };
}

function checkMachinePorts(problems: Problems, ports: readonly MachinePort[]): void {
  for (const [index, port] of ports.entries()) checkMachinePort(problems.at(`ports[${index}]`), port);
  checkUniqueMachinePorts(problems, 'ports', ports);
  if (ports.length > 128) problems.add(TOO_MANY, 'ports', ports.length);
}

function checkRegisteredName(problems: Problems, { mesh, network }: MachineProps, name: string): void {
  const ownNetwork = network.behindGateway?.name ?? mesh.network;
  const length = String(name).length + LONGEST_ADDRESS + String(ownNetwork).length + 2;
  if (length > 253) problems.add(ENTRY_NAME, 'name', name);
}

function checkServices(problems: Problems, props: MachineProps, member: Member): void {
  const names = new Set<string>();
  const given = servicesOf(props, member.name);
  member.services.forEach((service, index) => {
    // The default Service has no property of its own: its name is the machines'.
    const property = props.services === undefined ? 'name' : `services[${index}]`;
    const at = problems.at(property);
    // A name that machines can't have either is told once.
    if (props.services !== undefined) checkServiceName(at, 'name', service.name);
    else if (isDnsSubdomain(String(service.name))) checkServiceName(at, '', service.name);
    if (names.has(service.name)) at.add(DUPLICATE_SERVICE, 'name', service.name);
    names.add(service.name);
    checkLabels(at, 'labels', service.labels);
    checkAnnotations(at, 'annotations', service.annotations);
    if (service.ports.length === 0) at.add(NO_PORTS, 'ports', []);
    // Ports that were copied from the machines' were checked there.
    if (given[index].ports !== undefined) checkServicePorts(at, service);
    for (const unserved of unservedPorts(service, member.ports)) {
      at.add(SERVED, `ports[${unserved}].targetPort`, service.ports[unserved].targetPort, {
        allowed:
          member.ports.length === 0 ? 'no port: the machines declare none' : `one of ${describePorts(member.ports)}`,
      });
    }
  });
}

function checkServicePorts(problems: Problems, service: MachineServiceSpec): void {
  service.ports.forEach((port, index) => {
    const at = problems.at(`ports[${index}]`);
    checkServicePort(at, port);
    checkPortNumber(at, 'port', port.port);
    // Kubernetes reads an empty name as the number of the Service's port; that nobody serves it is reported elsewhere.
    at.check(
      TARGET_PORT_NAME,
      'targetPort',
      port.targetPort,
      (target) => typeof target === 'number' || target === '' || isIanaServiceName(target),
    );
  });
  checkUniqueServicePorts(problems, 'ports', service.ports);
}

function isIanaServiceName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
}

function describePorts(ports: Member['ports']): string {
  return ports.map(({ name, port }) => `${name} (${port})`).join(', ');
}
