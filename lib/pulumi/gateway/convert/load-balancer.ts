import type * as pulumi from '@pulumi/pulumi';
import { LoadBalancer } from '../../../gateway/load-balancer';
import type { ArgumentProblems } from '../../core/arguments';
import type { LoadBalancerArgs } from '../load-balancer-args';

/** The load balancer of a component's arguments; undefined when it is wrong, which is noted. */
export function loadBalancerOf(
  problems: ArgumentProblems,
  path: string,
  args: pulumi.Unwrap<LoadBalancerArgs>,
): LoadBalancer | undefined {
  return problems.one<pulumi.Unwrap<LoadBalancerArgs>, LoadBalancer>(path, args, {
    awsNlb: (options) => LoadBalancer.awsNlb(options),
    gcpInternal: (options) => LoadBalancer.gcpInternal(options),
    azureInternal: (options) => LoadBalancer.azureInternal(options),
    metalLb: (options) => LoadBalancer.metalLb(options),
    nodePort: (options) => LoadBalancer.nodePort(options),
    custom: (options) => LoadBalancer.custom(options),
  });
}
