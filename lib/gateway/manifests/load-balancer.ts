import { compact } from '../../core/kubernetes-object';
import { GATEWAY_PORTS } from '../gateway';
import type {
  AwsNlbOptions,
  AzureInternalOptions,
  CustomLoadBalancerOptions,
  GcpInternalOptions,
  MetalLbOptions,
  NodePortOptions,
} from '../load-balancer-options';
import type { LoadBalancerSettings } from '../load-balancer-settings';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';
const AZURE = 'service.beta.kubernetes.io/azure-load-balancer';
const GCP = 'networking.gke.io';
const METALLB = 'metallb.io';

/**
 * The AWS Load Balancer Controller's annotations.
 *
 * The health check's port is given by its name in the Service: the controller uses a number as it stands, which on a node
 * (target type instance) is no port of the gateway (aws-load-balancer-controller buildTargetGroupHealthCheckPort).
 */
export function awsNlb(options: AwsNlbOptions): LoadBalancerSettings {
  const list = (items: readonly string[] | undefined) => items?.join(',');
  const instanceTargets = options.instanceTargets ?? false;
  return compact({
    type: 'LoadBalancer',
    loadBalancerClass: options.loadBalancerClass ?? 'service.k8s.aws/nlb',
    loadBalancerSourceRanges: options.sourceRanges,
    // Traffic to pods' own addresses needs no node ports.
    allocateLoadBalancerNodePorts: instanceTargets ? undefined : false,
    annotations: present({
      [`${AWS}-scheme`]: (options.internetFacing ?? false) ? 'internet-facing' : 'internal',
      [`${AWS}-nlb-target-type`]: instanceTargets ? 'instance' : 'ip',
      [`${AWS}-attributes`]: `load_balancing.cross_zone.enabled=${options.crossZone ?? true}`,
      [`${AWS}-healthcheck-protocol`]: 'http',
      [`${AWS}-healthcheck-port`]: GATEWAY_PORTS.status.name,
      [`${AWS}-healthcheck-path`]: '/healthz/ready',
      [`${AWS}-subnets`]: list(options.subnets),
      [`${AWS}-private-ipv4-addresses`]: list(options.privateIpv4Addresses),
      [`${AWS}-eip-allocations`]: list(options.eipAllocations),
      [`${AWS}-security-groups`]: list(options.securityGroups),
      // With security groups of one's own the controller opens the pods to them only when told to.
      [`${AWS}-manage-backend-security-group-rules`]: options.securityGroups && 'true',
    }),
  });
}

/** GKE's annotations for an internal passthrough Network Load Balancer. */
export function gcpInternal(options: GcpInternalOptions): LoadBalancerSettings {
  return compact({
    type: 'LoadBalancer',
    loadBalancerIP: options.address,
    loadBalancerSourceRanges: options.sourceRanges,
    annotations: present({
      [`${GCP}/load-balancer-type`]: 'Internal',
      [`${GCP}/internal-load-balancer-allow-global-access`]: (options.globalAccess ?? false) ? 'true' : undefined,
      [`${GCP}/internal-load-balancer-subnet`]: options.subnet,
      [`${GCP}/load-balancer-ip-addresses`]: options.addressName,
    }),
  });
}

/** cloud-provider-azure's annotations for an internal load balancer. */
export function azureInternal(options: AzureInternalOptions): LoadBalancerSettings {
  return compact({
    type: 'LoadBalancer',
    loadBalancerSourceRanges: options.sourceRanges,
    annotations: present({
      [`${AZURE}-internal`]: 'true',
      [`${AZURE}-internal-subnet`]: options.subnet,
      [`${AZURE}-ipv4`]: options.address,
      // Else the rule AllowVnetInBound of every network security group lets the whole virtual network in.
      'service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges': options.sourceRanges && 'true',
    }),
  });
}

/** MetalLB's annotations. */
export function metalLb(options: MetalLbOptions): LoadBalancerSettings {
  return compact({
    type: 'LoadBalancer',
    loadBalancerClass: options.loadBalancerClass,
    loadBalancerSourceRanges: options.sourceRanges,
    // MetalLB refuses two addresses for a Service of one family (allocateIPs).
    ipFamilyPolicy: (options.addresses?.length ?? 0) > 1 ? 'RequireDualStack' : undefined,
    annotations: present({
      [`${METALLB}/address-pool`]: options.pool,
      [`${METALLB}/loadBalancerIPs`]: options.addresses?.join(','),
    }),
  });
}

/**
 * A Service of type NodePort. The annotation is how istiod learns that the nodes are addresses of the network's gateway, and maps
 * ports to node ports; without it exposed services are unreachable from other networks (istio kube ConvertService).
 */
export function nodePort(options: NodePortOptions): LoadBalancerSettings {
  return {
    type: 'NodePort',
    annotations: { 'traffic.istio.io/nodeSelector': JSON.stringify(options.nodeSelector ?? {}) },
    nodePorts: present({
      [GATEWAY_PORTS.status.name]: options.statusPort,
      [GATEWAY_PORTS.services.name]: options.servicesPort,
      [GATEWAY_PORTS.istiod.name]: options.istiodPort,
      [GATEWAY_PORTS.webhook.name]: options.webhookPort,
    }),
  };
}

/** Another provider's load balancer. */
export function customLoadBalancer(options: CustomLoadBalancerOptions): LoadBalancerSettings {
  return compact({
    type: 'LoadBalancer',
    loadBalancerClass: options.loadBalancerClass,
    loadBalancerIP: options.loadBalancerIP,
    loadBalancerSourceRanges: options.sourceRanges,
    annotations: { ...options.annotations },
  });
}

function present<T>(map: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  return compact(map) as Readonly<Record<string, T>>;
}
