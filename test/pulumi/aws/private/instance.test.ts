import { secret } from '@pulumi/pulumi';
import type { VirtualMachineArgs } from 'meshvm/pulumi/aws';
import { checkPlace } from '../../../../lib/pulumi/aws/private/instance';
import { later, named } from '../../fixtures';
import { machine, machineArgs, notedBy } from '../fleet';

async function instance(args: Partial<VirtualMachineArgs> = {}) {
  return named(await machine(args), 'pay-instance');
}

test('starts one machine with IMDSv2 alone, an encrypted volume, no public address, and what the group tells it', async () => {
  const { type, parent, inputs, secrets } = await instance();
  expect([type, parent, secrets]).toStrictEqual(['aws:ec2/instance:Instance', 'pay', []]);
  expect(inputs).toStrictEqual({
    ami: 'ami-0found',
    instanceType: 'm7i.large',
    subnetId: 'subnet-a',
    associatePublicIpAddress: false,
    vpcSecurityGroupIds: ['pay-security-group-id'],
    iamInstanceProfile: 'pay-instance-profile-in-aws',
    userDataBase64: expect.any(String),
    userDataReplaceOnChange: true,
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: 'enabled',
    },
    rootBlockDevice: {
      volumeType: 'gp3',
      encrypted: true,
      deleteOnTermination: true,
      tags: { Name: 'pay' },
    },
    monitoring: false,
    disableApiTermination: false,
    tags: { Name: 'pay' },
  });
});

test('starts only when the machine can join', async () => {
  expect((await instance()).dependencies).toStrictEqual(
    expect.arrayContaining([
      'RoleBinding payments/pay-bootstrap',
      'ConfigMap payments/pay-bootstrap',
      'pay-access-entry',
      'pay-instance-profile',
      'pay-istiod-0',
      'pay-api-server-0-peer',
    ]),
  );
});

test('takes what is given', async () => {
  const { inputs, secrets } = await instance({
    privateIp: '10.20.1.7',
    replaceOnUserDataChange: false,
    disableApiTermination: true,
    detailedMonitoring: true,
    rootVolume: { sizeGib: 40, iops: 4000, throughputMibps: 250, kmsKeyId: 'arn:key' },
    securityGroupIds: ['sg-logs'],
    tags: { team: 'till' },
    application: { commands: [secret('true')] },
  });
  expect(inputs).toMatchObject({
    privateIp: '10.20.1.7',
    userDataReplaceOnChange: false,
    disableApiTermination: true,
    monitoring: true,
    rootBlockDevice: { volumeSize: 40, iops: 4000, throughput: 250, kmsKeyId: 'arn:key' },
    vpcSecurityGroupIds: ['pay-security-group-id', 'sg-logs'],
    tags: { Name: 'pay', team: 'till' },
  });
  expect(secrets).toStrictEqual(['userDataBase64']);
});

describe('checkPlace', () => {
  const check = (args: Partial<VirtualMachineArgs>) => notedBy((problems) => checkPlace(problems, machineArgs(args)));

  test('lets a subnet and an address pass', () => {
    expect(check({ privateIp: '10.20.1.7' })).toStrictEqual([]);
    expect(check({ subnetId: later('x'), privateIp: later('x') })).toStrictEqual([]);
  });

  test('refuses what is none', () => {
    expect(check({ subnetId: undefined, privateIp: 'fd00::1' })).toStrictEqual([
      'subnetId: undefined is not allowed; allowed: the ID of a subnet, such as subnet-0123456789abcdef0',
      'privateIp: "fd00::1" is not allowed; allowed: an IPv4 address of the subnet',
    ]);
  });
});

test('lets containers on the machine reach the metadata service where that is said', async () => {
  const { inputs } = await instance({ metadataHops: 2 });
  expect(inputs.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 2 });
});
