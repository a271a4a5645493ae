import { Listener, LoadBalancer, TargetGroup } from '@pulumi/aws/lb';
import type * as pulumi from '@pulumi/pulumi';
import { dependencies } from '../../core/register-objects';
import type { ForwardingProxyGroupArgs } from '../forwarding-proxy-args';
import { machineTags } from './tags';

/** A load balancer, and where it hands connections on. */
export interface RegisteredLoadBalancer {
  readonly loadBalancer: LoadBalancer;
  readonly targetGroups: readonly TargetGroup[];
  /** What must be there before the first machine starts. */
  readonly ready: pulumi.Resource[];
}

/** At most six characters. The rest is for the provider: names of load balancers are short, and a component's may be long. */
const NAME_PREFIX = 'proxy-';

/** Registers an internal Network Load Balancer, with a listener and a target group for each port. */
export function registerLoadBalancer(
  parent: pulumi.ComponentResource,
  name: string,
  args: Pick<ForwardingProxyGroupArgs, 'loadBalancer' | 'subnetIds' | 'vpcId' | 'tags'>,
  props: { readonly ports: readonly number[]; readonly securityGroupId: pulumi.Input<string> },
  options: pulumi.ComponentResourceOptions | undefined,
): RegisteredLoadBalancer {
  const { loadBalancer: own = {}, vpcId } = args;
  const { subnetIds = args.subnetIds, crossZone = true, drainSeconds = 120, deletionProtection = false } = own;
  const tags = machineTags(name, args.tags);
  const child = { parent, dependsOn: dependencies(options) };
  const loadBalancer = new LoadBalancer(
    `${name}-load-balancer`,
    {
      namePrefix: NAME_PREFIX,
      loadBalancerType: 'network',
      internal: true,
      subnets: subnetIds,
      // It can't get one later.
      securityGroups: [props.securityGroupId],
      enableCrossZoneLoadBalancing: crossZone,
      enableDeletionProtection: deletionProtection,
      tags,
    },
    child,
  );
  const targetGroups = props.ports.map(
    (port) =>
      new TargetGroup(
        `${name}-target-group-${port}`,
        {
          namePrefix: NAME_PREFIX,
          vpcId,
          targetType: 'instance',
          protocol: 'TCP',
          port,
          // By these proxies tell their clients.
          preserveClientIp: 'true',
          deregistrationDelay: drainSeconds,
          connectionTermination: true,
          healthCheck: {
            protocol: 'TCP',
            port: 'traffic-port',
            interval: 10,
            healthyThreshold: 2,
            unhealthyThreshold: 2,
          },
          tags,
        },
        child,
      ),
  );
  const listeners = targetGroups.map(
    ({ arn }, index) =>
      new Listener(
        `${name}-listener-${props.ports[index]}`,
        {
          loadBalancerArn: loadBalancer.arn,
          protocol: 'TCP',
          port: props.ports[index],
          defaultActions: [{ type: 'forward', targetGroupArn: arn }],
          tags,
        },
        child,
      ),
  );
  return { loadBalancer, targetGroups, ready: [loadBalancer, ...targetGroups, ...listeners] };
}
