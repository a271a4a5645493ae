import * as aws from '@pulumi/aws';
import * as k8s from '@pulumi/kubernetes';
import { type EksClusterArgs, ForwardingProxyGroup, VirtualMachine, VmAutoScalingGroup } from 'meshvm/pulumi/aws';
import { later, refusal, registered } from '../fixtures';
import { failureOf, type Registered } from '../program';
import { fleetArgs, inAws, machineArgs } from './fleet';
import { ANSWERS, FakeProvider, nameOfProvider } from './provider';
import { proxyArgs } from './proxies';
import { toldTo } from './tree';

/** Machines in one account, their EKS cluster in another: each resource and each question goes to the account that it belongs to. */
const IDENTITY = 'aws:index/getCallerIdentity:getCallerIdentity';
const REGION = 'aws:index/getRegion:getRegion';
const CLUSTER = 'aws:eks/getCluster:getCluster';

const MACHINES = '111111111111';
const CLUSTERS = '222222222222';

function account(accountId: string, region = 'eu-west-1') {
  return { [IDENTITY]: { accountId }, [REGION]: { region } };
}

function cloud(clusterRegion = 'eu-west-1'): FakeProvider {
  return new FakeProvider({}, { machines: account(MACHINES), clusters: account(CLUSTERS, clusterRegion) });
}

const machines = () => new aws.Provider('machines', { region: 'eu-west-1' });
const clusters = () => new aws.Provider('clusters', { region: 'eu-west-1' });

/** Names of resources of AWS by the name of the provider that makes them. */
function byProvider(resources: readonly Registered[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name, type, provider } of resources) {
    if (!type.startsWith('aws:')) continue;
    const owner = nameOfProvider(provider);
    found[owner] = [...(found[owner] ?? []), name].sort();
  }
  return found;
}

const inputsOf = (resources: readonly Registered[], name: string) =>
  resources.find((resource) => resource.name === name)?.inputs;

test('the access entry and the rules of its security groups are made in the account of the cluster, all else in that of the machines', async () => {
  const provider = cloud();
  const resources = await registered(
    () =>
      new VmAutoScalingGroup(
        'pay',
        fleetArgs({ cluster: { name: 'prod-eu', provider: clusters() }, vpcId: 'vpc-machines', ssm: true }),
        { providers: [machines()] },
      ),
    inAws({ provider }),
  );
  expect(byProvider(resources)).toStrictEqual({
    clusters: ['pay-access-entry', 'pay-api-server-0-peer', 'pay-istiod-0-peer'],
    machines: [
      'pay-api-server-0',
      'pay-auto-scaling-group',
      'pay-callers-0-8080',
      'pay-https-0',
      'pay-instance-profile',
      'pay-istiod-0',
      'pay-launch-template',
      'pay-lifecycle-policy',
      'pay-meshvm-launch',
      'pay-meshvm-terminate',
      'pay-role',
      'pay-security-group',
      'pay-ssm-policy',
    ],
  });
  expect(new Set(provider.askers.filter(([token]) => token === CLUSTER))).toStrictEqual(
    new Set([[CLUSTER, 'clusters']]),
  );
  const other = provider.askers.filter(([token]) => ![CLUSTER, IDENTITY, REGION].includes(token));
  expect(new Set(other.map(([, asked]) => asked))).toStrictEqual(new Set(['machines']));
  expect(inputsOf(resources, 'pay-access-entry')).toMatchObject({
    clusterName: 'prod-eu',
    principalArn: 'arn:pay-role',
  });
});

test('the order of providers among the options decides nothing', async () => {
  const made = (order: (own: aws.Provider, other: k8s.Provider) => (aws.Provider | k8s.Provider)[]) =>
    registered(
      () =>
        new VmAutoScalingGroup(
          'pay',
          fleetArgs({ cluster: { name: 'prod-eu', provider: clusters() }, vpcId: 'vpc-machines' }),
          { providers: order(machines(), new k8s.Provider('cluster')) },
        ),
      inAws({ provider: cloud() }),
    ).then(byProvider);
  expect(await made((own, other) => [own, other])).toStrictEqual(await made((own, other) => [other, own]));
});

