import { createHash } from 'node:crypto';
import type { MachineServiceSpec } from '../../machines/member';
import { copiedAtRegistration } from '../../machines/member-objects';
import { dnsRouting } from '../../mesh/dns-routing';
import type { Mesh } from '../../mesh/mesh';
import { serviceHost } from '../../mesh/service-host';
import type { SidecarChecksums } from '../sidecar-checksums';
import type { MachineBundle } from './machine-bundle';

/** What the agent needs to know beside the two files, every default filled in. */
export interface BootstrapSettings {
  readonly refreshIntervalSeconds: number;
  readonly restartJitterSeconds: number;
  readonly minimumRestartIntervalSeconds: number;
  readonly absenceSeconds: number;
  readonly deadManSeconds: number;
  readonly tokenLifetimeSeconds: number;
  readonly excludeCidrs: readonly string[];
  readonly sidecarPackage: PackageSource;
  /** The gateway's Service, or undefined when machines find istiod by a DNS name. */
  readonly gateway: ServiceReference | undefined;
}

/** Where the sidecar's package comes from. */
export interface PackageSource {
  readonly verification: string;
  readonly baseUrl: string;
  readonly checksums: SidecarChecksums;
}

/** A Service by its name. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

/** Version of the form of `settings.json`. An agent refuses a version that it doesn't know. */
const SETTINGS_SCHEMA_VERSION = 1;

/** The audience of tokens for istiod. Upstream: istio pkg/security, `TOKEN_AUDIENCES`. */
export const TOKEN_AUDIENCE = 'istio-ca';

/** `settings.json`: always the same text for the same group. */
export function settingsJson(bundle: MachineBundle, settings: BootstrapSettings): string {
  const { mesh, member } = bundle;
  const { gateway } = settings;
  const content = {
    schemaVersion: SETTINGS_SCHEMA_VERSION,
    istio: {
      version: mesh.istioVersion,
      verification: settings.sidecarPackage.verification,
      // Undefined is left out: the agent takes a package without a known checksum on this word alone.
      unverified: settings.sidecarPackage.verification === 'published' ? true : undefined,
      packages: packages(mesh.istioVersion, settings.sidecarPackage),
    },
    refreshIntervalSeconds: settings.refreshIntervalSeconds,
    restart: {
      jitterSeconds: settings.restartJitterSeconds,
      minimumIntervalSeconds: settings.minimumRestartIntervalSeconds,
      absenceSeconds: settings.absenceSeconds,
    },
    registration: registration(bundle),
    deadManSeconds: settings.deadManSeconds,
    istiod: { host: mesh.istiodHost, port: 15012, access: istiodAccess(mesh) },
    gateway: gateway === undefined ? null : { namespace: gateway.namespace, service: gateway.name },
    identity: {
      namespace: member.namespace,
      serviceAccount: member.serviceAccount,
      trustDomain: mesh.trustDomain,
      audience: TOKEN_AUDIENCE,
      tokenLifetimeSeconds: settings.tokenLifetimeSeconds,
      clusterName: mesh.clusterName,
    },
    capture: { excludeCidrs: settings.excludeCidrs },
    dns: dns(bundle),
    services: member.services.map((service) => describeService(bundle, service)),
    probe: bundle.probe ?? null,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Stands for what istiod copies from the WorkloadGroup into an entry when it makes the entry, and never again.
 *
 * Upstream: istio pilot/pkg/autoregistration workloadEntryFromGroup. It takes labels, annotations and the whole template, and notes whether
 * there is a probe.
 */
function registration({ member, probe }: MachineBundle): string {
  const copied = { ...copiedAtRegistration(member), probed: probe !== undefined };
  return createHash('sha256').update(JSON.stringify(copied, byKey)).digest('hex').slice(0, 16);
}

/** For JSON.stringify: the order in which someone wrote a map says nothing. */
export function byKey(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is undefined is left out. */
function dns({ mesh, dns: own }: MachineBundle): unknown {
  if (own === undefined) return { mode: mesh.proxy.dnsCapture ? 'capture' : 'off' };
  return dnsRouting(own, mesh.clusterDomain);
}

function istiodAccess(mesh: Mesh): string {
  return mesh.istiodAccess.dnsName === undefined ? 'hostsEntry' : 'dnsName';
}

/** Where the packages of a version lie, and their checksums. Upstream's layout: istio release-builder, pkg/publish and pkg/build/debian. */
export function packages(version: string, source: PackageSource): unknown {
  if (source.verification === 'preinstalled') return null;
  const { checksums } = source;
  const file = (format: string, suffix: string, sha256: string | undefined) => ({
    url: `${source.baseUrl}/${version}/${format}/istio-sidecar${suffix}.${format}`,
    sha256: sha256 ?? null,
  });
  return {
    deb: { amd64: file('deb', '', checksums.debAmd64), arm64: file('deb', '-arm64', checksums.debArm64) },
    rpm: { amd64: file('rpm', '', checksums.rpmAmd64), arm64: file('rpm', '-arm64', checksums.rpmArm64) },
  };
}

/** The Service by its ports on the machine: that is what Envoy's inbound listeners are called by. */
function describeService({ mesh, member }: MachineBundle, service: MachineServiceSpec): unknown {
  const { namespace, ports } = member;
  const numberOf = (target: string | number) => ports.find(({ name }) => name === target)?.port ?? target;
  return {
    host: serviceHost(service.name, namespace, mesh.clusterDomain),
    ports: service.ports.map(({ targetPort }) => numberOf(targetPort)),
  };
}
