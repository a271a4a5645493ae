import {
  boolean,
  list,
  type Maker,
  object,
  parameters,
  pick,
  providersOwn,
  type Resource,
  type Target,
  tagList,
  to,
  withTags,
} from '../api';
import type { AwsSdk, AwsValue } from '../sdk';

/** Security groups with their rules, launch templates and machines. */
export const EC2_MAKERS: Readonly<Record<string, Maker>> = {
  'aws:ec2/securityGroup:SecurityGroup': async (sdk, { name, inputs }) => {
    const sent = parameters(name, inputs, {
      description: to('Description'),
      vpcId: to('VpcId'),
      tags: to('Tags', tagList),
    });
    const { Tags, ...others } = sent;
    const TagSpecifications = Tags && [{ ResourceType: 'security-group', Tags }];
    const { GroupId } = await sdk.call('ec2', 'create_security_group', {
      GroupName: name,
      ...others,
      TagSpecifications,
    });
    // The provider takes away what AWS puts into every new group.
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await sdk.call('ec2', 'revoke_security_group_egress', { GroupId, IpPermissions });
    const [group] = (await sdk.call('ec2', 'describe_security_groups', { GroupIds: [GroupId] })).SecurityGroups;
    return { names: { [`${name}-id`]: GroupId }, sent, stored: withTags(pick(group, ['Description', 'VpcId']), group) };
  },

  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': (sdk, resource) => rule(sdk, 'ingress', resource),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': (sdk, resource) => rule(sdk, 'egress', resource),

  'aws:ec2/launchTemplate:LaunchTemplate': async (sdk, { name, inputs }) => {
    const { Tags, ...sent } = parameters(name, inputs, {
      description: to('VersionDescription'),
      ...launchTemplateData(name),
      tags: to('Tags', tagList),
      // Of later versions.
      updateDefaultVersion: providersOwn,
    });
    const TagSpecifications = Tags && [{ ResourceType: 'launch-template', Tags }];
    const { LaunchTemplate } = await sdk.call('ec2', 'create_launch_template', {
      LaunchTemplateName: name,
      ...sent,
      TagSpecifications,
    });
    const { LaunchTemplateId } = LaunchTemplate;
    const { LaunchTemplateVersions } = await sdk.call('ec2', 'describe_launch_template_versions', { LaunchTemplateId });
    const [version] = LaunchTemplateVersions;
    const { LaunchTemplateData: data } = version;
    const [template] = (await sdk.call('ec2', 'describe_launch_templates', { LaunchTemplateIds: [LaunchTemplateId] }))
      .LaunchTemplates;
    return {
      names: { [`${name}-id`]: LaunchTemplateId },
      sent: { ...sent, ...(Tags && { Tags }), VersionNumber: 1 },
      stored: withTags(
        {
          ...pick(version, ['VersionDescription', 'VersionNumber']),
          LaunchTemplateData: {
            ...data,
            // moto puts the template's own tags among them.
            TagSpecifications: data.TagSpecifications.filter((one: AwsValue) => one.ResourceType !== 'launch-template'),
          },
        },
        template,
      ),
    };
  },

  'aws:ec2/instance:Instance': async (sdk, { name, inputs }) => {
    const { BlockDevice, ...sent } = parameters(name, inputs, {
      ami: to('ImageId'),
      instanceType: to('InstanceType'),
      userDataBase64: to('UserData'),
      iamInstanceProfile: to('IamInstanceProfile.Name'),
      metadataOptions: to('MetadataOptions', object(name, METADATA_OPTIONS)),
      subnetId: to('Interface.SubnetId'),
      privateIp: to('Interface.PrivateIpAddress'),
      associatePublicIpAddress: to('Interface.AssociatePublicIpAddress'),
      vpcSecurityGroupIds: to('Interface.Groups'),
      rootBlockDevice: to('BlockDevice', object(name, { ...volume((value) => value), tags: to('Tags', tagList) })),
      monitoring: to('Monitoring.Enabled'),
      disableApiTermination: to('DisableApiTermination'),
      tags: to('Tags', tagList),
      userDataReplaceOnChange: providersOwn,
    });
    const { Tags, Interface, UserData, ...others } = sent;
    const { Tags: volumeTags, ...Ebs } = BlockDevice;
    const { Instances } = await sdk.call('ec2', 'run_instances', {
      ...others,
      // The SDK encodes it, where the provider hands it on as it is.
      UserData: Buffer.from(UserData, 'base64').toString('latin1'),
      NetworkInterfaces: [{ DeviceIndex: 0, ...Interface }],
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs }],
      TagSpecifications: [
        { ResourceType: 'instance', Tags },
        { ResourceType: 'volume', Tags: volumeTags },
      ],
      MinCount: 1,
      MaxCount: 1,
    });
    const [{ InstanceId }] = Instances;
    const [{ Instances: found }] = (await sdk.call('ec2', 'describe_instances', { InstanceIds: [InstanceId] }))
      .Reservations;
    const [instance] = found;
    const data = await sdk.call('ec2', 'describe_instance_attribute', { InstanceId, Attribute: 'userData' });
    // Of a machine that is run by itself moto does not keep these.
    const { DisableApiTermination, ...kept } = sent;
    const { Iops, Throughput, ...disk } = BlockDevice;
    const [card] = instance.NetworkInterfaces;
    const [device] = instance.BlockDeviceMappings;
    const [stored] = (await sdk.call('ec2', 'describe_volumes', { VolumeIds: [device.Ebs.VolumeId] })).Volumes;
    return {
      names: { [`${name}-id`]: InstanceId },
      sent: {
        ...kept,
        Interface: pick(Interface, ['SubnetId', 'PrivateIpAddress', 'Groups']),
        BlockDevice: disk,
        PublicIpAddress: undefined,
      },
      stored: withTags(
        {
          ...pick(instance, ['ImageId', 'InstanceType']),
          UserData: data.UserData.Value,
          IamInstanceProfile: { Name: instance.IamInstanceProfile.Arn.split('/').pop() },
          MetadataOptions: pick(instance.MetadataOptions, Object.keys(sent.MetadataOptions)),
          Interface: {
            ...pick(card, ['SubnetId', 'PrivateIpAddress']),
            Groups: card.Groups.map(({ GroupId }: AwsValue) => GroupId),
          },
          BlockDevice: withTags(
            {
              VolumeSize: stored.Size,
              DeleteOnTermination: device.Ebs.DeleteOnTermination,
              ...pick(stored, ['VolumeType', 'Encrypted', 'KmsKeyId']),
            },
            stored,
          ),
          Monitoring: { Enabled: instance.Monitoring.State === 'enabled' },
          PublicIpAddress: instance.PublicIpAddress,
        },
        instance,
      ),
    };
  },
};

