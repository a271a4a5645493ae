import { secret } from '@pulumi/pulumi';
import type { VmAutoScalingGroupArgs } from 'meshvm/pulumi/aws';
import { named } from '../../fixtures';
import { fleet } from '../fleet';

async function template(args: Partial<VmAutoScalingGroupArgs> = {}) {
  return named(await fleet(args), 'pay-launch-template');
}

test('starts machines with IMDSv2 alone, one encrypted volume, no public address, and what the group tells them', async () => {
  const { type, parent, inputs } = await template();
  expect([type, parent]).toStrictEqual(['aws:ec2/launchTemplate:LaunchTemplate', 'pay']);
  expect(inputs).toStrictEqual({
    description: 'Machines of the mesh: payments/pay',
    imageId: 'ami-0found',
    instanceType: 'm7i.large',
    userData: expect.any(String),
    iamInstanceProfile: { arn: 'arn:pay-instance-profile' },
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: 'enabled',
    },
    networkInterfaces: [
      {
        deviceIndex: 0,
        associatePublicIpAddress: 'false',
        deleteOnTermination: 'true',
        securityGroups: ['pay-security-group-id'],
      },
    ],
    blockDeviceMappings: [
      { deviceName: '/dev/sda1', ebs: { volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' } },
    ],
    monitoring: { enabled: false },
    instanceInitiatedShutdownBehavior: 'terminate',
    tagSpecifications: [
      { resourceType: 'instance', tags: { Name: 'pay' } },
      { resourceType: 'volume', tags: { Name: 'pay' } },
      { resourceType: 'network-interface', tags: { Name: 'pay' } },
    ],
    updateDefaultVersion: true,
  });
});

test('takes volume, security groups and tags as they are given', async () => {
  const { inputs } = await template({
    rootVolume: { sizeGib: 40, iops: 4000, throughputMibps: 250, kmsKeyId: 'arn:key' },
    securityGroupIds: ['sg-logs'],
    tags: { team: 'till' },
  });
  expect(inputs.blockDeviceMappings[0].ebs).toStrictEqual({
    volumeType: 'gp3',
    encrypted: 'true',
    deleteOnTermination: 'true',
    volumeSize: 40,
    iops: 4000,
    throughput: 250,
    kmsKeyId: 'arn:key',
  });
  expect(inputs.networkInterfaces[0].securityGroups).toStrictEqual(['pay-security-group-id', 'sg-logs']);
  expect(inputs.tags).toStrictEqual({ team: 'till' });
  expect(new Set(inputs.tagSpecifications.map(({ tags }: { tags: unknown }) => JSON.stringify(tags)))).toStrictEqual(
    new Set(['{"Name":"pay","team":"till"}']),
  );
});

test.each<[Partial<VmAutoScalingGroupArgs>, boolean]>([
  [{ scaling: { targetCpuPercent: 50 } }, true],
  [{ scaling: { targetCpuPercent: 50 }, detailedMonitoring: false }, false],
  [{ detailedMonitoring: true }, true],
])('%j makes detailed monitoring %p', async (args, enabled) => {
  expect((await template(args)).inputs.monitoring).toStrictEqual({ enabled });
});

test('keeps secret what follows from a secret, and nothing else', async () => {
  expect((await template()).secrets).toStrictEqual([]);
  const { secrets } = await template({ application: { commands: [secret('true')] } });
  expect(secrets).toStrictEqual(['userData']);
  expect([...(await template({ tags: { team: secret('till') } })).secrets].sort()).toStrictEqual([
    'tagSpecifications',
    'tags',
  ]);
});

test('lets containers on machines reach the metadata service where that is said', async () => {
  const { inputs } = await template({ metadataHops: 2 });
  expect(inputs.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 2 });
});
