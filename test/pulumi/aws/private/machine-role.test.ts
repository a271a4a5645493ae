import { Zone } from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import * as fc from 'fast-check';
import {
  lifecyclePolicy,
  type MachineRoleProps,
  type PolicyDocument,
  registerMachineRole,
  ssmPolicyArn,
  trustPolicy,
} from '../../../../lib/pulumi/aws/private/machine-role';
import { type Registered, runProgram, settled } from '../../program';
import { Parent } from '../component';
import { allows } from '../policy';
import { FakeProvider } from '../provider';

const SCOPE = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

function groupArn(name: string, scope = SCOPE): string {
  const { partition, region, accountId } = scope;
  const uuid = '11111111-2222-3333-4444-555555555555';
  return `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:${uuid}:autoScalingGroupName/${name}`;
}

async function register(props: MachineRoleProps, provider = new FakeProvider(), preview = false) {
  const { value, resources } = await runProgram(
    async () => {
      const before = new Zone('before');
      const parent = new Parent('payments', { dependsOn: before });
      const { ready } = registerMachineRole(parent, 'payments', props, { dependsOn: before });
      const urns = await Promise.all(ready.map(({ urn }) => settled(urn)));
      return urns.map((urn) => urn.split('::').pop());
    },
    { call: provider.call, preview },
  );
  const registered = resources.filter(({ type }) => type.startsWith('aws:iam'));
  return { ready: value, registered, of: (name: string) => registered.find((one) => one.name === name) as Registered };
}

describe('lifecyclePolicy', () => {
  const policies = [lifecyclePolicy(SCOPE, 'payments-asg')];
  const own = groupArn('payments-asg');

  test.each([
    ['CompleteLifecycleAction', own],
    ['RecordLifecycleActionHeartbeat', own],
  ])('allows %s on the own group', (action, resource) => {
    expect(allows(policies, { action: `autoscaling:${action}`, resource })).toBe(true);
  });

  test.each([
    ['another group', 'autoscaling:CompleteLifecycleAction', groupArn('orders-asg')],
    ['a group whose name begins with ours', 'autoscaling:CompleteLifecycleAction', groupArn('payments-asg-2')],
    ['a group whose name ends with ours', 'autoscaling:CompleteLifecycleAction', groupArn('x/payments-asg')],
    [
      'another region',
      'autoscaling:CompleteLifecycleAction',
      groupArn('payments-asg', { ...SCOPE, region: 'eu-west-2' }),
    ],
    [
      'another account',
      'autoscaling:CompleteLifecycleAction',
      groupArn('payments-asg', { ...SCOPE, accountId: '999999999999' }),
    ],
    ['termination', 'autoscaling:TerminateInstanceInAutoScalingGroup', own],
    ['a new size', 'autoscaling:SetDesiredCapacity', own],
    ['a change of the hook', 'autoscaling:PutLifecycleHook', own],
    ['a statement on health', 'autoscaling:SetInstanceHealth', own],
    ['a look at groups', 'autoscaling:DescribeAutoScalingGroups', '*'],
    ['a look at the cluster', 'eks:DescribeCluster', 'arn:aws:eks:eu-west-1:123456789012:cluster/prod-eu'],
    ['a look at instances', 'ec2:DescribeInstances', '*'],
    ['another role', 'sts:AssumeRole', 'arn:aws:iam::123456789012:role/admin'],
    ['a parameter', 'ssm:GetParameter', 'arn:aws:ssm:eu-west-1:123456789012:parameter/x'],
  ])('denies %s', (_, action, resource) => {
    expect(allows(policies, { action, resource })).toBe(false);
  });

  test('takes wildcards in a name of a group by the letter', () => {
    const wild = [lifecyclePolicy(SCOPE, 'a*b?$c')];
    const action = 'autoscaling:CompleteLifecycleAction';
    expect(allows(wild, { action, resource: groupArn('a*b?$c') })).toBe(true);
    expect(allows(wild, { action, resource: groupArn('aXb?$c') })).toBe(false);
    expect(allows(wild, { action, resource: groupArn('a*bX$c') })).toBe(false);
  });

  test('names the own group and no other, whatever the names are', () => {
    const name = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'aB-*?$/:{}.') });
    fc.assert(
      fc.property(name, name, (ours, other) => {
        const action = 'autoscaling:CompleteLifecycleAction';
        const policy = [lifecyclePolicy(SCOPE, ours)];
        expect(allows(policy, { action, resource: groupArn(ours) })).toBe(true);
        const passes = allows(policy, { action, resource: groupArn(other) });
        // `*` stands for the group's id, which a name could only imitate with the rest of an ARN in it.
        expect(passes).toBe(ours === other || other.endsWith(`:autoScalingGroupName/${ours}`));
      }),
    );
  });

  test.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('stays in the partition %s', (partition, region) => {
    const scope = { ...SCOPE, partition, region };
    const action = 'autoscaling:CompleteLifecycleAction';
    expect(allows([lifecyclePolicy(scope, 'g')], { action, resource: groupArn('g', scope) })).toBe(true);
    expect(
      allows([lifecyclePolicy(scope, 'g')], { action, resource: groupArn('g', { ...scope, partition: 'aws' }) }),
    ).toBe(false);
    expect(ssmPolicyArn(partition)).toBe(`arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`);
  });
});