async function rule(sdk: AwsSdk, direction: 'ingress' | 'egress', { name, inputs }: Resource): ReturnType<Maker> {
  const { GroupId, Tags, Peer, Description, ...range } = parameters(name, inputs, {
    securityGroupId: to('GroupId'),
    ipProtocol: to('IpProtocol'),
    fromPort: to('FromPort'),
    toPort: to('ToPort'),
    description: to('Description'),
    referencedSecurityGroupId: to('Peer.GroupId'),
    cidrIpv4: to('Peer.CidrIp'),
    cidrIpv6: to('Peer.CidrIpv6'),
    prefixListId: to('Peer.PrefixListId'),
    tags: to('Tags', tagList),
  });
  const [[kind, peer], ...more] = Object.entries(Peer);
  if (more.length > 0) throw new Error(`${name} has several peers`);
  const IpPermissions = [{ ...range, [PEER_LISTS[kind]]: [{ [kind]: peer, Description }] }];
  const TagSpecifications = Tags && [{ ResourceType: 'security-group-rule', Tags }];
  const { SecurityGroupRules } = await sdk.call('ec2', `authorize_security_group_${direction}`, {
    GroupId,
    IpPermissions,
    TagSpecifications,
  });
  const SecurityGroupRuleIds = SecurityGroupRules.map((one: AwsValue) => one.SecurityGroupRuleId);
  const found = await sdk.call('ec2', 'describe_security_group_rules', { SecurityGroupRuleIds });
  const [stored] = found.SecurityGroupRules;
  const byGroup = stored.ReferencedGroupInfo && { GroupId: stored.ReferencedGroupInfo.GroupId };
  return {
    names: {},
    sent: {
      ...{ GroupId, IsEgress: direction === 'egress', ...range, Peer },
      // moto keeps a description only where the peer is an address range.
      ...(kind.startsWith('Cidr') && { Description }),
      ...(Tags && { Tags }),
    },
    stored: withTags(
      {
        ...pick(stored, ['GroupId', 'IsEgress', 'IpProtocol', 'FromPort', 'ToPort']),
        Peer: byGroup ?? {
          ...(stored.CidrIpv4 && { CidrIp: stored.CidrIpv4 }),
          ...pick(stored, ['CidrIpv6', 'PrefixListId']),
        },
        ...(kind.startsWith('Cidr') && pick(stored, ['Description'])),
      },
      stored,
    ),
  };
}

