import { type Problems, rule } from '../../core/problems';
import { checkCidrs, isIpAddress } from '../../core/values/addresses';
import { isDnsLabel, isDnsSubdomain, isFqdn, isIstioDnsLabel } from '../../core/values/names';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway } from '../gateway';
import type {
  ExposedApiServer,
  ExposedIstiod,
  ExposedServices,
  ExposingApi,
  GatewayExposure,
} from '../gateway-exposure';
import { API_SERVER_NAME, apiServerGatewayName } from '../manifests/expose-api-server';
import { istiodGatewayName } from '../manifests/expose-istiod';
import { servicesGatewayName } from '../manifests/expose-services';

const SAME_NAME = rule({
  id: 'istiod-exposure/same-name',
  origin: 'ignored',
  allowed: 'control planes whose machines dial different names',
  remedy:
    'remove the control plane that is there twice; one gateway serves one revision tag, unless istiodAccess.dnsName of their meshes tells two apart',
  source: 'istio buildGatewayNetworkFiltersFromTLSRoutes: a second rule for an SNI host is skipped',
});
const OTHER_MESH = rule({
  id: 'istiod-exposure/other-mesh',
  origin: 'ignored',
  allowed: 'control planes of the same mesh and cluster',
  remedy: 'expose a control plane by a gateway in its own cluster',
  source: "istio: the route leads to a Service of the gateway's cluster",
});
const SERVER_NAME = rule({
  id: 'istiod-exposure/server-name',
  origin: 'ignored',
  allowed: 'lower case letters, digits, "-" and ".", at most 247 characters, no "." at the end',
  remedy: 'write istiodAccess.dnsName of the mesh in that form',
  source:
    'Envoy compares server names in lower case, and TLS clients send them without a final dot; Gateway API Hostname',
});
const NAME_LENGTH = rule({
  id: 'gateway/name-too-long',
  origin: 'istio',
  allowed:
    'a name that with "-istiod", "-services" or "-api-server" after it, for what it exposes, has at most 63 characters',
  remedy: 'shorten the name, or expose by the Gateway API',
  source: 'istio ValidateGateway: the name of a Gateway is a DNS label',
});
const NO_SOURCE_RANGES = rule({
  id: 'api-server-exposure/no-source-ranges',
  origin: 'meshvm',
  allowed: 'at least one range in CIDR notation',
  remedy: 'name the ranges of the machines, or leave exposeApiServer out to expose nothing',
  source: 'meshvm: who may try to log in at the API server is always said, never a default',
});
const API_SERVER_SHADOWED = rule({
  id: 'api-server-exposure/name-of-istiod',
  origin: 'ignored',
  allowed: 'an istiodAccess.dnsName other than kubernetes.default.svc where the API server is exposed',
  remedy: 'give istiod another name',
  source: 'istio buildGatewayNetworkFiltersFromTLSRoutes: a second rule for an SNI host is skipped',
});
const SERVICE_HOST = rule({
  id: 'service-exposure/host',
  origin: 'istio',
  allowed: '"*.local", another "*." and suffix, a full host name, or "*"',
  remedy: 'name the services that other networks may reach',
  source: 'istio ValidateNamespaceSlashWildcardHostname',
});
const HOSTNAME = rule({
  id: 'service-exposure/hostname',
  origin: 'kubernetes',
  allowed: '"*.local", another "*." and suffix, a full host name, or "*"; lower case, at most 253 characters',
  remedy: 'name the services that other networks may reach',
  source: 'CRD of Gateway API: Hostname; "*" stands for a listener without one',
});
const HOST_OF_NO_SERVICE = rule({
  id: 'service-exposure/host-of-no-service',
  origin: 'ignored',
  allowed: 'full host names in lower case, or "*." and a suffix; no address, no "." at the end, no namespace before it',
  remedy: "write the host as it stands in the mesh's registry, such as payments.shop.svc.cluster.local",
  source:
    'istio builtAutoPassthroughFilterChains compares hosts as they are written; Gateway API refuses other hostnames',
});
const OVERLAP = rule({
  id: 'service-exposure/overlapping-hosts',
  origin: 'ignored',
  allowed: 'hosts of which none contains another',
  remedy: 'remove the narrower host, or the wider one',
  source:
    'istio builtAutoPassthroughFilterChains: two listeners of Gateway API give Envoy the same match twice; it refuses them, and the gateway never gets ready',
});
const NO_HOSTS = rule({
  id: 'service-exposure/no-hosts',
  origin: 'istio',
  allowed: 'at least one host',
  remedy: 'leave exposeServices out to expose nothing',
  source: 'istio validateServer: server config must contain at least one host',
});

/** Everything about what a gateway exposes that Istio or Kubernetes would refuse, or take and then ignore. */
export function checkExposure(
  problems: Problems,
  gateway: Gateway,
  mesh: Mesh,
  { istiod, services, apiServer }: GatewayExposure,
): void {
  if (istiod !== undefined) checkIstiod(problems, gateway, mesh, istiod);
  if (services !== undefined) checkServices(problems, gateway, services);
  if (apiServer !== undefined) {
    checkApiServer(problems, gateway, apiServer);
    if (istiod !== undefined) checkNoIstiodHasItsName(problems, mesh, istiod);
  }
}

