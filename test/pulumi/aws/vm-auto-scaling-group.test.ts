import * as k8s from '@pulumi/kubernetes';
import { secret } from '@pulumi/pulumi';
import type { ApplicationArgs } from 'meshvm/pulumi';
import { MeshVmGroup } from 'meshvm/pulumi';
import { MachineArchitecture, VmAutoScalingGroup } from 'meshvm/pulumi/aws';
import { lifecycleOf, resolveFleet } from '../../../lib/pulumi/aws/private/fleet';
import { planGroup } from '../../../lib/pulumi/groups/group-plan';
import { groupArgs, joiningArgs, later, named, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { failureOf, runProgram, settled } from '../program';
import { fleet, fleetArgs, inAws } from './fleet';
import { ANSWERS, CERTIFICATE, FakeProvider } from './provider';
import { outputsOf, toldTo, treeOf } from './tree';

const ENDPOINT = 'https://0123.gr7.eu-west-1.eks.amazonaws.com';

test('is a group of the mesh and a fleet that joins it', async () => {
  expect(treeOf(await fleet())).toStrictEqual([
    'meshvm:index:VmAutoScalingGroup pay',
    '  aws:autoscaling/group:Group pay-auto-scaling-group',
    '  aws:autoscaling/lifecycleHook:LifecycleHook pay-meshvm-launch',
    '  aws:autoscaling/lifecycleHook:LifecycleHook pay-meshvm-terminate',
    '  aws:ec2/launchTemplate:LaunchTemplate pay-launch-template',
    '  aws:ec2/securityGroup:SecurityGroup pay-security-group',
    '  aws:eks/accessEntry:AccessEntry pay-access-entry',
    '  aws:iam/instanceProfile:InstanceProfile pay-instance-profile',
    '  aws:iam/role:Role pay-role',
    '  aws:iam/rolePolicy:RolePolicy pay-lifecycle-policy',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-api-server-0',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-https-0',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule pay-istiod-0',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-api-server-0-peer',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-callers-0-8080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule pay-istiod-0-peer',
    '  meshvm:index:MeshVmGroup pay-group',
  ]);
});

test('has the very objects of a MeshVmGroup of its name', async () => {
  const objects = (resources: Awaited<ReturnType<typeof fleet>>, parent: string) =>
    Object.fromEntries(
      resources.filter((resource) => resource.parent === parent).map(({ name, inputs }) => [name, inputs]),
    );
  const resources = await registered(() => new MeshVmGroup('pay', joiningArgs()));
  const expected = objects(resources, 'pay');
  expect(Object.keys(expected)).toHaveLength(20);
  expect(objects(await fleet(), 'pay-group')).toStrictEqual(expected);
});

test('says what was made', async () => {
  const { value } = await runProgram(() => {
    const pay = new VmAutoScalingGroup('pay', fleetArgs());
    return { outputs: outputsOf(pay), group: pay.group };
  }, inAws());
  expect(await value.outputs).toStrictEqual({
    autoScalingGroupName: 'project-stack-pay',
    autoScalingGroupArn: 'arn:pay-auto-scaling-group',
    launchTemplateId: 'pay-launch-template-id',
    launchTemplateVersion: 7,
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
  expect(await settled(value.group.host)).toBe('pay.payments.svc.cluster.local');
});

test('the cluster takes the machines for the Kubernetes group that may join', async () => {
  const resources = await fleet();
  expect(named(resources, 'pay-access-entry').inputs).toMatchObject({
    clusterName: 'prod-eu',
    principalArn: 'arn:pay-role',
    kubernetesGroups: ['meshvm:payments:pay'],
  });
  expect(named(resources, 'RoleBinding payments/pay-bootstrap').inputs.subjects).toMatchObject([
    { kind: 'Group', name: 'meshvm:payments:pay' },
  ]);
});

describe('user-data', () => {
  test('is byte for byte that of the group, with what the machine is told of its fleet', async () => {
    const { inputs } = named(await fleet(), 'pay-launch-template');
    const { value } = await runProgram(() =>
      planGroup(
        'MeshVmGroup',
        'pay',
        {
          ...groupArgs(),
          gateway: { serviceName: 'istio-eastwestgateway' },
          identity: { eks: { cluster: 'prod-eu' } },
          userData: { apiServer: ENDPOINT, caCertificate: CERTIFICATE },
        },
        lifecycleOf(resolveFleet('pay', fleetArgs())),
      ),
    );
    const text = toldTo(inputs.userData);
    expect(text).toBe((await settled(value.result)).userData);
    expect(text.split('\n', 1)).toStrictEqual(['#cloud-config']);
    expect(text).toContain('"autoScalingGroupName":"project-stack-pay"');
    expect(text).toContain(`"apiServer":"${ENDPOINT}"`);
  });

  test('changes with the cluster, not with its security group', async () => {
    const of = async (cluster: Record<string, unknown>) => {
      const answer = { ...ANSWERS['aws:eks/getCluster:getCluster'], ...cluster };
      const provider = new FakeProvider({ 'aws:eks/getCluster:getCluster': answer });
      return named(await fleet({}, inAws({ provider })), 'pay-launch-template').inputs.userData;
    };
    const now = await of({});
    expect(await of({ vpcConfig: { clusterSecurityGroupId: 'sg-other', vpcId: 'vpc-other' } })).toBe(now);
    expect(await of({ endpoint: 'https://4567.gr7.eu-west-1.eks.amazonaws.com' })).not.toBe(now);
  });

  test('is not known in a preview in which the cluster is still to be made, and all else is', async () => {
    const cluster = {
      name: unknown<string>(),
      endpoint: unknown<string>(),
      certificateAuthority: unknown<string>(),
      securityGroupId: unknown<string>(),
      authenticationMode: 'API',
      vpcId: unknown<string>(),
    };
    const resources = await fleet({ cluster }, inAws({ preview: true }));
    const { inputs } = named(resources, 'pay-launch-template');
    expect(inputs).toMatchObject({ userData: UNKNOWN, instanceType: 'm7i.large', imageId: 'ami-0found' });
    expect(resources.map(({ name }) => name)).toContain('pay-auto-scaling-group');
    expect(named(resources, 'WorkloadGroup payments/pay').inputs.metadata.name).toBe('pay');
  });

  test('stays secret with what is secret', async () => {
    const secretOnes = (await fleet({ cluster: { name: 'prod-eu', endpoint: secret(ENDPOINT) } })).filter(
      ({ secrets }) => secrets.length > 0,
    );
    expect(secretOnes.map(({ name, secrets }) => [name, secrets])).toStrictEqual([
      ['pay-launch-template', ['userData']],
    ]);
  });
});

test('Inputs that are known later give the same fleet', async () => {
  const inputs = (resources: Awaited<ReturnType<typeof fleet>>) =>
    Object.fromEntries(
      resources.map(({ type, name, inputs }) => [
        `${type} ${inputs.metadata?.namespace} ${inputs.metadata?.name ?? name}`,
        inputs,
      ]),
    );
  const args = {
    namespace: later('payments'),
    cluster: { name: later('prod-eu') },
    subnetIds: later(['subnet-a', 'subnet-b']),
    minSize: later(2),
    image: { ami: { id: later('ami-0own'), architecture: MachineArchitecture.X86_64 } },
    peers: { gateway: [{ securityGroupId: later('sg-nlb') }] },
  };
  expect(inputs(await fleet(args))).toStrictEqual(inputs(await fleet()));
});

test('hands its dependencies on to all that it registers', async () => {
  const resources = await registered(() => {
    const before = new k8s.core.v1.Namespace('before');
    return new VmAutoScalingGroup('pay', fleetArgs({ scaling: { targetCpuPercent: 50 } }), { dependsOn: before });
  }, inAws());
  // What hangs on another resource of the fleet comes after it all the same.
  const without = resources.filter(
    ({ custom, name, dependencies }) => custom && name !== 'before' && !dependencies.includes('before'),
  );
  expect(without.map(({ name }) => name).sort()).toStrictEqual([
    'pay-meshvm-launch',
    'pay-meshvm-terminate',
    'pay-scale-cpu',
  ]);
});

describe('refuses', () => {
  test('everything that is wrong at once, before anything is registered', async () => {
    const args = fleetArgs({
      minSize: 3,
      maxSize: 2,
      subnetIds: [],
      instanceTypes: ['m7g.large'],
      drain: { seconds: 600, timeoutSeconds: 300 },
      spot: { onDemandPercentageAboveBaseCapacity: 120 },
      tags: { 'a/b': 'c' },
      gateway: undefined,
      ports: [{ name: 'http', port: 0 }],
      application: { files: [{ path: 'pay.conf', content: '' }] },
    });
    const paths = (await refusal(() => new VmAutoScalingGroup('pay', args))).map((text) => text.split(/[: ]/, 1)[0]);
    expect(paths).toStrictEqual([
      'instanceTypes[0]',
      'tags',
      'subnetIds',
      'maxSize',
      'spot.onDemandPercentageAboveBaseCapacity',
      'drain.timeoutSeconds',
      'application.files[0].path',
      'ports[0].port',
      'gateway',
    ]);
  });

  test('what its group would not know, where it stands among its own arguments', async () => {
    const application = { comands: ['date'], files: 'x' } as unknown as ApplicationArgs;
    const given = fleetArgs({ application, bootstrap: { sidecarPackage: {} }, minSize: 3, maxSize: 2 });
    const paths = (await refusal(() => new VmAutoScalingGroup('pay', given))).map((text) => text.split(/[: ]/, 1)[0]);
    expect(paths.sort()).toStrictEqual([
      'application.comands',
      'application.files',
      'bootstrap.sidecarPackage',
      'maxSize',
    ]);
  });

  test('a second fleet of the same group', async () => {
    const { value } = await runProgram(() => {
      new VmAutoScalingGroup('pay', fleetArgs());
      try {
        new VmAutoScalingGroup('pay-2', fleetArgs({ name: 'pay' }));
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    }, inAws());
    expect(value).toMatch(/^VmAutoScalingGroup pay-2: \d+ problems?\n/);
  });

  test('a cluster that knows no access entries, when EKS says so', async () => {
    const answer = {
      ...ANSWERS['aws:eks/getCluster:getCluster'],
      accessConfigs: [{ authenticationMode: 'CONFIG_MAP' }],
    };
    const provider = new FakeProvider({ 'aws:eks/getCluster:getCluster': answer });
    const errors = await failureOf(() => new VmAutoScalingGroup('pay', fleetArgs()), inAws({ provider }));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/cluster\.authenticationMode: "CONFIG_MAP" is not allowed/),
    );
  });
});
