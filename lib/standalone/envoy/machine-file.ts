import { blockYaml } from '../../core/block-yaml';
import type { RetriesSpec } from '../../traffic/resolve-retries';
import type {
  EnvoySpec,
  GatewaySpec,
  HealthCheckSpec,
  HttpsLoadBalancerSpec,
  IdentityMatch,
  InboundPortSpec,
  InboundSpec,
  ServiceSpec,
  TranscodingSpec,
} from './spec';

/** A machine, and whose identity it has in the cluster. */
export interface MachineFileContent {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly spec: EnvoySpec;
  /** Whether the mesh calls the machine through a load balancer. */
  readonly balanced?: boolean;
}

/** The machine file that says the same, its defaults written out but for the folder. Read again it gives the same Envoy. */
export function machineFile({ namespace, serviceAccount, spec, balanced = false }: MachineFileContent): string {
  const { metrics, tls, accessLogPath } = spec;
  const trustDomain = /^spiffe:\/\/([^/]*)/.exec(spec.identity)?.[1];
  const document = {
    name: spec.name,
    namespace,
    serviceAccount,
    mesh: { trustDomain },
    gateways: spec.gateways.map(gateway),
    failover: spec.failover,
    services: spec.services.map(service),
    inbound: spec.inbound && inbound(spec.inbound, balanced),
    httpPort: spec.httpListener.port,
    certificates: {
      files: { ...tls, directory: tls.directory === `${spec.directory}/certificates` ? undefined : tls.directory },
    },
    nameResolution: nameResolution(spec),
    accessLog: accessLogPath === undefined ? { off: true } : accessLog(accessLogPath),
    adminPort: spec.adminPort,
    metrics,
    // Each place where the file is used has a folder of its own, unless somebody has chosen one.
    directory: spec.directory === DEFAULT_DIRECTORY ? undefined : spec.directory,
  };
  return `# Machine file of ${spec.identity}, for meshvm envoy and meshvm laptop. Made by meshvm.\n${blockYaml(document)}`;
}

const DEFAULT_DIRECTORY = '/etc/meshvm-envoy';

function gateway({ locality, ...others }: GatewaySpec) {
  const [region, zone, subzone] = locality?.split('/') ?? [];
  return { ...others, locality: locality === undefined ? undefined : { region, zone, subzone } };
}

function service(spec: ServiceSpec) {
  const { host, port, protocol, identities, listen, subset, timeoutSeconds, retries, healthCheck, transcoding } = spec;
  return {
    host,
    port,
    protocol,
    identities: identities.map((spiffe) => ({ spiffe })),
    localPort: listen?.port,
    localAddress: listen?.address,
    subset: subset === '' ? undefined : subset,
    connectTimeoutSeconds: spec.connectTimeoutSeconds,
    timeoutSeconds: timeoutSeconds === 0 ? undefined : timeoutSeconds,
    retries: retriesOf(retries),
    limits: spec.limits,
    healthCheck: healthCheck && healthCheckOf(healthCheck),
    transcoding: transcoding && transcodingOf(transcoding),
  };
}

function retriesOf({ retryOn, ...others }: RetriesSpec) {
  return {
    ...others,
    retryOn: retryOn?.map((name) => (/^[0-9]+$/.test(name) ? { status: Number(name) } : { condition: name })),
  };
}

function healthCheckOf({ kind, ...others }: HealthCheckSpec) {
  return { [kind]: others };
}

function transcodingOf({ descriptor, ...others }: TranscodingSpec) {
  return { descriptorSet: descriptor, ...others };
}

function inbound({ listenAddress, ports, httpsLoadBalancer, health }: InboundSpec, balanced: boolean) {
  return {
    exposure: httpsLoadBalancer ? exposure(httpsLoadBalancer) : { [balanced ? 'loadBalancer' : 'direct']: true },
    listenAddress,
    ports: ports.map((port) => inboundPort(port, httpsLoadBalancer === undefined)),
    health,
  };
}

function exposure({ cidrs, tls, tokens }: HttpsLoadBalancerSpec) {
  return { httpsLoadBalancer: { sourceRanges: cidrs, tlsToMachine: tls, tokens } };
}

function inboundPort(port: InboundPortSpec, mutual: boolean) {
  const { listenPort, protocol, application, timeoutSeconds, healthCheck } = port;
  return {
    listenPort,
    protocol,
    applicationPort: application.port,
    applicationAddress: application.address,
    callers: mutual ? port.callers.map(caller) : undefined,
    connectTimeoutSeconds: port.connectTimeoutSeconds,
    timeoutSeconds: timeoutSeconds === 0 ? undefined : timeoutSeconds,
    idleTimeoutSeconds: port.idleTimeoutSeconds,
    limits: port.limits,
    healthCheck: healthCheck && healthCheckOf(healthCheck),
  };
}

/** What the URI was made of: a ServiceAccount, a namespace, or nothing. */
function caller({ exact, pattern }: IdentityMatch) {
  const [, namespace, name] = /\/ns\/([^/]*)\/sa\/(.*)$/.exec(exact ?? pattern ?? '') ?? [];
  if (namespace === undefined) return { authenticated: true };
  return exact === undefined ? { namespace } : { serviceAccount: { namespace, name } };
}

function nameResolution({ writesHosts, dns }: EnvoySpec) {
  if (dns !== undefined) return { dnsFilter: dns };
  return writesHosts ? { hostsBlock: true } : { none: true };
}

function accessLog(path: string) {
  return path === '/dev/stdout' ? { stdout: true } : { file: path };
}