function checkApiServer(problems: Problems, gateway: Gateway, { by, sourceRanges }: ExposedApiServer): void {
  if (by === 'istioApis') checkGatewayName(problems, gateway, apiServerGatewayName(gateway));
  const options = problems.at(`exposeApiServer.${by}`);
  checkCidrs(options, 'sourceRanges', sourceRanges);
  if (sourceRanges.length === 0) options.add(NO_SOURCE_RANGES, 'sourceRanges', sourceRanges);
}

function checkNoIstiodHasItsName(problems: Problems, mesh: Mesh, { by, furtherControlPlanes }: ExposedIstiod): void {
  const check = (property: string, name: string | undefined) =>
    problems.check(API_SERVER_SHADOWED, property, name, (known) => known !== API_SERVER_NAME);
  check('mesh.istiodAccess.dnsName', mesh.istiodAccess.dnsName);
  furtherControlPlanes.forEach(({ istiodAccess }, index) => {
    check(`exposeIstiod.${by}.furtherControlPlanes[${index}].istiodAccess.dnsName`, istiodAccess.dnsName);
  });
}

function checkIstiod(
  problems: Problems,
  gateway: Gateway,
  mesh: Mesh,
  { by, furtherControlPlanes }: ExposedIstiod,
): void {
  if (by === 'istioApis') checkGatewayName(problems, gateway, istiodGatewayName(gateway));
  checkServerNames(problems, 'mesh', mesh);
  const dialled = new Map([[mesh.istiodHost, 'the mesh']]);
  furtherControlPlanes.forEach((further, index) => {
    const property = `exposeIstiod.${by}.furtherControlPlanes[${index}]`;
    checkServerNames(problems, property, further);
    const taken = dialled.get(further.istiodHost);
    if (taken !== undefined) {
      problems.add(SAME_NAME, property, further.istiodHost, { allowed: `another name than that of ${taken}` });
    }
    dialled.set(further.istiodHost, property);
    for (const part of ['meshId', 'clusterName'] as const) {
      if (further[part] !== mesh[part]) {
        problems.add(OTHER_MESH, `${property}.${part}`, further[part], { allowed: `${mesh[part]}, as in mesh` });
      }
    }
  });
}

function checkServices(problems: Problems, gateway: Gateway, { by, hosts }: ExposedServices): void {
  if (by === 'istioApis') checkGatewayName(problems, gateway, servicesGatewayName(gateway));
  const at = problems.at(`exposeServices.${by}`);
  if (hosts.length === 0) at.add(NO_HOSTS, 'hosts', hosts);
  hosts.forEach((host, index) => void at.known(host, () => checkServiceHost(at, by, hosts, index)));
}

function checkServiceHost(problems: Problems, by: ExposingApi, hosts: readonly string[], index: number): void {
  const host = hosts[index];
  const property = `hosts[${index}]`;
  const [violated, isTaken] = by === 'gatewayApi' ? [HOSTNAME, isGatewayApiHostname] : [SERVICE_HOST, isServerHost];
  if (!isTaken(host)) {
    problems.add(violated, property, host);
    return;
  }
  if (!isServiceHost(host)) problems.add(HOST_OF_NO_SERVICE, property, host);
  const other = hosts.find((each, position) => {
    const comesLater = each === host && position > index;
    return position !== index && !comesLater && contains(String(each), host);
  });
  if (other !== undefined) {
    problems.add(OVERLAP, property, host, { allowed: `hosts outside ${other}, which is in the list` });
  }
}

function checkGatewayName(problems: Problems, gateway: Gateway, name: string): void {
  if (isDnsLabel(gateway.name) && !isDnsLabel(name)) problems.add(NAME_LENGTH, 'name', gateway.name);
}

function checkServerNames(problems: Problems, property: string, { istiodAccess }: Mesh): void {
  problems.check(
    SERVER_NAME,
    `${property}.istiodAccess.dnsName`,
    istiodAccess.dnsName,
    (name) => name.length <= 247 && isDnsSubdomain(name),
  );
}

/** What Istio takes for a host of a Gateway's server. */
function isServerHost(host: string): boolean {
  const [namespace, ...rest] = host.split('/');
  const name = rest.length === 0 ? host : rest.join('/');
  if (rest.length > 0 && namespace !== '*' && namespace !== '.' && !isIstioDnsLabel(namespace)) return false;
  if (name === '*' || name === '*.') return true;
  return name.includes('.') && name.length <= 255 && (isFqdn(name.replace(/^\*\./, '')) || isIpAddress(name));
}

/** What the Gateway API takes for the hostname of a listener, and "*" for none. */
function isGatewayApiHostname(host: string): boolean {
  return host === '*' || (host.length <= 253 && isDnsSubdomain(host.replace(/^\*\./, '')));
}

/** Whether a service can have such a host. */
function isServiceHost(host: string): boolean {
  const name = host.replace(/^\*\./, '');
  return host === '*' || (host.length <= 253 && host.includes('.') && isDnsSubdomain(name) && isFqdn(name));
}

/** Whether every name that `narrow` matches, `wide` matches too. */
function contains(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === '*') return true;
  return wide.startsWith('*.') && narrow.replace(/^\*/, '').endsWith(wide.slice(1));
}
