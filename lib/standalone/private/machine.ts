import { isIP } from 'node:net';
import { type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { checkIpAddress } from '../../core/values/addresses';
import { checkCountAboveZero } from '../../core/values/counts';
import { checkSeconds } from '../../core/values/durations';
import { checkDnsLabel, checkDnsSubdomain } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import type { Owner } from '../../machines/owner-objects';
import { checkLocality, localityName } from '../../mesh/locality-name';
import { type CertificateOwner, checkCertificates } from '../certificate-files';
import { ADMIN_FOLDER } from '../envoy/admin';
import type { DnsSpec, EnvoySpec, FailoverSpec, GatewaySpec, ListenAddress, TlsFiles } from '../envoy/spec';
import type { EnvoyAccessLog } from '../envoy-access-log';
import type { EnvoyCertificates } from '../envoy-certificates';
import type { GatewayAddress } from '../gateway-address';
import type { DnsFilterOptions, NameResolution } from '../name-resolution';
import type { StandaloneEnvoyProps } from '../standalone-envoy-props';
import { filesOf } from './certificate-options';
import { checkShared, resolveClients, type SharedProps } from './clients';
import { checkGateways } from './gateways';
import { checkInbound, resolveInbound, type TakenCalls } from './inbound';
import { checkListeners } from './listeners';
import { checkAbsolutePath } from './paths';
import { checkServices, resolveServices } from './services';

const NOTHING_TO_DO = rule({
  id: 'standalone/nothing-to-do',
  origin: 'meshvm',
  allowed: 'at least one service, or calls that the machine takes (inbound)',
  remedy: 'name the services that the machine may call, or say what it takes from the mesh',
  source: 'meshvm: an Envoy without a control plane knows what it is told, and nothing else',
});
const METRICS_ADDRESS = rule({
  id: 'standalone/listen-address',
  origin: 'meshvm',
  allowed: 'an IPv4 or IPv6 address of the machine, 0.0.0.0 or ::',
  remedy: 'give an address, not a name',
  source: 'Envoy: listeners are bound to addresses',
});

/** What a machine itself needs to know: nothing of what the cluster and the mesh are told of it. */
export interface MachineProps
  extends Omit<StandaloneEnvoyProps, 'name' | 'namespace' | 'serviceAccount' | 'inbound'>,
    SharedProps {
  readonly inbound?: TakenCalls;
}

/** What a machine is called, and whose identity it has. */
export interface MachineOwner extends Owner {
  readonly name: string;
}

/** The Envoy of a machine, with every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveMachine(props: MachineProps, owner: MachineOwner, program: Registry): EnvoySpec {
  const { mesh, directory = '/etc/meshvm-envoy', nameResolution = { hostsBlock: true } } = props;
  return {
    name: owner.name,
    identity: mesh.spiffeId(owner.namespace, owner.serviceAccount),
    gateways: props.gateways.map(resolveGateway),
    failover: resolveFailover(props),
    services: resolveServices(props, owner.namespace, program),
    httpListener: { address: props.listenAddress ?? '127.0.0.1', port: props.httpPort ?? 15080 },
    clients: props.clients && resolveClients(props.clients, mesh),
    tls: resolveFiles(certificatesOf(props), directory),
    adminPort: props.adminPort ?? 15000,
    adminSocket: adminSocket(directory),
    metrics: props.metrics && { address: props.metrics.address, port: props.metrics.port ?? 15090 },
    accessLogPath: resolveAccessLog(props.accessLog ?? { stdout: true }),
    dns: resolveDns(nameResolution),
    writesHosts: nameResolution.hostsBlock !== undefined,
    inbound: props.inbound && resolveInbound(props.inbound, mesh),
    directory,
  };
}

/** Everything about a machine that Envoy would refuse, or take and do something else. */
export function checkMachine(
  problems: Problems,
  props: MachineProps,
  owner: MachineOwner,
  spec: EnvoySpec,
  program: Registry,
): void {
  checkDnsLabel(problems, 'name', owner.name);
  checkDnsLabel(problems, 'namespace', owner.namespace);
  checkDnsSubdomain(problems, 'serviceAccount', owner.serviceAccount);
  const callsNothing = props.services.length === 0;
  if (callsNothing && props.inbound === undefined) problems.add(NOTHING_TO_DO, 'services', []);
  if (!callsNothing || spec.gateways.length > 0) checkGateways(problems, spec.gateways);
  props.gateways.forEach(({ locality }, index) => {
    if (locality !== undefined) checkLocality(problems.at(`gateways[${index}].locality`), locality);
  });
  const failover = problems.at('failover');
  checkCountAboveZero(failover, 'consecutiveFailures', props.failover?.consecutiveFailures);
  checkSeconds(failover, 'intervalSeconds', props.failover?.intervalSeconds);
  checkSeconds(failover, 'baseEjectionSeconds', props.failover?.baseEjectionSeconds);
  checkServices(problems, props, spec.services, owner.namespace, program);
  checkShared(problems, props);
  checkPortNumber(problems, 'httpPort', spec.httpListener.port);
  checkPortNumber(problems, 'adminPort', spec.adminPort);
  checkAbsolutePath(problems, 'directory', props.directory);
  checkAbsolutePath(problems, 'accessLog.file', props.accessLog?.file);
  if (props.nameResolution?.dnsFilter !== undefined) {
    checkDnsFilter(problems.at('nameResolution.dnsFilter'), props.nameResolution.dnsFilter);
  }
  if (spec.metrics !== undefined) checkMetrics(problems.at('metrics'), spec.metrics);
  if (props.inbound !== undefined) checkInbound(problems.at('inbound'), props.inbound);
  checkListeners(problems, spec);
  checkCertificates(problems.at('certificates'), certificatesOf(props), certificateOwner(owner, spec));
}

/** Where the certificate comes from. */
export function certificatesOf({ certificates }: Pick<MachineProps, 'certificates'>): EnvoyCertificates {
  return certificates ?? { files: {} };
}

/** Whose certificate it is. */
export function certificateOwner({ name, namespace, serviceAccount }: MachineOwner, spec: EnvoySpec): CertificateOwner {
  const { identity, tls, directory } = spec;
  return { name, namespace, serviceAccount, identity, tls, directory };
}

function checkMetrics(problems: Problems, { address, port }: ListenAddress): void {
  problems.check(METRICS_ADDRESS, 'address', address, (text) => isIP(text) !== 0);
  checkPortNumber(problems, 'port', port);
}

function checkDnsFilter(problems: Problems, { address, port, upstreams = [] }: DnsFilterOptions): void {
  if (address !== undefined) checkIpAddress(problems, 'address', address);
  if (port !== undefined) checkPortNumber(problems, 'port', port);
  upstreams.forEach((upstream, index) => {
    checkIpAddress(problems, `upstreams[${index}]`, upstream);
  });
}

function resolveGateway(gateway: GatewayAddress): GatewaySpec {
  const { address, port = 15443, locality, priority = 0, weight = 1 } = gateway;
  return { address, port, locality: locality && localityName(locality), priority, weight };
}

function resolveFailover({ failover = {} }: MachineProps): FailoverSpec {
  return {
    consecutiveFailures: failover.consecutiveFailures ?? 3,
    intervalSeconds: failover.intervalSeconds ?? 5,
    baseEjectionSeconds: failover.baseEjectionSeconds ?? 15,
  };
}

function resolveFiles(certificates: EnvoyCertificates, directory: string): TlsFiles {
  const files = filesOf(certificates);
  return {
    directory: files.directory ?? `${directory}/certificates`,
    certificateChain: files.certificateChain ?? 'cert-chain.pem',
    privateKey: files.privateKey ?? 'key.pem',
    rootCertificates: files.rootCertificates ?? 'root-cert.pem',
  };
}

/** On Windows there is no folder for such things. */
function adminSocket(directory: string): string {
  return `${String(directory).startsWith('/') ? ADMIN_FOLDER : directory}/admin.sock`;
}

function resolveDns({ dnsFilter }: NameResolution): DnsSpec | undefined {
  if (dnsFilter === undefined) return undefined;
  const { address = '127.0.0.1', port = 15053, upstreams = [] } = dnsFilter;
  return { address, port, upstreams };
}

function resolveAccessLog({ stdout, file }: EnvoyAccessLog): string | undefined {
  return stdout ? '/dev/stdout' : file;
}
