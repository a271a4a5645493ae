import { VirtualMachine } from 'meshvm/pulumi/aws';
import { planGroup } from '../../../lib/pulumi/groups/group-plan';
import { groupArgs, named, refusal } from '../fixtures';
import { runProgram, settled } from '../program';
import { inAws, machine, machineArgs } from './fleet';
import { ANSWERS, CERTIFICATE } from './provider';
import { outputsOf, toldTo, treeOf } from './tree';

test('is a group of the mesh and an instance that joins it', async () => {
  expect(treeOf(await machine())).toStrictEqual([
    'meshvm:index:VirtualMachine pay',
    '  aws:ec2/instance:Instance pay-instance',
    '  aws:ec2/securityGroup:SecurityGroup pay-security-group',
    '  aws:eks/accessEntry:AccessEntry pay-access-entry',
    '  aws:iam/instanceProfile:InstanceProfile pay-instance-profile',
    '  aws:iam/role:Role pay-role',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-api-server-0',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-https-0',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-istiod-0',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-api-server-0-peer',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-callers-0-8080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-istiod-0-peer',
    '  meshvm:index:MeshVmGroup pay-group',
  ]);
});

test('says what was made', async () => {
  const { value } = await runProgram(() => {
    const vm = new VirtualMachine('pay', machineArgs());
    return { outputs: outputsOf(vm), group: vm.group };
  }, inAws());
  expect(await value.outputs).toStrictEqual({
    instanceId: 'pay-instance-id',
    privateIp: '10.20.1.7',
    roleArn: 'arn:pay-role',
    roleName: 'pay-role-in-aws',
    securityGroupId: 'pay-security-group-id',
    imageId: 'ami-0found',
    namespace: 'payments',
    groupName: 'pay',
    serviceAccount: 'pay',
    labels: {
      app: 'pay',
      'service.istio.io/canonical-name': 'pay',
      'service.istio.io/canonical-revision': 'latest',
      version: 'latest',
    },
    host: 'pay.payments.svc.cluster.local',
    spiffeId: 'spiffe://cluster.local/ns/payments/sa/pay',
  });
  expect(await settled(value.group.groupName)).toBe('pay');
});

test('starts from the user-data of its group, and knows no lifecycle of a fleet', async () => {
  const { inputs } = named(await machine(), 'pay-instance');
  const { endpoint } = ANSWERS['aws:eks/getCluster:getCluster'] as { endpoint: string };
  const { value } = await runProgram(() =>
    planGroup('MeshVmGroup', 'pay', {
      ...groupArgs(),
      gateway: { serviceName: 'istio-eastwestgateway' },
      identity: { eks: { cluster: 'prod-eu' } },
      userData: { apiServer: endpoint, caCertificate: CERTIFICATE },
    }),
  );
  expect(toldTo(inputs.userDataBase64)).toBe((await settled(value.result)).userData);
});

test('refuses everything that is wrong at once, before anything is registered', async () => {
  const args = machineArgs({
    instanceType: 'm7g.large',
    subnetId: 'here',
    weight: 0,
    application: { packages: ['a b'] },
    cluster: { name: '' },
  });
  expect(await refusal(() => new VirtualMachine('pay', args))).toStrictEqual([
    'cluster.name: "" is not allowed; allowed: a non-empty string',
    expect.stringMatching(/^instanceType: m7g\.large is for arm64, but the image \(image\.ami\) for x86_64/),
    expect.stringMatching(/^subnetId: "here" is not allowed/),
    'application.packages[0] [user-data/package]',
    'weight [machine/weight]',
  ]);
});
