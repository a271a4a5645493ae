import { type Problems, type Rule, rule } from '../problems';
import { isIstioDnsLabel } from './names';

const PORT_NUMBER = rule({
  id: 'port/number',
  origin: 'kubernetes',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give the port that the application listens on',
  source: 'k8s.io/apimachinery validation.IsValidPortNum; istio ValidatePort',
});
const PORT_NAME = rule({
  id: 'port/name',
  origin: 'kubernetes',
  allowed: 'a-z, 0-9 and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'rename the port, such as "http" or "grpc-admin"',
  source: 'k8s.io/kubernetes validation of ServicePort.name; istio ValidatePortName',
});
const PORT_UNNAMED = rule({
  id: 'port/unnamed',
  origin: 'ignored',
  allowed: 'a name that says the protocol, such as "http" or "grpc-admin"',
  remedy: 'name the port',
  source: 'k8s.io/kubernetes lets the only port of a Service go without a name; istio then sniffs its protocol',
});
const MACHINE_PORT_NAME = rule({
  id: 'port/machine-name',
  origin: 'istio',
  allowed: 'letters, digits and "-", at most 62 characters, first and last a letter or digit',
  remedy: 'rename the port, such as "http" or "grpc-admin"',
  source: 'istio ValidatePortName; CRDs of WorkloadGroup and WorkloadEntry: size(key) < 63',
});
const MACHINE_PORT_NAME_CASE = rule({
  id: 'port/machine-name-not-for-services',
  origin: 'ignored',
  allowed: 'a name in lower case',
  remedy: 'write the name in lower case; Istio takes it, but no port of a Service can have it',
  source: 'istio ValidatePortName is laxer than k8s.io/kubernetes validation of ServicePort.name',
});
const PORT_NAME_PROTOCOL = rule({
  id: 'port/name-selects-no-protocol',
  origin: 'ignored',
  allowed:
    'a name that is a protocol, or starts with one and "-": http, http2, https, grpc, grpc-web, tcp, tls, mongo, redis, mysql',
  remedy: 'rename the port after its protocol ("http-admin"), or set appProtocol',
  source:
    'istio pkg/config/kube ConvertProtocol: another name means protocol sniffing, and no HTTP policy on the way in',
});
const APP_PROTOCOL = rule({
  id: 'port/app-protocol',
  origin: 'ignored',
  allowed:
    'http, http2, https, grpc, grpc-web, tcp, tls, mongo, redis, mysql, kubernetes.io/h2c, kubernetes.io/ws or kubernetes.io/wss',
  remedy: 'use one of these; Istio ignores every other value and sniffs the protocol',
  source: 'istio pkg/config/kube ConvertProtocol',
});
const SERVICE_PORT_DUPLICATE = rule({
  id: 'port/duplicate',
  origin: 'kubernetes',
  allowed: 'names and numbers that are unique within the Service',
  remedy: 'remove or rename one of the two',
  source: 'k8s.io/kubernetes validation of ServiceSpec.ports',
});
const MACHINE_PORT_DUPLICATE = rule({
  id: 'port/duplicate-on-machine',
  origin: 'meshvm',
  allowed: 'names and numbers that are unique among the ports of the machines',
  remedy: 'remove or rename one of the two; several Service ports may point to one port of the machines',
  source: 'keys of WorkloadEntry.ports: the second of two names would replace the first',
});
const PORT_RESERVED = rule({
  id: 'port/reserved-by-sidecar',
  origin: 'ignored',
  allowed:
    'ports other than those the sidecar itself listens on: 15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090',
  remedy: 'let the application listen on another port',
  source: 'istio: ports used by Envoy and pilot-agent; traffic to them never reaches the application',
});

const PROTOCOLS = new Set(['http', 'http2', 'https', 'grpc', 'grpc-web', 'tcp', 'tls', 'mongo', 'redis', 'mysql']);
const KUBERNETES_APP_PROTOCOLS = new Set(['kubernetes.io/h2c', 'kubernetes.io/ws', 'kubernetes.io/wss']);
const SIDECAR_PORTS = new Set([15000, 15001, 15004, 15006, 15008, 15020, 15021, 15053, 15090]);
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

export const isPortNumber = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;

export function checkPortNumber(problems: Problems, property: string, value: unknown): void {
  if (value === undefined) problems.add(PORT_NUMBER, property, value);
  else problems.check(PORT_NUMBER, property, value, isPortNumber);
}

/** The form of a port's name alone. */
function checkPortName(problems: Problems, property: string, value: unknown): void {
  if (value === '') problems.add(PORT_UNNAMED, property, value);
  else if (typeof value !== 'string' || value.length > 63 || !NAME.test(value)) {
    problems.add(PORT_NAME, property, value);
  }
}

/** A port of a Service: its name's form, and that name or appProtocol tell Istio the protocol. */
export function checkServicePort(problems: Problems, port: NamedPort): void {
  checkPortName(problems, 'name', port.name);
  checkProtocol(problems, port);
}

/** A port of machines: Istio is laxer about its name, but a Service has to stand over it. */
export function checkMachinePort(problems: Problems, port: NamedPort & NumberedPort): void {
  const { name } = port;
  if (typeof name !== 'string' || name.length > 62 || !isIstioDnsLabel(name)) {
    problems.add(MACHINE_PORT_NAME, 'name', name);
  } else if (!NAME.test(name)) {
    problems.add(MACHINE_PORT_NAME_CASE, 'name', name);
  }
  checkProtocol(problems, port);
  checkPortNumber(problems, 'port', port.port);
  if (SIDECAR_PORTS.has(port.port as number)) problems.add(PORT_RESERVED, 'port', port.port);
}

/** Names and numbers of a Service's ports stand in it once. */
export function checkUniqueServicePorts(problems: Problems, property: string, ports: readonly NumberedPort[]): void {
  checkUnique(problems, SERVICE_PORT_DUPLICATE, property, ports);
}

/** Names and numbers of machines' ports stand among them once. */
export function checkUniqueMachinePorts(problems: Problems, property: string, ports: readonly NumberedPort[]): void {
  checkUnique(problems, MACHINE_PORT_DUPLICATE, property, ports);
}

interface NamedPort {
  readonly name: unknown;
  readonly appProtocol?: unknown;
}

interface NumberedPort {
  readonly name: unknown;
  readonly port: unknown;
}

function checkUnique(problems: Problems, violated: Rule, property: string, ports: readonly NumberedPort[]): void {
  for (const field of ['name', 'port'] as const) {
    const seen = new Set<unknown>();
    ports.forEach((port, index) => {
      const value = port[field];
      if (seen.has(value)) problems.add(violated, `${property}[${index}].${field}`, value);
      problems.known(value, () => void seen.add(value));
    });
  }
}

function checkProtocol(problems: Problems, { name, appProtocol }: NamedPort): void {
  if (appProtocol !== undefined) {
    problems.check(APP_PROTOCOL, 'appProtocol', appProtocol, isAppProtocol);
  } else if (typeof name === 'string' && NAME.test(name) && !selectsProtocol(name)) {
    problems.add(PORT_NAME_PROTOCOL, 'name', name);
  }
}

function isAppProtocol(value: unknown): boolean {
  return typeof value === 'string' && (PROTOCOLS.has(value) || KUBERNETES_APP_PROTOCOLS.has(value));
}

/** "grpc-web" itself contains a hyphen, so Istio looks for it before it cuts the name at its first hyphen. */
function selectsProtocol(name: string): boolean {
  return name.startsWith('grpc-web') || PROTOCOLS.has(name.split('-')[0]);
}
