import { EastWestGateway } from 'meshvm/pulumi';
import {
  CloudWatchStatistic,
  IstiodPrivateZone,
  MachineArchitecture,
  SpotAllocationStrategy,
  VirtualMachine,
  VmAutoScalingGroup,
  WarmPoolState,
} from 'meshvm/pulumi/aws';
import { fleetArgs, inAws, machineArgs } from '../pulumi/aws/fleet';
import { ANSWERS } from '../pulumi/aws/provider';
import { meshArgs, named, registered } from '../pulumi/fixtures';
import type { Registered } from '../pulumi/program';
import { deploy, type Made } from './aws/api';
import { MAKERS } from './aws/makers';
import { ACCOUNT, Moto, REGION } from './aws/moto';
import { AwsSdk, type AwsValue } from './aws/sdk';
import { Workspace } from './harness/workspace';

/**
 * What fleets, a machine and a private zone register in AWS is made by the AWS SDK in moto, in the order in which Pulumi registered it,
 * and read back. The SDK judges names, types and required parameters; moto judges what resources say of each other.
 *
 * What moto can not judge: access entries of EKS, and instance refreshes, which it does not know (the SDK's model of both is asked); the
 * limit of user-data, which is asserted here; the images of Canonical and Debian, whose parameters it does not have; Spot markets,
 * scaling and hooks, which it stores and does not act on. What it takes and does not keep is left out of the comparison, and named where
 * that happens: in aws/makers.
 */

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0123`;

let workspace: Workspace;
let moto: Moto;
let sdk: AwsSdk;
let account: Account;
let resources: readonly Registered[];
let made: ReadonlyMap<string, Made>;

/** What is in the account before. */
interface Account {
  readonly vpc: string;
  readonly otherVpc: string;
  readonly subnets: readonly string[];
  readonly groups: Readonly<Record<'cluster' | 'nlb' | 'gatewayPods' | 'own', string>>;
  readonly prefixList: string;
  readonly boundary: string;
  readonly images: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  workspace = new Workspace();
  moto = await Moto.start(workspace, { MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' });
  sdk = AwsSdk.start(moto);
  account = await prepare();
  resources = await registerAll();
  made = await deploy(sdk, resources, MAKERS);
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
});

test('each kind of resource that fleets and machines have is among them', () => {
  const kinds = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith('aws:')));
  expect([...kinds].sort()).toStrictEqual(Object.keys(MAKERS).sort());
});

test('machines have no rule but those that were registered', async () => {
  for (const name of ['spot', 'warm', 'one']) {
    const groupId = made.get(`${name}-security-group`)?.names[`${name}-security-group-id`];
    const Filters = [{ Name: 'group-id', Values: [groupId] }];
    const { SecurityGroupRules } = await sdk.call('ec2', 'describe_security_group_rules', { Filters });
    const own = [...made.values()].filter(({ sent }) => sent.GroupId === groupId);
    expect([name, SecurityGroupRules.length]).toStrictEqual([name, own.length]);
    expect(own.length).toBeGreaterThan(2);
  }
});

test.each([
  ['spot', 3],
  ['warm', 3],
])(
  'the group %s starts its %d machines from the template: user-data, tags, role, groups and no public address',
  async (name, count) => {
    const { AutoScalingGroups } = await sdk.call('autoscaling', 'describe_auto_scaling_groups', {
      AutoScalingGroupNames: [`project-stack-${name}`],
    });
    const ids = AutoScalingGroups[0].Instances.map(({ InstanceId }: AwsValue) => InstanceId);
    expect(ids.length).toBe(count);
    const template = made.get(`${name}-launch-template`)?.sent.LaunchTemplateData;
    const { Reservations } = await sdk.call('ec2', 'describe_instances', { InstanceIds: ids });
    for (const instance of Reservations.flatMap(({ Instances }: AwsValue) => Instances)) {
      expect(account.subnets).toContain(instance.SubnetId);
      expect(instance.ImageId).toBe(template.ImageId);
      expect(instance.PublicIpAddress).toBeUndefined();
      const asked = { InstanceId: instance.InstanceId, Attribute: 'userData' };
      const { UserData } = await sdk.call('ec2', 'describe_instance_attribute', asked);
      expect(UserData.Value).toBe(template.UserData);
      const tags = Object.fromEntries(instance.Tags.map(({ Key, Value }: AwsValue) => [Key, Value]));
      expect(tags).toMatchObject({ Name: name, team: 'payments' });
    }
  },
);

test.each(['spot-launch-template', 'warm-launch-template', 'one-instance'])(
  'the user-data of %s is within the 16 KB of EC2, which moto does not mind',
  (name) => {
    const { userData, userDataBase64 = userData } = named(resources, name).inputs;
    const size = Buffer.from(userDataBase64, 'base64').length;
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThanOrEqual(16384);
  },
);

test('an input that nobody knows makes the proof fail', async () => {
  const group = named(resources, 'warm-security-group');
  const changed = { ...group, inputs: { ...group.inputs, revokeRulesOnDelete: true } };
  await expect(deploy(sdk, [changed], MAKERS)).rejects.toThrow('nobody knows what becomes of revokeRulesOnDelete');
});

async function prepare(): Promise<Account> {
  const vpcs: string[] = [];
  for (const CidrBlock of ['10.20.0.0/16', '10.30.0.0/16']) {
    vpcs.push((await sdk.call('ec2', 'create_vpc', { CidrBlock })).Vpc.VpcId);
  }
  const [VpcId, otherVpc] = vpcs;
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const place = { VpcId, CidrBlock: `10.20.${index}.0/24`, AvailabilityZone: `${REGION}${zone}` };
    subnets.push((await sdk.call('ec2', 'create_subnet', place)).Subnet.SubnetId);
  }
  const group = async (GroupName: string): Promise<string> =>
    (await sdk.call('ec2', 'create_security_group', { GroupName, Description: GroupName, VpcId })).GroupId;
  const list = { PrefixListName: 'endpoints', MaxEntries: 1, AddressFamily: 'IPv4' };
  const statement = { Effect: 'Allow', Action: 'autoscaling:*', Resource: '*' };
  const boundary = { Version: '2012-10-17', Statement: [statement] };
  const Path = '/aws/service/ami-amazon-linux-latest';
  const images: Record<string, string> = {};
  for (let NextToken: string | undefined; ; ) {
    const page = await sdk.call('ssm', 'get_parameters_by_path', { Path, ...(NextToken && { NextToken }) });
    for (const { Name, Value } of page.Parameters) images[Name] = Value;
    NextToken = page.NextToken;
    if (NextToken === undefined) break;
  }
  return {
    vpc: VpcId,
    otherVpc,
    subnets,
    groups: {
      cluster: await group('cluster'),
      nlb: await group('nlb'),
      gatewayPods: await group('gateway-pods'),
      own: await group('own'),
    },
    prefixList: (await sdk.call('ec2', 'create_managed_prefix_list', list)).PrefixList.PrefixListId,
    boundary: (
      await sdk.call('iam', 'create_policy', { PolicyName: 'boundary', PolicyDocument: JSON.stringify(boundary) })
    ).Policy.Arn,
    images,
  };
}

/** Between them they use every argument that shows in AWS. */
function program(): void {
  const { subnets, groups } = account;
  const peers = { gateway: [{ securityGroupId: groups.nlb }] };
  const common = {
    gateway: new EastWestGateway('gateway', { mesh: meshArgs(), loadBalancer: { awsNlb: {} } }),
    subnetIds: [...subnets],
    tags: { team: 'payments' },
  };
  const metric = { namespace: 'Payments', name: 'Requests', dimensions: { service: 'payments' } };
  new VmAutoScalingGroup(
    'spot',
    fleetArgs({
      ...common,
      ports: [
        { name: 'http', port: 8080 },
        { name: 'grpc', port: 9090 },
      ],
      peers: {
        ...peers,
        serviceGateways: [{ cidrIpv4: '10.40.0.0/16' }],
        podPorts: [{ from: 8080 }, { from: 9000, to: 9100 }],
        healthCheck: { sources: [{ cidrIpv4: '10.20.8.0/24' }, { cidrIpv6: 'fd00:20::/64' }] },
        outbound: [{ prefixListId: account.prefixList }],
      },
      image: { amazonLinux2023: { architecture: MachineArchitecture.X86_64 } },
      instanceTypes: ['m7i.large', 'm6i.large'],
      minSize: 3,
      spot: {
        onDemandBaseCapacity: 1,
        // moto rounds down both shares of what is above the base: these lose no machine.
        onDemandPercentageAboveBaseCapacity: 50,
        allocationStrategy: SpotAllocationStrategy.CapacityOptimized,
        maxPrice: '0.2',
      },
      scaling: {
        targetCpuPercent: 60,
        requests: { perMachinePerMinute: 1000, metric },
        metrics: [{ name: 'queue', metric, target: 10, statistic: CloudWatchStatistic.Maximum, scaleOutOnly: true }],
        schedules: [
          { name: 'morning', recurrence: '0 7 * * 1-5', timeZone: 'Europe/Berlin', minSize: 4 },
          { name: 'night', recurrence: '0 20 * * *', minSize: 2, maxSize: 4, desiredCapacity: 2 },
        ],
      },
      rollout: {
        minHealthyPercentage: 90,
        maxHealthyPercentage: 120,
        alarms: ['errors'],
        checkpointPercentages: [20, 100],
        checkpointDelaySeconds: 600,
      },
      rootVolume: {
        sizeGib: 20,
        iops: 4000,
        throughputMibps: 250,
        kmsKeyId: KEY,
      },
      securityGroupIds: [groups.own],
      ssm: true,
      permissionsBoundary: account.boundary,
      maxLifetimeDays: 30,
      warmupSeconds: 90,
    }),
  );
  new VmAutoScalingGroup(
    'warm',
    fleetArgs({
      ...common,
      createNamespace: false,
      network: { behindGateway: { name: 'dc-1', cidrs: ['10.20.0.0/16'] } },
      peers: { ...peers, gatewayPods: [{ securityGroupId: groups.gatewayPods }] },
      image: { ami: { id: anImage(), architecture: MachineArchitecture.X86_64, preinstalled: true } },
      desiredCapacity: 3,
      warmPool: { minSize: 1, maxPreparedCapacity: 6, state: WarmPoolState.Running, reuseOnScaleIn: true },
      launchHook: { timeoutSeconds: 900 },
      drain: { seconds: 60, timeoutSeconds: 300 },
      detailedMonitoring: true,
      // EC2 takes the image's when there is none; moto starts no machine then.
      rootVolume: { sizeGib: 12 },
    }),
  );
  new VirtualMachine(
    'one',
    machineArgs({
      gateway: common.gateway,
      tags: common.tags,
      createNamespace: false,
      peers,
      subnetId: subnets[0],
      privateIp: '10.20.0.77',
      image: { ami: { id: anImage(), architecture: MachineArchitecture.X86_64 } },
      rootVolume: { sizeGib: 12, iops: 3500, throughputMibps: 200, kmsKeyId: KEY },
      disableApiTermination: true,
      detailedMonitoring: true,
    }),
  );
  new IstiodPrivateZone('istiod', {
    dnsName: 'istiod.mesh.example.com',
    gatewayAddress: 'nlb-0123.elb.eu-west-1.amazonaws.com',
    vpcs: [{ id: account.vpc }, { id: account.otherVpc, region: REGION }],
    tags: { team: 'payments' },
  });
}

/** One of the images that moto knows. */
function anImage(): string {
  return account.images['/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64'];
}

function registerAll(): Promise<readonly Registered[]> {
  const { state } = inAws();
  return registered(program, {
    call: ({ token, inputs }) => {
      switch (token) {
        case 'aws:eks/getCluster:getCluster': {
          const vpcConfig = { clusterSecurityGroupId: account.groups.cluster, vpcId: account.vpc };
          return { ...ANSWERS[token], vpcConfig };
        }
        case 'aws:ssm/getParameter:getParameter':
          if (account.images[inputs.name] === undefined) throw new Error(`moto has no parameter ${inputs.name}`);
          return { insecureValue: account.images[inputs.name] };
        case 'aws:ec2/getAmi:getAmi':
          return { ...ANSWERS[token], id: imageId(inputs), rootDeviceName: '/dev/xvda' };
        default:
          if (ANSWERS[token] === undefined) throw new Error(`nobody answers ${token}`);
          return ANSWERS[token];
      }
    },
    state: (resource) => ({
      ...state?.(resource),
      ...(resource.type === 'aws:ec2/launchTemplate:LaunchTemplate' ? { latestVersion: 1 } : {}),
      ...(resource.type === 'aws:route53/zone:Zone' ? { zoneId: `zone:${resource.name}` } : {}),
    }),
  });
}

/** The image that a filter by its ID finds. */
function imageId({ filters }: AwsValue): string {
  const [[id]] = filters.map(({ values }: AwsValue) => values);
  return id;
}
