import { ForwardingProxyGroup } from 'meshvm/pulumi/aws';
import { ANSWERS } from '../pulumi/aws/provider';
import { inAwsWithProxies, proxyArgs } from '../pulumi/aws/proxies';
import { toldTo } from '../pulumi/aws/tree';
import { named, registered } from '../pulumi/fixtures';
import type { Registered } from '../pulumi/program';
import { deploy, type Made } from './aws/api';
import { MAKERS } from './aws/makers';
import { LOAD_BALANCING_MAKERS } from './aws/makers/load-balancing';
import { Moto } from './aws/moto';
import { AwsSdk, type AwsValue } from './aws/sdk';
import { Workspace } from './harness/workspace';

/**
 * What forwarding proxies register in AWS is made by the AWS SDK in moto and read back, as aws-fleet.test.ts says of fleets. What moto can
 * not judge besides: the health checks of load balancers, and so whether clients get through; Envoys with real clients are in
 * forwarding-proxy.test.ts.
 */

let workspace: Workspace;
let moto: Moto;
let sdk: AwsSdk;
let account: Account;
let resources: readonly Registered[];
let made: ReadonlyMap<string, Made>;

/** What is in the account before. */
interface Account {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly gateway: string;
  readonly image: string;
}

beforeAll(async () => {
  workspace = new Workspace();
  moto = await Moto.start(workspace, { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' });
  sdk = AwsSdk.start(moto);
  account = await prepare();
  resources = await registerProxies();
  made = await deploy(sdk, resources, { ...MAKERS, ...LOAD_BALANCING_MAKERS });
});

afterAll(async () => {
  sdk?.stop();
  await moto?.process.kill();
  await workspace?.close();
});

test('AWS has each resource as it was registered', () => {
  const ofAws = resources.filter(({ type }) => type.startsWith('aws:'));
  expect([...made.keys()]).toStrictEqual(ofAws.map(({ name }) => name));
  expect(Object.fromEntries([...made].map(([name, { stored }]) => [name, stored]))).toStrictEqual(
    Object.fromEntries([...made].map(([name, { sent }]) => [name, sent])),
  );
  expect(
    [...new Set(ofAws.map(({ type }) => type))].filter((type) => type in LOAD_BALANCING_MAKERS).sort(),
  ).toStrictEqual(Object.keys(LOAD_BALANCING_MAKERS).sort());
});

test('the machines of the group are targets of each of the load balancer’s ports', async () => {
  const { AutoScalingGroups } = await sdk.call('autoscaling', 'describe_auto_scaling_groups', {
    AutoScalingGroupNames: ['project-stack-proxies'],
  });
  const [group] = AutoScalingGroups;
  const ids = group.Instances.map(({ InstanceId }: AwsValue) => InstanceId).sort();
  expect([ids.length, group.HealthCheckType]).toStrictEqual([2, 'ELB']);
  const { Listeners } = await sdk.call('elbv2', 'describe_listeners', {
    LoadBalancerArn: made.get('proxies-load-balancer')?.names['arn:proxies-load-balancer'],
  });
  const seen: Record<string, unknown> = {};
  for (const { Port, DefaultActions } of Listeners) {
    const [{ TargetGroupArn }] = DefaultActions;
    const { TargetHealthDescriptions } = await sdk.call('elbv2', 'describe_target_health', { TargetGroupArn });
    seen[Port] = TargetHealthDescriptions.map(({ Target }: AwsValue) => [Target.Id, Target.Port]).sort();
  }
  expect(seen).toStrictEqual({
    8080: ids.map((id: string) => [id, 8080]),
    15080: ids.map((id: string) => [id, 15080]),
  });
});

test('its security groups have no rule but those that were registered', async () => {
  for (const name of ['proxies-security-group', 'proxies-load-balancer-security-group']) {
    const groupId = made.get(name)?.names[`${name}-id`];
    const Filters = [{ Name: 'group-id', Values: [groupId] }];
    const { SecurityGroupRules } = await sdk.call('ec2', 'describe_security_group_rules', { Filters });
    const own = [...made.values()].filter(({ sent }) => sent.GroupId === groupId);
    expect([name, SecurityGroupRules.length]).toStrictEqual([name, own.length]);
    expect(own.length).toBeGreaterThan(2);
  }
});

test('the user-data is within the 16 KB of EC2, which moto does not mind, and is the Envoy', () => {
  const { userData } = named(resources, 'proxies-launch-template').inputs;
  expect(Buffer.from(userData, 'base64').length).toBeLessThanOrEqual(16384);
  expect(toldTo(userData)).toContain('meshvm-envoy.service');
});

async function prepare(): Promise<Account> {
  const VpcId = (await sdk.call('ec2', 'create_vpc', { CidrBlock: '10.20.0.0/16' })).Vpc.VpcId;
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const place = { VpcId, CidrBlock: `10.20.${index}.0/24`, AvailabilityZone: `eu-west-1${zone}` };
    subnets.push((await sdk.call('ec2', 'create_subnet', place)).Subnet.SubnetId);
  }
  const gateway = { GroupName: 'gateway', Description: 'gateway', VpcId };
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64';
  return {
    vpc: VpcId,
    subnets,
    gateway: (await sdk.call('ec2', 'create_security_group', gateway)).GroupId,
    image: (await sdk.call('ssm', 'get_parameter', { Name })).Parameter.Value,
  };
}

/** Between them the arguments show everything that only proxies have in AWS. */
function registerProxies(): Promise<readonly Registered[]> {
  const { state } = inAwsWithProxies();
  const args = proxyArgs({
    vpcId: account.vpc,
    subnetIds: [...account.subnets],
    metrics: { address: '0.0.0.0' },
    peers: {
      gateways: [{ securityGroupId: account.gateway }],
      clients: [{ cidrIpv4: '10.40.0.0/16' }, { cidrIpv4: '192.168.0.0/16' }],
      metrics: [{ cidrIpv4: '10.20.8.0/24' }],
      downloads: [{ cidrIpv4: '10.20.9.0/24' }],
      outbound: [{ description: 'Vault', peers: [{ cidrIpv4: '10.20.7.0/24' }], ports: [{ from: 8200 }] }],
    },
    loadBalancer: { crossZone: false, drainSeconds: 60 },
    scaling: { targetCpuPercent: 50 },
    // EC2 takes the image's when there is none; moto starts no machine then.
    rootVolume: { sizeGib: 12 },
    ssm: true,
    tags: { team: 'shop' },
  });
  return registered(() => new ForwardingProxyGroup('proxies', args), {
    call: ({ token }) => {
      if (token === 'aws:ec2/getAmi:getAmi')
        return { ...ANSWERS[token], id: account.image, rootDeviceName: '/dev/xvda' };
      if (ANSWERS[token] === undefined) throw new Error(`nobody answers ${token}`);
      return ANSWERS[token];
    },
    state: (resource) => ({
      ...state?.(resource),
      ...(resource.type === 'aws:ec2/launchTemplate:LaunchTemplate' ? { latestVersion: 1 } : {}),
    }),
  });
}
