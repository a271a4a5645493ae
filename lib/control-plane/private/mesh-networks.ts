import { type Problems, rule } from '../../core/problems';
import { checkCidr, isIpAddress } from '../../core/values/addresses';
import { checkDnsLabel, checkHost, isFqdn, isIstioDnsLabel } from '../../core/values/names';
import { checkPortNumber } from '../../core/values/ports';
import type { Mesh } from '../../mesh/mesh';
import type { NetworkSettings } from '../manifests/control-plane';
import type { MeshNetwork, NetworkEndpoints, NetworkGateway } from '../mesh-network';

const REGISTRY = rule({
  id: 'mesh-network/registry',
  origin: 'istio',
  allowed: 'letters, digits and "-", at most 63 characters, first and last a letter or digit',
  remedy: 'give the name of the cluster, as in global.multiCluster.clusterName there',
  source: 'istio pkg/config/validation/agent validateNetwork',
});
const GATEWAY_ADDRESS = rule({
  id: 'mesh-network/gateway-address',
  origin: 'istio',
  allowed: 'an IP address, or a DNS name that istiod can resolve',
  remedy: 'give the address alone, without port or scheme',
  source: 'istio pkg/config/validation/agent validateNetwork',
});

const TWICE = rule({
  id: 'mesh-network/twice',
  origin: 'meshvm',
  allowed: 'one network of a name',
  remedy: 'join the two',
  source: 'meshvm: meshNetworks is a map by name',
});
const EMPTY = rule({
  id: 'mesh-network/empty',
  origin: 'ignored',
  allowed: 'endpoints, gateways, or both',
  remedy: 'say how the network is reached, or what stands in it',
  source: 'istio pilot: a network without either changes nothing',
});
const CLAIMED_TWICE = rule({
  id: 'mesh-network/endpoints-of-two-networks',
  origin: 'ignored',
  allowed: 'a cluster or address range in one network',
  remedy: 'remove it from one of the two',
  source:
    'istio pilot kube/controller reloadMeshNetworks: one of the two networks is taken, the other is a line in the log',
});
const OWN_CLUSTER = rule({
  id: 'mesh-network/own-cluster-elsewhere',
  origin: 'ignored',
  allowed: "the mesh's cluster in the mesh's network only",
  remedy: "name the network like the mesh's, or change the mesh's network",
  source: "istio pilot kube/controller Network: the label of istiod's namespace comes first",
});
const SERVICE_NOWHERE = rule({
  id: 'mesh-network/gateway-service-nowhere',
  origin: 'ignored',
  allowed: 'a gateway by serviceHost together with an endpoint fromRegistry',
  remedy: 'name the cluster that the Service is in, or give the address of the gateway',
  source: 'istio pilot kube/controller reloadMeshNetworks looks the Service up in the clusters of the network only',
});

/** A network in the form of Istio's mesh configuration. Total. */
export function networkSettings({ name, endpoints = [], gateways = [] }: MeshNetwork): NetworkSettings {
  return {
    name,
    endpoints: endpoints.map(({ fromCidr, fromRegistry }) =>
      fromCidr === undefined ? { fromRegistry } : { fromCidr },
    ),
    gateways: gateways.map(({ address, serviceHost, port = 15443 }) =>
      address === undefined ? { registryServiceName: serviceHost, port } : { address, port },
    ),
  };
}

/** What istiod would refuse or pass over in `meshNetworks`. */
export function checkMeshNetworks(problems: Problems, networks: readonly MeshNetwork[], mesh: Mesh): void {
  const names = new Set<string>();
  const claimed = new Map<string, string>();
  networks.forEach((network, index) => {
    const at = problems.at(`meshNetworks[${index}]`);
    const { name, endpoints = [], gateways = [] } = network;
    checkDnsLabel(at, 'name', name);
    if (names.has(name)) at.add(TWICE, 'name', name);
    names.add(name);
    if (endpoints.length + gateways.length === 0) at.add(EMPTY, 'gateways', gateways);
    endpoints.forEach((given, position) => {
      const property = `endpoints[${position}]`;
      const { fromCidr, fromRegistry } = given;
      checkEndpoints(at.at(property), given);
      const endpoint = fromCidr ?? fromRegistry ?? '';
      if ((claimed.get(endpoint) ?? name) !== name) at.add(CLAIMED_TWICE, property, endpoint);
      claimed.set(endpoint, name);
      if (fromRegistry === mesh.clusterName && name !== mesh.network) at.add(OWN_CLUSTER, property, fromRegistry);
    });
    gateways.forEach((gateway, position) => void checkGateway(at.at(`gateways[${position}]`), gateway));
    const byService = gateways.findIndex(({ serviceHost }) => serviceHost !== undefined);
    if (byService >= 0 && endpoints.every(({ fromRegistry }) => fromRegistry === undefined)) {
      at.add(SERVICE_NOWHERE, `gateways[${byService}]`, gateways[byService].serviceHost);
    }
  });
}

function checkEndpoints(problems: Problems, { fromCidr, fromRegistry }: NetworkEndpoints): void {
  if (fromCidr !== undefined) checkCidr(problems, 'fromCidr', fromCidr);
  problems.check(REGISTRY, 'fromRegistry', fromRegistry, isIstioDnsLabel);
}

function checkGateway(problems: Problems, { address, serviceHost, port }: NetworkGateway): void {
  problems.check(GATEWAY_ADDRESS, 'address', address, (host) => isIpAddress(host) || isFqdn(host));
  if (serviceHost !== undefined) checkHost(problems, 'serviceHost', serviceHost);
  if (port !== undefined) checkPortNumber(problems, 'port', port);
}
