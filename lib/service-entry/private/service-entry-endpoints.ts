import { isIP } from 'node:net';
import { Problems, rule } from '../../core/problems';
import { checkIpAddress } from '../../core/values/addresses';
import { isWhole } from '../../core/values/counts';
import { checkLabels, checkMachineLabels } from '../../core/values/labels';
import { checkHost, checkRequired, isDnsSubdomain } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import type { ServiceEntry, ServiceEntryEndpointSpec } from '../service-entry';
import type { KnownEndpoints } from './known-endpoints';

const NO_ENDPOINTS = rule({
  id: 'service-entry/no-endpoints',
  origin: 'ignored',
  allowed: 'at least one endpoint',
  remedy: 'list endpoints; endpoints.resolveHosts resolves the hosts themselves',
  source: 'istio: proxies answer 503 for a host without endpoints; an empty list with DNS means the hosts themselves',
});
const ADDRESS_NOT_IP = rule({
  id: 'service-entry/endpoint-address-not-ip',
  origin: 'istio',
  allowed: 'an IPv4 or IPv6 address',
  remedy: 'give the address itself, or use endpoints.dns for host names',
  source: 'istio validateWorkloadEntry: endpoint address is not a valid IP address, with resolution STATIC',
});
const UNIX_ADDRESS = rule({
  id: 'service-entry/endpoint-unix-address',
  origin: 'meshvm',
  allowed: 'addresses that are reached over a network',
  remedy: 'give an IP address; a Unix socket would be one on the machine of each caller',
  source: 'meshvm: Istio accepts unix:// with resolution STATIC',
});
const PORT_UNKNOWN = rule({
  id: 'service-entry/endpoint-port-unknown',
  origin: 'istio',
  allowed: 'names of ports of the entry',
  remedy: 'use the name of a port of the entry, or add such a port',
  source: 'istio ValidateServiceEntry: endpoint port is not defined by the service entry',
});
const PORT_NAME_LENGTH = rule({
  id: 'service-entry/endpoint-port-name-length',
  origin: 'kubernetes',
  allowed: 'at most 62 characters',
  remedy: 'shorten the name of the port',
  source: 'CRD of ServiceEntry: size(key) < 63',
});
const WEIGHT = rule({
  id: 'service-entry/endpoint-weight',
  origin: 'ignored',
  allowed: 'a whole number from 1 to 65535',
  remedy: 'give a share; to take an endpoint out, remove it',
  source:
    'istio IstioEndpoint.GetLoadBalancingWeight reads 0 as 1; Envoy refuses a locality whose weights add up to more than 2^32 - 1',
});
const NETWORK = rule({
  id: 'service-entry/endpoint-network',
  origin: 'ignored',
  allowed: 'letters, digits, "-", "_" and ".", at most 63 characters, first and last a letter or digit',
  remedy: 'give the name that the network has on its gateway (label topology.istio.io/network)',
  source: 'istio: networks go by labels, so no other network exists',
});
const SERVICE_ACCOUNT = rule({
  id: 'service-entry/endpoint-service-account',
  origin: 'ignored',
  allowed: 'a name that a ServiceAccount can have: labels of a-z, 0-9 and "-" joined by ".", at most 253 characters',
  remedy: 'give the name of the ServiceAccount whose identity the sidecar carries; without a sidecar leave it out',
  source: 'istio: callers expect the identity of that name, which no certificate carries',
});
const IDENTITY_OUTSIDE = rule({
  id: 'service-entry/identity-outside-mesh',
  origin: 'ignored',
  allowed: 'ServiceAccounts with MESH_INTERNAL alone',
  remedy: 'set location to MESH_INTERNAL, or leave serviceAccount out',
  source: 'istio buildUpstreamTLSSettings: callers never speak mutual TLS of their own accord to MESH_EXTERNAL',
});
const SELECTOR_EMPTY = rule({
  id: 'service-entry/selector-empty',
  origin: 'ignored',
  allowed: 'at least one label',
  remedy: 'give the labels of the machines',
  source: 'istio ValidateServiceEntry warns: without labels every machine and pod of the namespace is selected',
});
const SELECTOR_WILDCARD = rule({
  id: 'service-entry/selector-wildcard',
  origin: 'istio',
  allowed: 'keys and values in full: no "*", no empty key',
  remedy: 'leave the label out to select any value',
  source: 'istio ValidateAlphaWorkloadSelector; CRD of ServiceEntry',
});
const SELECTOR_LABEL = rule({
  id: 'service-entry/selector-label',
  origin: 'ignored',
  allowed: 'a label that machines and pods can carry',
  remedy: 'give the label as the machines have it',
  source: 'istio compares the text: a label that no object may have selects nothing',
});