test('security groups of the other account are named with it', async () => {
  const resources = await registered(
    () =>
      new VmAutoScalingGroup(
        'pay',
        fleetArgs({
          cluster: { name: 'prod-eu', provider: clusters() },
          vpcId: 'vpc-machines',
          peers: {
            gateway: [{ securityGroupId: later('sg-nlb') }],
            healthCheck: { sources: [{ securityGroupId: 'sg-probes' }] },
          },
        }),
        { providers: [machines()] },
      ),
    inAws({ provider: cloud() }),
  );
  const groups = (name: string) => {
    const { securityGroupId, referencedSecurityGroupId } = inputsOf(resources, name);
    return [securityGroupId, referencedSecurityGroupId];
  };
  const own = 'pay-security-group-id';
  expect(groups('pay-istiod-0')).toStrictEqual([own, `${CLUSTERS}/sg-nlb`]);
  expect(groups('pay-istiod-0-peer')).toStrictEqual(['sg-nlb', `${MACHINES}/${own}`]);
  expect(groups('pay-api-server-0')).toStrictEqual([own, `${CLUSTERS}/sg-cluster`]);
  expect(groups('pay-callers-0-8080')).toStrictEqual([own, `${CLUSTERS}/sg-cluster`]);
  // Nobody said that those who probe are in the account of the cluster.
  expect(groups('pay-health-0')).toStrictEqual([own, 'sg-probes']);
});

test('two providers of one account name security groups as one would', async () => {
  const provider = new FakeProvider({}, { machines: account(MACHINES), clusters: account(MACHINES) });
  const resources = await registered(
    () =>
      new VirtualMachine(
        'pay',
        machineArgs({ cluster: { name: 'prod-eu', provider: clusters() }, vpcId: 'vpc-cluster' }),
        { providers: [machines()] },
      ),
    inAws({ provider }),
  );
  expect(inputsOf(resources, 'pay-istiod-0').referencedSecurityGroupId).toBe('sg-nlb');
});

test('a peer says itself whose it is', async () => {
  const third = () => new aws.Provider('third', {});
  const provider = new FakeProvider({}, { machines: account(MACHINES), third: account('333333333333') });
  const resources = await registered(() => {
    const peers = { gateway: [{ securityGroupId: 'sg-nlb', provider: third() }] };
    new VmAutoScalingGroup('pay', fleetArgs({ peers }), { providers: [machines()] });
    const gateways = [{ securityGroupId: 'sg-gateway', provider: third() }];
    new ForwardingProxyGroup('out', proxyArgs({ peers: { ...proxyArgs().peers, gateways } }), {
      providers: [machines()],
    });
  }, inAws({ provider }));
  expect(byProvider(resources).third).toStrictEqual(['out-gateways-0-15443-peer', 'pay-istiod-0-peer']);
  expect(inputsOf(resources, 'pay-istiod-0').referencedSecurityGroupId).toBe('333333333333/sg-nlb');
  expect(inputsOf(resources, 'out-gateways-0-15443').referencedSecurityGroupId).toBe('333333333333/sg-gateway');
});