test('trustPolicy names EC2 and nobody else', () => {
  expect(trustPolicy('ec2.amazonaws.com')).toStrictEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { Service: 'ec2.amazonaws.com' } }],
  });
});

describe('registerMachineRole', () => {
  test('gives a machine that only joins no permission at all', async () => {
    const { registered, ready } = await register({ lifecycle: false, ssm: false });
    expect(registered.map(({ type, name, inputs }) => ({ type, name, inputs }))).toStrictEqual([
      {
        type: 'aws:iam/role:Role',
        name: 'payments-role',
        inputs: {
          description: 'Machines of payments: their identity towards EKS',
          assumeRolePolicy: JSON.stringify(trustPolicy('ec2.amazonaws.com')),
        },
      },
      { type: 'aws:iam/instanceProfile:InstanceProfile', name: 'payments-instance-profile', inputs: expect.anything() },
    ]);
    expect(ready).toStrictEqual(['payments-role', 'payments-instance-profile']);
  });

  test('adds one policy for lifecycle hooks and one for Systems Manager', async () => {
    const props = { autoScalingGroupName: 'payments-asg', lifecycle: true, ssm: true };
    const { of, ready, registered } = await register(props);
    const policy = JSON.parse(of('payments-lifecycle-policy').inputs.policy) as PolicyDocument;
    expect(policy).toStrictEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
          Resource: 'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/payments-asg',
        },
      ],
    });
    expect(of('payments-ssm-policy').type).toBe('aws:iam/rolePolicyAttachment:RolePolicyAttachment');
    expect(of('payments-ssm-policy').inputs.policyArn).toBe('arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore');
    expect(ready).toStrictEqual([
      'payments-role',
      'payments-instance-profile',
      'payments-lifecycle-policy',
      'payments-ssm-policy',
    ]);
    expect(registered.map(({ parent }) => parent)).toStrictEqual(['payments', 'payments', 'payments', 'payments']);
    expect(registered.map(({ dependencies }) => dependencies.includes('before'))).not.toContain(false);
  });

  test('asks the provider for partition, region, account and the name of EC2', async () => {
    const provider = new FakeProvider({
      'aws:index/getPartition:getPartition': { partition: 'aws-cn' },
      'aws:index/getRegion:getRegion': { region: 'cn-north-1' },
      'aws:index/getServicePrincipal:getServicePrincipal': { name: 'ec2.amazonaws.com.cn' },
    });
    const { of } = await register({ autoScalingGroupName: 'g', lifecycle: true, ssm: true }, provider);
    expect(of('payments-role').inputs.assumeRolePolicy).toBe(JSON.stringify(trustPolicy('ec2.amazonaws.com.cn')));
    expect(of('payments-lifecycle-policy').inputs.policy).toContain('"arn:aws-cn:autoscaling:cn-north-1:123456789012:');
    expect(of('payments-ssm-policy').inputs.policyArn).toMatch(/^arn:aws-cn:iam::aws:/);
    expect(provider.callsOf('aws:index/getServicePrincipal:getServicePrincipal')).toStrictEqual([
      { serviceName: 'ec2' },
    ]);
  });

  test('hands on boundary and tags', async () => {
    const permissionsBoundary = pulumi.output('arn:aws:iam::123456789012:policy/boundary');
    const { of } = await register({ lifecycle: false, ssm: false, permissionsBoundary, tags: { team: 'shop' } });
    expect(of('payments-role').inputs.permissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
    expect(of('payments-role').inputs.tags).toStrictEqual({ team: 'shop' });
    expect(of('payments-instance-profile').inputs.tags).toStrictEqual({ team: 'shop' });
  });

  test('refuses lifecycle without the name of the group', async () => {
    const program = register({ lifecycle: true, ssm: false });
    await expect(program).rejects.toThrow('payments: lifecycle needs the name of the autoscaling group');
  });
});
