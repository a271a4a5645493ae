import { isIP } from 'node:net';
import type { KubernetesObject } from '../core/kubernetes-object';
import { isDeferred, type Problems, rule } from '../core/problems';
import type { Registry } from '../core/registry';
import { checkCountAboveZero } from '../core/values/counts';
import { checkSeconds } from '../core/values/durations';
import { checkDnsLabel, checkDnsSubdomain } from '../core/values/names';
import { checkPortNumber } from '../core/values/ports';
import { ownerObjects, resolveOwner } from '../machines/owner-objects';
import { checkLocality, localityName } from '../mesh/locality-name';
import { type CertificateOwner, certificateObjects, checkCertificates } from './certificate-files';
import { ADMIN_FOLDER } from './envoy/admin';
import type { DnsSpec, EnvoySpec, FailoverSpec, GatewaySpec, ListenAddress, TlsFiles } from './envoy/spec';
import { EnvoyAccessLog } from './envoy-access-log';
import { EnvoyCertificates } from './envoy-certificates';
import { NameResolution } from './name-resolution';
import { checkListenAddress, resolveClients, type SharedProps } from './private/clients';
import { checkGateways } from './private/gateways';
import { checkInbound, resolveInbound } from './private/inbound';
import { checkInboundPlan, type InboundPlan, inboundObjects, resolveInboundPlan } from './private/inbound-objects';
import { checkListeners } from './private/listeners';
import { checkAbsolutePath } from './private/paths';
import { checkServices, resolveServices } from './private/services';
import type { StandaloneEnvoyProps } from './standalone-envoy-props';

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

/** An Envoy without a control plane: what it is, and whose identity it has in the cluster. */
export interface ResolvedStandalone {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly spec: EnvoySpec;
  /** What the mesh is told of it, if the mesh calls it. */
  readonly inbound: InboundPlan | undefined;
}

/** Fills in every default. Total: it makes something of any properties, so that a test can build around the checks. */
export function resolveStandalone(
  props: StandaloneEnvoyProps & SharedProps,
  id: string,
  chartNamespace: string,
  program: Registry | undefined,
): ResolvedStandalone {
  const { mesh } = props;
  const name = props.name ?? id;
  const own = resolveOwner(props, { namespace: chartNamespace, serviceAccount: name });
  const directory = props.directory ?? '/etc/meshvm-envoy';
  const names = props.nameResolution ?? NameResolution.hostsBlock();
  const spec: EnvoySpec = {
    name,
    identity: mesh.spiffeId(own.namespace, own.serviceAccount),
    gateways: props.gateways.map(resolveGateway),
    failover: resolveFailover(props),
    services: resolveServices(props, own.namespace, program),
    httpListener: { address: props.listenAddress ?? '127.0.0.1', port: props.httpPort ?? 15080 },
    clients: props.clients && resolveClients(props.clients, mesh),
    tls: resolveFiles(certificatesOf(props), directory),
    adminPort: props.adminPort ?? 15000,
    adminSocket: adminSocket(directory),
    metrics: props.metrics && { address: props.metrics.address, port: props.metrics.port ?? 15090 },
    accessLogPath: (props.accessLog ?? EnvoyAccessLog.stdout()).path,
    dns: resolveDns(names),
    writesHosts: names.writesHosts,
    inbound: props.inbound && resolveInbound(props.inbound, mesh),
    directory,
  };
  const { identity } = spec;
  const owner = { name, ...own, identity, mesh };
  const inbound = props.inbound && resolveInboundPlan(props.inbound, owner);
  return { ...own, spec, inbound };
}

/** Everything about the properties that Envoy or the mesh would refuse, or take and do something else. */
export function checkStandalone(
  problems: Problems,
  props: StandaloneEnvoyProps & SharedProps,
  resolved: ResolvedStandalone,
  program: Registry | undefined,
): void {
  const { spec } = resolved;
  checkDnsLabel(problems, 'name', spec.name);
  checkDnsLabel(problems, 'namespace', resolved.namespace);
  checkDnsSubdomain(problems, 'serviceAccount', resolved.serviceAccount);
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
  checkServices(problems, props, resolved.namespace, program);
  checkListenAddress(problems, props);
  checkPortNumber(problems, 'httpPort', spec.httpListener.port);
  checkPortNumber(problems, 'adminPort', spec.adminPort);
  checkAbsolutePath(problems, 'directory', props.directory);
  if (spec.metrics !== undefined) checkMetrics(problems.at('metrics'), spec.metrics);
  if (props.inbound !== undefined) checkInbound(problems.at('inbound'), props.inbound);
  if (resolved.inbound !== undefined) checkInboundPlan(problems.at('inbound'), resolved.inbound);
  checkListeners(problems, spec);
  checkCertificates(problems, certificatesOf(props), certificateOwner(resolved));
}

/** The identity and its certificate in the cluster, by the ids of their constructs. */
export function standaloneObjects(
  props: StandaloneEnvoyProps,
  resolved: ResolvedStandalone,
): Readonly<Record<string, KubernetesObject>> {
  const objects = { ...ownerObjects(props, resolved) };
  if (resolved.inbound !== undefined) Object.assign(objects, inboundObjects(resolved.inbound));
  return { ...objects, ...certificateObjects(certificatesOf(props), certificateOwner(resolved)) };
}

/** Where the certificate comes from. */
export function certificatesOf({ certificates }: Pick<StandaloneEnvoyProps, 'certificates'>): EnvoyCertificates {
  return certificates ?? EnvoyCertificates.files();
}

/** Whose certificate it is. */
export function certificateOwner({ namespace, serviceAccount, spec }: ResolvedStandalone): CertificateOwner {
  const { name, identity, tls, directory } = spec;
  return { name, namespace, serviceAccount, identity, tls, directory };
}

function checkMetrics(problems: Problems, { address, port }: ListenAddress): void {
  if (!isDeferred(address) && !isIP(String(address))) problems.add(METRICS_ADDRESS, 'address', address);
  checkPortNumber(problems, 'port', port);
}

function resolveGateway(gateway: StandaloneEnvoyProps['gateways'][number]): GatewaySpec {
  const { address, port = 15443, locality, priority = 0, weight = 1 } = gateway;
  return { address, port, locality: locality && localityName(locality), priority, weight };
}

function resolveFailover({ failover = {} }: StandaloneEnvoyProps): FailoverSpec {
  return {
    consecutiveFailures: failover.consecutiveFailures ?? 3,
    intervalSeconds: failover.intervalSeconds ?? 5,
    baseEjectionSeconds: failover.baseEjectionSeconds ?? 15,
  };
}

function resolveFiles({ files }: EnvoyCertificates, directory: string): TlsFiles {
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

function resolveDns({ dns }: NameResolution): DnsSpec | undefined {
  return dns && { address: dns.address ?? '127.0.0.1', port: dns.port ?? 15053, upstreams: dns.upstreams ?? [] };
}
