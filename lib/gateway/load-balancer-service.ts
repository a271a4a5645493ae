import type { Problems } from '../core/problems';
import type { LoadBalancer } from './load-balancer';
import type { LoadBalancerSettings } from './load-balancer-settings';
import { awsNlb, azureInternal, customLoadBalancer, gcpInternal, metalLb, nodePort } from './manifests/load-balancer';
import {
  checkAwsNlb,
  checkAzureInternal,
  checkCustomLoadBalancer,
  checkGcpInternal,
  checkMetalLb,
  checkNodePort,
} from './private/load-balancer';

/** What a load balancer asks of the gateway's Service. */
export function loadBalancerSettings(balancer: LoadBalancer): LoadBalancerSettings {
  if (balancer.awsNlb !== undefined) return awsNlb(balancer.awsNlb);
  if (balancer.gcpInternal !== undefined) return gcpInternal(balancer.gcpInternal);
  if (balancer.azureInternal !== undefined) return azureInternal(balancer.azureInternal);
  if (balancer.metalLb !== undefined) return metalLb(balancer.metalLb);
  if (balancer.nodePort !== undefined) return nodePort(balancer.nodePort);
  return customLoadBalancer(balancer.custom ?? {});
}

/** Everything about a load balancer that Kubernetes or its provider would refuse, or take and then ignore. */
export function checkLoadBalancer(problems: Problems, balancer: LoadBalancer): void {
  const { awsNlb, gcpInternal, azureInternal, metalLb, nodePort, custom } = balancer;
  if (awsNlb !== undefined) checkAwsNlb(problems.at('awsNlb'), awsNlb);
  if (gcpInternal !== undefined) checkGcpInternal(problems.at('gcpInternal'), gcpInternal);
  if (azureInternal !== undefined) checkAzureInternal(problems.at('azureInternal'), azureInternal);
  if (metalLb !== undefined) checkMetalLb(problems.at('metalLb'), metalLb);
  if (nodePort !== undefined) checkNodePort(problems.at('nodePort'), nodePort);
  if (custom !== undefined) checkCustomLoadBalancer(problems.at('custom'), custom);
}
