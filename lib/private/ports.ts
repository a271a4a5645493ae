import { isDeferred, type Problems, rule } from './problems';

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
const PORT_DUPLICATE = rule({
  id: 'port/duplicate',
  origin: 'kubernetes',
  allowed: 'names and numbers that are unique within the list',
  remedy: 'remove or rename one of the two',
  source: 'k8s.io/kubernetes validation of ServiceSpec.ports; keys of WorkloadEntry.ports',
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
  if (!isDeferred(value) && !isPortNumber(value)) problems.add(PORT_NUMBER, property, value);
}

/** A port on which an application on the machine listens. */
export function checkApplicationPort(problems: Problems, property: string, value: unknown): void {
  checkPortNumber(problems, property, value);
  if (SIDECAR_PORTS.has(value as number)) problems.add(PORT_RESERVED, property, value);
}

/** The form of a port's name alone. */
export function checkPortName(problems: Problems, property: string, value: unknown): void {
  if (typeof value !== 'string' || value.length > 63 || !NAME.test(value)) problems.add(PORT_NAME, property, value);
}

/** A port of a Service: its name's form, and that name or appProtocol tell Istio the protocol. */
export function checkServicePortProtocol(
  problems: Problems,
  port: { readonly name: unknown; readonly appProtocol?: unknown },
): void {
  checkPortName(problems, 'name', port.name);
  if (port.appProtocol !== undefined) {
    checkAppProtocol(problems, 'appProtocol', port.appProtocol);
  } else if (typeof port.name === 'string' && NAME.test(port.name) && !selectsProtocol(port.name)) {
    problems.add(PORT_NAME_PROTOCOL, 'name', port.name);
  }
}

/** Adds a problem for each name or number that stands in the list twice. */
export function checkUniquePorts(
  problems: Problems,
  property: string,
  ports: readonly Readonly<Record<string, unknown>>[],
  fields: readonly string[],
): void {
  for (const field of fields) {
    const seen = new Set<unknown>();
    ports.forEach((port, index) => {
      const value = port[field];
      if (seen.has(value)) problems.add(PORT_DUPLICATE, `${property}[${index}].${field}`, value);
      if (!isDeferred(value)) seen.add(value);
    });
  }
}

function checkAppProtocol(problems: Problems, property: string, value: unknown): void {
  if (isDeferred(value)) return;
  const known = typeof value === 'string' && (PROTOCOLS.has(value) || KUBERNETES_APP_PROTOCOLS.has(value));
  if (!known) problems.add(APP_PROTOCOL, property, value);
}

/** "grpc-web" itself contains a hyphen, so Istio looks for it before it cuts the name at its first hyphen. */
function selectsProtocol(name: string): boolean {
  return name.startsWith('grpc-web') || PROTOCOLS.has(name.split('-')[0]);
}
