import { type Problems, rule } from '../../core/problems';
import { checkDnsLabel } from '../../core/values/names';
import type { Mesh } from '../../mesh/mesh';
import type { NetworkSettings } from '../manifests/control-plane';
import type { MeshNetwork } from '../mesh-network';

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
  allowed: 'a gateway by Service together with an endpoint NetworkEndpoints.fromRegistry',
  remedy: 'name the cluster that the Service is in, or give the address of the gateway',
  source: 'istio pilot kube/controller reloadMeshNetworks looks the Service up in the clusters of the network only',
});

/** A network in the form of Istio's mesh configuration. Total. */
export function networkSettings(network: MeshNetwork): NetworkSettings {
  return {
    name: network.name,
    endpoints: (network.endpoints ?? []).map(({ cidr, clusterName }) =>
      cidr === undefined ? { fromRegistry: clusterName } : { fromCidr: cidr },
    ),
    gateways: (network.gateways ?? []).map(({ host, serviceHost, port }) =>
      host === undefined ? { registryServiceName: serviceHost, port } : { address: host, port },
    ),
  };
}

/** What istiod would refuse or pass over in `meshNetworks`, as far as one network can't say it of itself. */
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
    endpoints.forEach(({ cidr, clusterName }, position) => {
      const property = `endpoints[${position}]`;
      const endpoint = cidr ?? clusterName ?? '';
      if ((claimed.get(endpoint) ?? name) !== name) at.add(CLAIMED_TWICE, property, endpoint);
      claimed.set(endpoint, name);
      if (clusterName === mesh.clusterName && name !== mesh.network) at.add(OWN_CLUSTER, property, clusterName);
    });
    const byService = gateways.findIndex(({ serviceHost }) => serviceHost !== undefined);
    if (byService >= 0 && endpoints.every(({ clusterName }) => clusterName === undefined)) {
      at.add(SERVICE_NOWHERE, `gateways[${byService}]`, gateways[byService].serviceHost);
    }
  });
}
