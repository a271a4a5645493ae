import { Problems, rule } from '../core/problems';
import { checkCidrs, isIpAddress } from '../core/values/addresses';
import { checkHost, isFqdn, isIstioDnsLabel } from '../core/values/names';
import { checkPortNumber } from '../core/values/ports';

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

/** A network other than the mesh's own, as istiod must know it (`meshNetworks`). */
export interface MeshNetwork {
  /** Name of the network, such as that of `Network.behindGateway`. */
  readonly name: string;

  /**
   * Which endpoints stand in the network, for those that don't say it themselves. Machines of a MeshVmGroup always say it.
   * istiod asks here last: the label `topology.istio.io/network` of its own namespace comes first.
   * @default []
   */
  readonly endpoints?: readonly NetworkEndpoints[];

  /**
   * Gateways through which the network is reached. Without one its endpoints are dialled directly.
   * @default []
   */
  readonly gateways?: readonly NetworkGateway[];
}

/** How istiod recognizes the endpoints of a network. */
export class NetworkEndpoints {
  /**
   * Endpoints with an address in a range.
   * @param cidr Such as `10.20.0.0/16`.
   * @throws ValidationError for an address range that is none.
   */
  public static fromCidr(cidr: string): NetworkEndpoints {
    const problems = new Problems();
    checkCidrs(problems, 'cidr', [cidr]);
    problems.throwIfAny('NetworkEndpoints.fromCidr');
    return new NetworkEndpoints(cidr, undefined);
  }

  /**
   * Every endpoint of a cluster.
   * @param clusterName As in `global.multiCluster.clusterName` of that cluster.
   * @throws ValidationError for a name that Istio refuses.
   */
  public static fromRegistry(clusterName: string): NetworkEndpoints {
    const problems = new Problems();
    if (!isIstioDnsLabel(String(clusterName))) problems.add(REGISTRY, 'clusterName', clusterName);
    problems.throwIfAny('NetworkEndpoints.fromRegistry');
    return new NetworkEndpoints(undefined, clusterName);
  }

  private constructor(
    /** The range, or undefined when a cluster says it. */
    public readonly cidr: string | undefined,
    /** The cluster, or undefined when an address range says it. */
    public readonly clusterName: string | undefined,
  ) {}
}

/** A gateway through which a network is reached. It listens with TLS AUTO_PASSTHROUGH. */
export class NetworkGateway {
  /**
   * A gateway with an address of its own, such as that of a data center. istiod resolves a DNS name and follows it.
   * @param address IP address or DNS name.
   * @param port Port of the gateway.
   * @throws ValidationError with every problem of the two.
   */
  public static address(address: string, port = 15443): NetworkGateway {
    const problems = new Problems();
    if (!isIpAddress(String(address)) && !isFqdn(String(address))) problems.add(GATEWAY_ADDRESS, 'address', address);
    checkPortNumber(problems, 'port', port);
    problems.throwIfAny('NetworkGateway.address');
    return new NetworkGateway(address, undefined, port);
  }

  /**
   * A Service of a cluster that the network takes its endpoints from; istiod reads the load balancer's address from it.
   * @param host Fully qualified, such as `istio-eastwestgateway.istio-system.svc.cluster.local`.
   * @param port Port of the Service.
   * @throws ValidationError with every problem of the two.
   */
  public static service(host: string, port = 15443): NetworkGateway {
    const problems = new Problems();
    checkHost(problems, 'host', host);
    checkPortNumber(problems, 'port', port);
    problems.throwIfAny('NetworkGateway.service');
    return new NetworkGateway(undefined, host, port);
  }

  private constructor(
    /** IP address or DNS name, or undefined when a Service says it. */
    public readonly host: string | undefined,
    /** Fully qualified name of the Service, or undefined when the gateway has an address. */
    public readonly serviceHost: string | undefined,
    /** Port of the gateway. */
    public readonly port: number,
  ) {}
}
