import { createHash } from 'node:crypto';
import { list, type Maker, object, parameters, pick, type Target, tagList, to, withTags } from '../api';
import type { AwsSdk, AwsValue } from '../sdk';

/** Load balancers, their target groups and listeners. */
export const LOAD_BALANCING_MAKERS: Readonly<Record<string, Maker>> = {
  'aws:lb/loadBalancer:LoadBalancer': async (sdk, { name, inputs }) => {
    const { Attributes, ...sent } = parameters(name, inputs, {
      namePrefix: to('Name', nameOf(name)),
      loadBalancerType: to('Type'),
      internal: to('Scheme', (internal) => (internal ? 'internal' : 'internet-facing')),
      subnets: to('Subnets'),
      securityGroups: to('SecurityGroups'),
      enableCrossZoneLoadBalancing: attribute('load_balancing.cross_zone.enabled'),
      enableDeletionProtection: attribute('deletion_protection.enabled'),
      tags: to('Tags', tagList),
    });
    const { LoadBalancers } = await sdk.call('elbv2', 'create_load_balancer', sent);
    const [{ LoadBalancerArn }] = LoadBalancers;
    await sdk.call('elbv2', 'modify_load_balancer_attributes', { LoadBalancerArn, Attributes: keys(Attributes) });
    const asked = { LoadBalancerArns: [LoadBalancerArn] };
    const [found] = (await sdk.call('elbv2', 'describe_load_balancers', asked)).LoadBalancers;
    const attributes = await sdk.call('elbv2', 'describe_load_balancer_attributes', { LoadBalancerArn });
    return {
      names: { [`arn:${name}`]: LoadBalancerArn },
      sent: { ...sent, Attributes },
      stored: withTags(
        {
          Name: found.LoadBalancerName,
          ...pick(found, ['Type', 'Scheme', 'SecurityGroups']),
          Subnets: found.AvailabilityZones.map(({ SubnetId }: AwsValue) => SubnetId),
          Attributes: pick(values(attributes.Attributes), Object.keys(Attributes)),
        },
        await tagsOf(sdk, LoadBalancerArn),
      ),
    };
  },

  'aws:lb/targetGroup:TargetGroup': async (sdk, { name, inputs }) => {
    const { Attributes, ...sent } = parameters(name, inputs, {
      namePrefix: to('Name', nameOf(name)),
      vpcId: to('VpcId'),
      targetType: to('TargetType'),
      protocol: to('Protocol'),
      port: to('Port'),
      preserveClientIp: attribute('preserve_client_ip.enabled'),
      deregistrationDelay: attribute('deregistration_delay.timeout_seconds'),
      connectionTermination: attribute('deregistration_delay.connection_termination.enabled'),
      healthCheck: object(name, {
        protocol: to('HealthCheckProtocol'),
        port: to('HealthCheckPort'),
        interval: to('HealthCheckIntervalSeconds'),
        healthyThreshold: to('HealthyThresholdCount'),
        unhealthyThreshold: to('UnhealthyThresholdCount'),
      }) as Target,
      tags: to('Tags', tagList),
    });
    const { TargetGroups } = await sdk.call('elbv2', 'create_target_group', sent);
    const [{ TargetGroupArn }] = TargetGroups;
    await sdk.call('elbv2', 'modify_target_group_attributes', { TargetGroupArn, Attributes: keys(Attributes) });
    const asked = { TargetGroupArns: [TargetGroupArn] };
    const [found] = (await sdk.call('elbv2', 'describe_target_groups', asked)).TargetGroups;
    const attributes = await sdk.call('elbv2', 'describe_target_group_attributes', { TargetGroupArn });
    const { Name, Tags, ...others } = sent;
    return {
      names: { [`arn:${name}`]: TargetGroupArn },
      sent: { ...sent, Attributes },
      stored: withTags(
        {
          Name: found.TargetGroupName,
          ...pick(found, Object.keys(others)),
          Attributes: pick(values(attributes.Attributes), Object.keys(Attributes)),
        },
        await tagsOf(sdk, TargetGroupArn),
      ),
    };
  },

  'aws:lb/listener:Listener': async (sdk, { name, inputs }) => {
    const action = object(name, { type: to('Type'), targetGroupArn: to('TargetGroupArn') });
    const sent = parameters(name, inputs, {
      loadBalancerArn: to('LoadBalancerArn'),
      protocol: to('Protocol'),
      port: to('Port'),
      defaultActions: to('DefaultActions', list(action)),
      tags: to('Tags', tagList),
    });
    const { Listeners } = await sdk.call('elbv2', 'create_listener', sent);
    const [{ ListenerArn }] = Listeners;
    const asked = { ListenerArns: [ListenerArn] };
    const [found] = (await sdk.call('elbv2', 'describe_listeners', asked)).Listeners;
    const DefaultActions = found.DefaultActions.map((one: AwsValue) => pick(one, ['Type', 'TargetGroupArn']));
    const stored = { ...pick(found, ['LoadBalancerArn', 'Protocol', 'Port']), DefaultActions };
    return { names: {}, sent, stored: withTags(stored, await tagsOf(sdk, ListenerArn)) };
  },
};

/** The provider puts random characters behind a prefix, up to the 32 that a name has. */
function nameOf(name: string): (prefix: string) => string {
  return (prefix) => `${prefix}${createHash('sha256').update(name).digest('hex')}`.slice(0, 32);
}

/** An attribute; all of them are text. */
function attribute(key: string): Target {
  return (value) => ({ Attributes: { [key]: String(value) } });
}

function keys(attributes: Readonly<Record<string, string>>): AwsValue {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}

function values(attributes: readonly AwsValue[]): AwsValue {
  return Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]));
}

async function tagsOf(sdk: AwsSdk, arn: string): Promise<AwsValue> {
  return (await sdk.call('elbv2', 'describe_tags', { ResourceArns: [arn] })).TagDescriptions[0];
}
