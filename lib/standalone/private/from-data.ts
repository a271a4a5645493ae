import { Locality } from '../../mesh/locality';
import { MeshIdentity } from '../../mesh/mesh-identity';
import { EnvoyAccessLog } from '../envoy-access-log';
import type { GatewayAddress } from '../gateway-address';
import { GrpcJsonTranscoding } from '../grpc-json-transcoding';
import { type DnsFilterOptions, NameResolution } from '../name-resolution';
import { ServiceHealthCheck, type ServiceHealthCheckOptions } from '../service-health-check';
import type { GrpcJsonTranscodingOptions } from '../transcoding-options';

/** Where values of the library are made of plain data: what is wrong is noted at its path. */
export interface DataProblems {
  /** Makes a value; undefined when the data at `path` is wrong. */
  convert<T>(path: string, make: () => T): T | undefined;
  /** Makes one of several kinds of value: exactly one key of `choices` must be set in `data`. */
  one<Data extends object, T>(
    path: string,
    data: Data,
    choices: { readonly [Key in keyof Data]-?: (chosen: NonNullable<Data[Key]>, path: string) => T | undefined },
  ): T | undefined;
}

/** A GatewayAddress as data. */
export interface GatewayAddressData extends Omit<GatewayAddress, 'locality'> {
  readonly locality?: { readonly region: string; readonly zone?: string; readonly subzone?: string };
}

/** A MeshIdentity as data: one of the two. */
export interface MeshIdentityData {
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly spiffe?: string;
}

/** A ServiceHealthCheck as data: one of the three. */
export interface ServiceHealthCheckData {
  readonly http?: ServiceHealthCheckOptions & { readonly path: string };
  readonly grpc?: ServiceHealthCheckOptions & { readonly service?: string };
  readonly connect?: ServiceHealthCheckOptions;
}

/** A GrpcJsonTranscoding as data. */
export interface GrpcJsonTranscodingData extends GrpcJsonTranscodingOptions {
  /** In base64. */
  readonly descriptorSet: string;
}

/** A NameResolution as data: one of the three. */
export interface NameResolutionData {
  readonly hostsBlock?: boolean;
  readonly dnsFilter?: DnsFilterOptions;
  readonly none?: boolean;
}

/** An EnvoyAccessLog as data: one of the three. */
export interface EnvoyAccessLogData {
  readonly stdout?: boolean;
  readonly file?: string;
  readonly off?: boolean;
}

/** Gateways; a locality that is wrong is left out. */
export function gatewaysOf(problems: DataProblems, data: readonly GatewayAddressData[]): readonly GatewayAddress[] {
  return data.map(({ locality: place, ...gateway }, index) => {
    const path = `gateways[${index}].locality`;
    const locality = place && problems.convert(path, () => Locality.of(place.region, place.zone, place.subzone));
    return { ...gateway, locality };
  });
}

/** Who may answer; of one that is wrong, somebody with whom the rest can be checked. */
export function meshIdentityOf(problems: DataProblems, path: string, data: MeshIdentityData): MeshIdentity {
  const identity = problems.one<MeshIdentityData, MeshIdentity>(path, data, {
    serviceAccount: ({ namespace, name }) => MeshIdentity.serviceAccount(namespace, name),
    spiffe: (uri) => MeshIdentity.spiffe(uri),
  });
  return identity ?? MeshIdentity.serviceAccount('stand-in', 'stand-in');
}

/** What Envoy asks; undefined for what is wrong. */
export function healthCheckOf(
  problems: DataProblems,
  path: string,
  data: ServiceHealthCheckData,
): ServiceHealthCheck | undefined {
  return problems.one<ServiceHealthCheckData, ServiceHealthCheck>(path, data, {
    http: ({ path: asked, ...options }) => ServiceHealthCheck.http(asked, options),
    grpc: ({ service, ...options }) => ServiceHealthCheck.grpc(service, options),
    connect: (options) => ServiceHealthCheck.connect(options),
  });
}

/** How JSON is translated; undefined for what is wrong. */
export function transcodingOf(
  problems: DataProblems,
  path: string,
  { descriptorSet, ...options }: GrpcJsonTranscodingData,
): GrpcJsonTranscoding | undefined {
  return problems.convert(path, () => GrpcJsonTranscoding.fromDescriptorSet(descriptorSet, options));
}

/** How names resolve; undefined for what is wrong. */
export function nameResolutionOf(problems: DataProblems, data: NameResolutionData): NameResolution | undefined {
  return problems.one<NameResolutionData, NameResolution>('nameResolution', data, {
    hostsBlock: () => NameResolution.hostsBlock(),
    dnsFilter: (options) => NameResolution.dnsFilter(options),
    none: () => NameResolution.none(),
  });
}

/** Where lines are written; undefined for what is wrong. */
export function accessLogOf(problems: DataProblems, data: EnvoyAccessLogData): EnvoyAccessLog | undefined {
  return problems.one<EnvoyAccessLogData, EnvoyAccessLog>('accessLog', data, {
    stdout: () => EnvoyAccessLog.stdout(),
    file: (path) => EnvoyAccessLog.file(path),
    off: () => EnvoyAccessLog.off(),
  });
}