describe('a cluster in another region', () => {
  const peers = {
    gateway: [{ cidrIpv4: '10.0.0.0/24' }],
    apiServer: [{ cidrIpv4: '10.0.1.0/24' }],
    pods: [{ cidrIpv4: '100.64.0.0/16' }],
  };
  const program =
    (cluster: () => Partial<EksClusterArgs>, args = {}) =>
    () =>
      new VmAutoScalingGroup(
        'pay',
        fleetArgs({ cluster: { name: 'prod-us', ...cluster() }, vpcId: 'vpc-machines', peers, ...args }),
        { providers: [machines()] },
      );

  test.each([
    ['of the same account', () => ({ region: 'us-east-1' }), 'machines'],
    ['of another account', () => ({ provider: clusters() }), 'clusters'],
  ])('%s is asked there, and machines sign for it', async (_, cluster, owner) => {
    const provider = cloud('us-east-1');
    const resources = await registered(program(cluster), inAws({ provider }));
    const region = 'region' in cluster() ? { region: 'us-east-1' } : {};
    expect(provider.callsOf(CLUSTER)).toStrictEqual([{ name: 'prod-us', ...region }]);
    expect(provider.askers.filter(([token]) => token === CLUSTER)).toStrictEqual([[CLUSTER, owner]]);
    const entry = resources.find(({ name }) => name === 'pay-access-entry');
    expect([nameOfProvider(entry?.provider ?? ''), entry?.inputs.region]).toStrictEqual([
      owner,
      'region' in region ? 'us-east-1' : undefined,
    ]);
    const told = toldTo(inputsOf(resources, 'pay-launch-template').userData);
    expect(told).toMatch(/"region":\s*"us-east-1"/);
  });

  test('has its like in one beside its machines, which sign for where they are', async () => {
    const resources = await registered(
      program(() => ({})),
      inAws({ provider: cloud() }),
    );
    expect(toldTo(inputsOf(resources, 'pay-launch-template').userData)).not.toContain('"region"');
  });

  test.each([
    ['that is named', { gateway: [{ securityGroupId: 'sg-nlb' }] }, 'peers.gateway[0].securityGroupId'],
    ['of the cluster by default', { apiServer: undefined }, 'peers.apiServer[0].securityGroupId'],
  ])('a security group %s can be in no rule, and that is told once', async (_, change, path) => {
    const errors = await failureOf(
      program(() => ({ provider: clusters() }), { peers: { ...peers, ...change } }),
      inAws({ provider: cloud('us-east-1') }),
    );
    const told = errors.map(({ message }) => message.slice(message.indexOf('peers')));
    expect(told).toStrictEqual([
      `${path}: it is a security group of us-east-1, which no rule in eu-west-1 can name; name the peer by its addresses (cidrIpv4)`,
    ]);
  });
});

describe('what is wrong is told before anything is made', () => {
  test('the VPC of machines is not that of a cluster elsewhere', async () => {
    const refused = (cluster: Partial<EksClusterArgs>) =>
      refusal(() => new VmAutoScalingGroup('pay', fleetArgs({ cluster: { name: 'prod-eu', ...cluster } })));
    const fix = "says that the cluster is elsewhere; give the VPC of the machines' subnets";
    expect(await refused({ region: 'us-east-1' })).toStrictEqual([`vpcId: it is missing, and cluster.region ${fix}`]);
  });

  test('a provider is one of AWS', async () => {
    const provider = { region: 'us-east-1' } as unknown as aws.Provider;
    const peers = { gateway: [{ cidrIpv4: '10.0.0.0/24', provider }] };
    const args = fleetArgs({ cluster: { name: 'prod-eu', provider }, vpcId: 'vpc-0machines', peers });
    const reason = 'it is no provider of AWS; give what new aws.Provider(…) returns';
    expect(await refusal(() => new VmAutoScalingGroup('pay', args))).toStrictEqual([
      `cluster.provider: ${reason}`,
      `peers.gateway[0].provider: ${reason}`,
      'peers.gateway[0].provider: it says whose the security group is, and there is none; remove it',
    ]);
  });

  test('a region is a text', async () => {
    const cluster = { name: 'prod-eu', region: '' };
    expect(await refusal(() => new VmAutoScalingGroup('pay', fleetArgs({ cluster, vpcId: 'vpc-0m' })))).toStrictEqual([
      'cluster.region: "" is not allowed; allowed: a non-empty string',
    ]);
  });
});

test('without either of the two, AWS is asked what it was asked before', async () => {
  const provider = new FakeProvider();
  await registered(() => new VmAutoScalingGroup('pay', fleetArgs()), inAws({ provider }));
  expect(provider.askers.map(([token]) => token).sort()).toStrictEqual(
    [
      CLUSTER,
      IDENTITY,
      REGION,
      'aws:ec2/getAmi:getAmi',
      'aws:index/getPartition:getPartition',
      'aws:index/getServicePrincipal:getServicePrincipal',
    ].sort(),
  );
  expect(ANSWERS[CLUSTER]).toBeDefined();
});