/** What the entry says of its endpoints: the list, or the labels that select them. */
export function checkEndpoints(problems: Problems, known: KnownEndpoints, entry: ServiceEntry): void {
  if (known.labels !== undefined) checkSelector(problems.at(known.property), known.labels);
  if (known.listed?.length === 0) problems.add(NO_ENDPOINTS, known.property, []);
  entry.endpoints?.forEach((endpoint, index) => {
    checkEndpoint(problems.at(known.listed?.[index].property ?? known.property), entry, endpoint);
  });
}

function checkSelector(problems: Problems, labels: Readonly<Record<string, unknown>>): void {
  const pairs = Object.entries(labels);
  if (pairs.length === 0) problems.add(SELECTOR_EMPTY, '', labels);
  for (const [key, value] of pairs) {
    problems.known(value, () => {
      const property = `["${key}"]`;
      if (key === '' || key.includes('*') || String(value).includes('*')) {
        problems.add(SELECTOR_WILDCARD, property, value);
      } else if (!isLabel(key, value)) problems.add(SELECTOR_LABEL, property, value);
    });
  }
}

function checkEndpoint(problems: Problems, entry: ServiceEntry, endpoint: ServiceEntryEndpointSpec): void {
  checkAddress(problems, entry.resolution, endpoint.address);
  const names = new Set(entry.ports.map(({ name }) => name));
  for (const [name, port] of Object.entries(endpoint.ports)) {
    const property = `ports["${name}"]`;
    if (!names.has(name)) {
      problems.add(PORT_UNKNOWN, property, port, { allowed: `one of ${[...names].join(', ') || 'none'}` });
    } else if (name.length === 63) problems.add(PORT_NAME_LENGTH, property, name);
    checkPortNumber(problems, property, port);
  }
  checkMachineLabels(problems, 'labels', endpoint.labels, { 'topology.istio.io/network': 'network' });
  const { network, weight, serviceAccount } = endpoint;
  problems.check(NETWORK, 'network', network, (name) => name !== '' && isLabel('network', name));
  problems.check(WEIGHT, 'weight', weight, (share) => isWhole(share, 1, 65535));
  problems.check(SERVICE_ACCOUNT, 'serviceAccount', serviceAccount, isDnsSubdomain);
  if (serviceAccount !== undefined && entry.location === 'MESH_EXTERNAL')
    problems.add(IDENTITY_OUTSIDE, 'serviceAccount', serviceAccount);
}

function checkAddress(problems: Problems, resolution: string, address: string): void {
  problems.known(address, () => {
    if (address === '') checkRequired(problems, 'address', address);
    else if (isIP(address) !== 0) checkIpAddress(problems, 'address', address);
    else if (resolution !== 'STATIC') checkHost(problems, 'address', address);
    else problems.add(address.startsWith('unix://') ? UNIX_ADDRESS : ADDRESS_NOT_IP, 'address', address);
  });
}

function isLabel(key: string, value: unknown): boolean {
  const problems = new Problems();
  checkLabels(problems, '', { [key]: value });
  return problems.all.length === 0;
}