const PEER_LISTS: Readonly<Record<string, string>> = {
  GroupId: 'UserIdGroupPairs',
  CidrIp: 'IpRanges',
  CidrIpv6: 'Ipv6Ranges',
  PrefixListId: 'PrefixListIds',
};

const METADATA_OPTIONS = {
  httpEndpoint: to('HttpEndpoint'),
  httpTokens: to('HttpTokens'),
  httpPutResponseHopLimit: to('HttpPutResponseHopLimit'),
  instanceMetadataTags: to('InstanceMetadataTags'),
};

function volume(flag: (value: AwsValue) => AwsValue): Readonly<Record<string, Target>> {
  return {
    volumeType: to('VolumeType'),
    encrypted: to('Encrypted', flag),
    deleteOnTermination: to('DeleteOnTermination', flag),
    volumeSize: to('VolumeSize'),
    iops: to('Iops'),
    throughput: to('Throughput'),
    kmsKeyId: to('KmsKeyId'),
  };
}

function launchTemplateData(name: string): Readonly<Record<string, Target>> {
  const data = (path: string, convert?: (value: AwsValue) => AwsValue) => to(`LaunchTemplateData.${path}`, convert);
  const networkInterface = object(name, {
    deviceIndex: to('DeviceIndex'),
    associatePublicIpAddress: to('AssociatePublicIpAddress', boolean),
    deleteOnTermination: to('DeleteOnTermination', boolean),
    securityGroups: to('Groups'),
  });
  const device = object(name, { deviceName: to('DeviceName'), ebs: to('Ebs', object(name, volume(boolean))) });
  const tagged = object(name, { resourceType: to('ResourceType'), tags: to('Tags', tagList) });
  return {
    imageId: data('ImageId'),
    instanceType: data('InstanceType'),
    userData: data('UserData'),
    iamInstanceProfile: data('IamInstanceProfile', object(name, { arn: to('Arn') })),
    metadataOptions: data('MetadataOptions', object(name, METADATA_OPTIONS)),
    networkInterfaces: data('NetworkInterfaces', list(networkInterface)),
    blockDeviceMappings: data('BlockDeviceMappings', list(device)),
    monitoring: data('Monitoring', object(name, { enabled: to('Enabled') })),
    instanceInitiatedShutdownBehavior: data('InstanceInitiatedShutdownBehavior'),
    tagSpecifications: data('TagSpecifications', list(tagged)),
  };
}
