import { secret } from '@pulumi/pulumi';
import * as cdk8s from 'meshvm';
import { AuthorizationPolicy } from 'meshvm/pulumi';
import {
  ForwardingProxyGroup,
  type ForwardingProxyGroupArgs,
  MachineArchitecture,
  VmAutoScalingGroup,
} from 'meshvm/pulumi/aws';
import { aMesh } from '../../fixtures';
import { later, meshArgs, named, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { theGroup } from '../groups/beside-group';
import { synthesized } from '../parity';
import { type ProgramOptions, type Registered, runProgram } from '../program';
import { fleetArgs } from './fleet';
import { BINARY, catalog, inAwsWithProxies, ledger, proxyArgs, SHA256 } from './proxies';
import { outputsOf, toldTo, treeOf } from './tree';

function proxies(args: Partial<ForwardingProxyGroupArgs> = {}, more?: ProgramOptions): Promise<readonly Registered[]> {
  return registered(() => new ForwardingProxyGroup('proxies', proxyArgs(args)), inAwsWithProxies(more));
}

/** The rules of security groups: who has them, who is on the other side, and the port. */
function rulesOf(resources: readonly Registered[]): readonly string[] {
  return resources
    .filter(({ type }) => type.startsWith('aws:vpc/securityGroup'))
    .map(({ type, name, inputs }) => {
      const { securityGroupId, referencedSecurityGroupId, cidrIpv4, fromPort, toPort } = inputs;
      const way = type.includes('Ingress') ? 'from' : 'to';
      const ports = fromPort === toPort ? fromPort : `${fromPort}-${toPort}`;
      return `${name}: ${securityGroupId} ${way} ${referencedSecurityGroupId ?? cidrIpv4} ${ports}`;
    })
    .sort();
}

const MACHINES = 'proxies-security-group-id';
const BALANCER = 'proxies-load-balancer-security-group-id';

test('is an identity in the cluster, and machines behind a load balancer', async () => {
  expect(treeOf(await proxies({ scaling: { targetCpuPercent: 60 } }))).toStrictEqual([
    'meshvm:index:ForwardingProxyGroup proxies',
    '  aws:autoscaling/group:Group proxies-auto-scaling-group',
    '  aws:autoscaling/policy:Policy proxies-scale-cpu',
    '  aws:ec2/launchTemplate:LaunchTemplate proxies-launch-template',
    '  aws:ec2/securityGroup:SecurityGroup proxies-load-balancer-security-group',
    '  aws:ec2/securityGroup:SecurityGroup proxies-security-group',
    '  aws:iam/instanceProfile:InstanceProfile proxies-instance-profile',
    '  aws:iam/role:Role proxies-role',
    '  aws:lb/listener:Listener proxies-listener-15080',
    '  aws:lb/listener:Listener proxies-listener-8080',
    '  aws:lb/loadBalancer:LoadBalancer proxies-load-balancer',
    '  aws:lb/targetGroup:TargetGroup proxies-target-group-15080',
    '  aws:lb/targetGroup:TargetGroup proxies-target-group-8080',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule proxies-downloads-0-443',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule proxies-gateways-0-15443',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule proxies-targets-15080',
    '  aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule proxies-targets-8080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule proxies-balancer-0-15080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule proxies-balancer-0-8080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule proxies-clients-0-15080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule proxies-clients-0-8080',
    '  aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule proxies-gateways-0-15443-peer',
    '  kubernetes:core/v1:Namespace Namespace proxies',
    '  kubernetes:core/v1:ServiceAccount ServiceAccount proxies/proxies',
  ]);
});

test('says what was made', async () => {
  const { value } = await runProgram(
    () => outputsOf(new ForwardingProxyGroup('proxies', proxyArgs())),
    inAwsWithProxies(),
  );
  const { files, ...others } = value;
  expect(Object.keys(files as object)).toStrictEqual(['envoy.yaml', 'certificate.yaml', 'roots.yaml']);
  expect(others).toStrictEqual({
    envoyName: 'proxies',
    namespace: 'proxies',
    serviceAccount: 'proxies',
    spiffeId: 'spiffe://cluster.local/ns/proxies/sa/proxies',
    address: 'proxies.elb.amazonaws.com',
    hostedZoneId: 'ZLB',
    loadBalancerArn: 'arn:proxies-load-balancer',
    loadBalancerSecurityGroupId: BALANCER,
    targetGroupArns: ['arn:proxies-target-group-8080', 'arn:proxies-target-group-15080'],
    autoScalingGroupName: 'project-stack-proxies',
    autoScalingGroupArn: 'arn:proxies-auto-scaling-group',
    launchTemplateId: 'proxies-launch-template-id',
    launchTemplateVersion: 7,
    roleArn: 'arn:proxies-role',
    roleName: 'proxies-role-in-aws',
    securityGroupId: MACHINES,
    imageId: 'ami-0found',
  });
});

describe('has the very objects, files and user-data of the cdk8s construct', () => {
  const CLOUD_CONFIG = '#cloud-config\npackages: [vault]\nruncmd:\n  - [fetch-certificate]\n';

  test.each<[string, cdk8s.ProxyClients, ForwardingProxyGroupArgs['clients']]>([
    ['addresses', cdk8s.ProxyClients.addresses(['10.40.0.0/16']), { addresses: { cidrs: ['10.40.0.0/16'] } }],
    [
      'certificates',
      cdk8s.ProxyClients.certificates({
        identities: [cdk8s.MeshIdentity.serviceAccount('shop', 'batch')],
        dnsNames: ['batch.example.com'],
        privateKey: 'own-key.pem',
      }),
      {
        certificates: {
          identities: [{ serviceAccount: { namespace: 'shop', name: 'batch' } }],
          dnsNames: ['batch.example.com'],
          privateKey: 'own-key.pem',
        },
      },
    ],
  ])('for clients by their %s', async (_, clients, clientArgs) => {
    const identities = [cdk8s.MeshIdentity.serviceAccount('shop', 'catalog')];
    const common = { port: 80, protocol: cdk8s.ServiceProtocol.HTTP1, identities };
    let files: Readonly<Record<string, string>> = {};
    let userData = '';
    const objects = synthesized((chart) => {
      const group = new cdk8s.ForwardingProxyGroup(chart, 'proxies', {
        mesh: aMesh(),
        namespace: cdk8s.GroupNamespace.create('proxies'),
        gateways: [{ address: 'eastwest.example.com' }],
        clients,
        services: [
          cdk8s.StandaloneService.fromHost(String(catalog.host), { ...common, localPort: 8080 }),
          cdk8s.StandaloneService.fromHost(String(ledger.host), common),
        ],
      });
      files = group.files();
      userData = group.userData({
        envoy: cdk8s.EnvoyPackage.binary({ amd64: BINARY }),
        target: cdk8s.UserDataTarget.ec2LaunchTemplate(),
        cloudConfig: cdk8s.CloudConfig.fromYaml(CLOUD_CONFIG),
      });
    });
    const peers = { ...proxyArgs().peers, clients: [{ cidrIpv4: '10.40.0.0/16' }] };
    const args = proxyArgs({ clients: clientArgs, cloudConfig: CLOUD_CONFIG, peers });
    const { value, resources } = await runProgram(
      () => outputsOf(new ForwardingProxyGroup('proxies', args)),
      inAwsWithProxies(),
    );
    expect(value.files).toStrictEqual(files);
    expect(named(resources, 'proxies-launch-template').inputs.userData).toBe(userData);
    expect(toldTo(userData)).toContain('fetch-certificate');
    const made = resources.filter(({ type }) => type.startsWith('kubernetes:')).map(({ inputs }) => inputs);
    expect(made).toStrictEqual(Object.values(objects));
  });
});

describe('rules', () => {
  const RULES = [
    `proxies-balancer-0-15080: ${MACHINES} from ${BALANCER} 15080`,
    `proxies-balancer-0-8080: ${MACHINES} from ${BALANCER} 8080`,
    `proxies-clients-0-15080: ${BALANCER} from 10.40.0.0/16 15080`,
    `proxies-clients-0-8080: ${BALANCER} from 10.40.0.0/16 8080`,
    `proxies-downloads-0-443: ${MACHINES} to 10.9.0.0/24 443`,
    `proxies-gateways-0-15443-peer: sg-gateway from ${MACHINES} 15443`,
    `proxies-gateways-0-15443: ${MACHINES} to sg-gateway 15443`,
    `proxies-targets-15080: ${BALANCER} to ${MACHINES} 15080`,
    `proxies-targets-8080: ${BALANCER} to ${MACHINES} 8080`,
  ];

  test('let clients through the load balancer, proxies to the gateways and to Envoy, and nobody else', async () => {
    expect(rulesOf(await proxies())).toStrictEqual(RULES);
  });

  test('follow from ports, metrics, and what else is named', async () => {
    const resources = await proxies({
      services: [{ ...catalog, localPort: 80 }],
      gateways: [{ address: 'a.example.com' }, { address: 'b.example.com', port: 443 }],
      metrics: { address: '0.0.0.0', port: 9090 },
      envoy: { binary: { amd64: { ...BINARY, url: 'http://mirror.example.com:8081/envoy' } } },
      peers: {
        ...proxyArgs().peers,
        clients: [{ securityGroupId: 'sg-tills' }],
        metrics: [{ cidrIpv4: '10.7.0.0/24' }],
        outbound: [{ description: 'Vault', peers: [{ cidrIpv4: '10.8.0.0/24' }], ports: [{ from: 8200, to: 8201 }] }],
        openPeers: false,
      },
    });
    expect(rulesOf(resources)).toStrictEqual([
      `proxies-balancer-0-80: ${MACHINES} from ${BALANCER} 80`,
      `proxies-clients-0-80: ${BALANCER} from sg-tills 80`,
      `proxies-downloads-0-8081: ${MACHINES} to 10.9.0.0/24 8081`,
      `proxies-gateways-0-15443: ${MACHINES} to sg-gateway 15443`,
      `proxies-gateways-0-443: ${MACHINES} to sg-gateway 443`,
      `proxies-metrics-0-9090: ${MACHINES} from 10.7.0.0/24 9090`,
      `proxies-outbound-0-0-8200-8201: ${MACHINES} to 10.8.0.0/24 8200-8201`,
      `proxies-targets-80: ${BALANCER} to ${MACHINES} 80`,
    ]);
    expect(named(resources, 'proxies-outbound-0-0-8200-8201').inputs.description).toBe('Vault');
  });

  test('let the peers in directly with target groups of one’s own', async () => {
    const peers = { ...proxyArgs().peers, clients: [{ securityGroupId: 'sg-own-balancer' }] };
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/own/0123';
    const resources = await proxies({ targetGroupArns: [arn], peers });
    expect(rulesOf(resources)).toStrictEqual([
      `proxies-clients-0-15080: ${MACHINES} from sg-own-balancer 15080`,
      `proxies-clients-0-8080: ${MACHINES} from sg-own-balancer 8080`,
      ...RULES.filter((rule) => /downloads|gateways/.test(rule)),
    ]);
    expect(named(resources, 'proxies-auto-scaling-group').inputs).toMatchObject({
      targetGroupArns: [arn],
      healthCheckType: 'ELB',
    });
    expect(resources.filter(({ type }) => type.startsWith('aws:lb/'))).toStrictEqual([]);
  });
});

test('the load balancer is internal, keeps clients’ addresses, and asks whether proxies take connections', async () => {
  const resources = await proxies({ tags: { team: 'shop' } });
  const tags = { Name: 'proxies', team: 'shop' };
  expect(named(resources, 'proxies-load-balancer').inputs).toStrictEqual({
    namePrefix: 'proxy-',
    loadBalancerType: 'network',
    internal: true,
    subnets: ['subnet-a', 'subnet-b'],
    securityGroups: [BALANCER],
    enableCrossZoneLoadBalancing: true,
    enableDeletionProtection: false,
    tags,
  });
  expect(named(resources, 'proxies-target-group-8080').inputs).toStrictEqual({
    namePrefix: 'proxy-',
    vpcId: 'vpc-proxies',
    targetType: 'instance',
    protocol: 'TCP',
    port: 8080,
    preserveClientIp: 'true',
    deregistrationDelay: 120,
    connectionTermination: true,
    healthCheck: { protocol: 'TCP', port: 'traffic-port', interval: 10, healthyThreshold: 2, unhealthyThreshold: 2 },
    tags,
  });
  expect(named(resources, 'proxies-listener-8080').inputs).toStrictEqual({
    loadBalancerArn: 'arn:proxies-load-balancer',
    protocol: 'TCP',
    port: 8080,
    defaultActions: [{ type: 'forward', targetGroupArn: 'arn:proxies-target-group-8080' }],
    tags,
  });
});

test('the load balancer is what its arguments say', async () => {
  const loadBalancer = { subnetIds: ['subnet-c'], crossZone: false, drainSeconds: 0, deletionProtection: true };
  const resources = await proxies({ loadBalancer });
  expect(named(resources, 'proxies-load-balancer').inputs).toMatchObject({
    subnets: ['subnet-c'],
    enableCrossZoneLoadBalancing: false,
    enableDeletionProtection: true,
  });
  expect(named(resources, 'proxies-target-group-8080').inputs.deregistrationDelay).toBe(0);
});

test('a group starts when the load balancer is there, and is there when proxies pass its checks', async () => {
  const { inputs, dependencies } = named(await proxies(), 'proxies-auto-scaling-group');
  expect(inputs).toStrictEqual({
    name: 'project-stack-proxies',
    minSize: 2,
    maxSize: 6,
    vpcZoneIdentifiers: ['subnet-a', 'subnet-b'],
    launchTemplate: { id: 'proxies-launch-template-id', version: '7' },
    capacityRebalance: false,
    targetGroupArns: ['arn:proxies-target-group-8080', 'arn:proxies-target-group-15080'],
    healthCheckType: 'ELB',
    healthCheckGracePeriod: 300,
    defaultInstanceWarmup: 300,
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 110 },
    instanceRefresh: {
      strategy: 'Rolling',
      preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 110, autoRollback: true, skipMatching: true },
    },
    initialLifecycleHooks: [],
    enabledMetrics: expect.any(Array),
    metricsGranularity: '1Minute',
    waitForCapacityTimeout: '900s',
    minElbCapacity: 2,
    tags: [{ key: 'Name', value: 'proxies', propagateAtLaunch: true }],
  });
  expect(dependencies).toEqual(
    expect.arrayContaining(['proxies-listener-8080', 'proxies-clients-0-8080', 'ServiceAccount proxies/proxies']),
  );
});

test('machines have IMDSv2 alone, an encrypted volume, a role without rights, and the Envoy in their user-data', async () => {
  const resources = await proxies({ rootVolume: { sizeGib: 12 }, securityGroupIds: ['sg-own'] });
  const { inputs } = named(resources, 'proxies-launch-template');
  expect(inputs).toMatchObject({
    description: 'Forwarding proxies: proxies/proxies',
    imageId: 'ami-0found',
    instanceType: 'c7i.large',
    iamInstanceProfile: { arn: 'arn:proxies-instance-profile' },
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
    networkInterfaces: [{ associatePublicIpAddress: 'false', securityGroups: [MACHINES, 'sg-own'] }],
    blockDeviceMappings: [{ ebs: { volumeType: 'gp3', encrypted: 'true', volumeSize: 12 } }],
  });
  const told = toldTo(inputs.userData);
  expect(told.split('\n', 1)).toStrictEqual(['#cloud-config']);
  expect(told).toContain(BINARY.url);
  expect(resources.filter(({ type }) => /rolePolicy/i.test(type))).toStrictEqual([]);
  expect(named(resources, 'proxies-role').inputs.description).toBe('Forwarding proxies proxies: their identity');
});

test('another service is another user-data, and so an instance refresh; another subnet is not', async () => {
  const of = async (args: Partial<ForwardingProxyGroupArgs>) =>
    named(await proxies(args), 'proxies-launch-template').inputs.userData;
  const now = await of({});
  expect(await of({ subnetIds: ['subnet-c'], peers: { ...proxyArgs().peers, openPeers: false } })).toBe(now);
  expect(await of({ services: [catalog] })).not.toBe(now);
});

test('proxies are a caller that groups let in', async () => {
  const resources = await registered(() => {
    const target = { group: theGroup() };
    const standalone = new ForwardingProxyGroup('proxies', proxyArgs());
    new AuthorizationPolicy('callers', { mesh: meshArgs(), target, rules: [{ from: [{ standalone }] }] });
  }, inAwsWithProxies());
  expect(JSON.stringify(resources.map(({ inputs }) => inputs))).toContain(
    '"principals":["cluster.local/ns/proxies/sa/proxies"]',
  );
});

describe('Inputs', () => {
  test('that are known later give the same proxies', async () => {
    const inputs = (resources: readonly Registered[]) =>
      Object.fromEntries(
        resources.map(({ type, name, inputs }) => [`${type} ${inputs.metadata?.name ?? name}`, inputs]),
      );
    const args: Partial<ForwardingProxyGroupArgs> = {
      namespace: later('proxies'),
      gateways: [{ address: later('eastwest.example.com') }],
      vpcId: later('vpc-proxies'),
      subnetIds: later(['subnet-a', 'subnet-b']),
      envoy: { binary: { amd64: { ...BINARY, sha256: later(SHA256) } } },
      cloudConfig: later('#cloud-config\nruncmd: [fetch]\n'),
      peers: { ...proxyArgs().peers, gateways: [{ securityGroupId: later('sg-gateway') }] },
    };
    expect(inputs(await proxies(args))).toStrictEqual(
      inputs(await proxies({ cloudConfig: '#cloud-config\nruncmd: [fetch]\n' })),
    );
  });

  test('that a preview does not know leave the user-data open, and all else is there', async () => {
    const resources = await proxies({ gateways: [{ address: unknown() }] }, { preview: true });
    expect(named(resources, 'proxies-launch-template').inputs).toMatchObject({
      userData: UNKNOWN,
      instanceType: 'c7i.large',
    });
    expect(resources.map(({ name }) => name)).toContain('proxies-listener-8080');
  });

  test('that are secret stay so', async () => {
    const resources = await proxies({ gateways: [{ address: secret('eastwest.example.com') }] });
    const secrets = resources.filter((resource) => resource.secrets.length > 0);
    expect(secrets.map((resource) => [resource.name, resource.secrets])).toStrictEqual([
      ['proxies-launch-template', ['userData']],
    ]);
  });
});

describe('refuses, before it registers anything,', () => {
  const paths = async (args: Partial<ForwardingProxyGroupArgs>) =>
    (await refusal(() => new ForwardingProxyGroup('proxies', proxyArgs(args)))).map((line) =>
      line.includes(': ') ? line.split(':', 1)[0] : line,
    );

  test('a group of machines that could not be', async () => {
    expect(
      await paths({ vpcId: 'x', subnetIds: ['x'], minSize: 3, maxSize: 2, warmupSeconds: -1, tags: { 'a b': 'c' } }),
    ).toStrictEqual(['vpcId', 'subnetIds[0]', 'maxSize', 'warmupSeconds', 'tags']);
  });

  test('what nobody reaches, and what reaches nothing', async () => {
    const clients = { certificates: { dnsNames: ['batch.example.com'] } };
    expect(
      await paths({
        clients,
        ssm: true,
        peers: { gateways: [], metrics: [{ cidrIpv4: '10.0.0.0/8' }], outbound: [] },
        gateways: [{ address: 'a.example.com', port: later(15443) }],
        services: [{ ...catalog, localAddress: '10.0.0.7' }],
      }),
    ).toStrictEqual([
      'peers.gateways',
      'peers.clients',
      'peers.downloads',
      'peers.metrics',
      'ssm',
      'gateways[0].port',
      'services[0].localAddress',
    ]);
    expect(await paths({ peers: undefined })).toStrictEqual(['peers']);
    const outbound = [{ description: 'ü', peers: [], ports: [] }];
    expect(await paths({ peers: { ...proxyArgs().peers, outbound } })).toStrictEqual([
      'peers.outbound[0].peers',
      'peers.outbound[0].ports',
      'peers.outbound[0].description',
    ]);
  });

  test('an Envoy for other machines, and an image for registered ones', async () => {
    const image = { ami: { id: 'ami-0own', architecture: MachineArchitecture.Arm64, preinstalled: true } };
    expect(await paths({ image, instanceTypes: ['c7g.large'] })).toStrictEqual([
      'image.ami.preinstalled',
      'envoy.binary.arm64',
    ]);
    expect(await paths({ envoy: { preinstalled: {} } })).toStrictEqual(['peers.downloads']);
    expect(await paths({ envoy: {} })).toStrictEqual(['envoy [shape/choice]']);
  });

  test('clients that no rule can be made for', async () => {
    const cidrs = ['fd00:40::/64', later('10.40.0.0/16')];
    expect(await paths({ clients: { addresses: { cidrs } } })).toStrictEqual([
      'clients.addresses.cidrs[0]',
      'clients.addresses.cidrs[1]',
    ]);
    expect(await paths({ clients: {} })).toStrictEqual(['clients [shape/choice]']);
  });

  test('two load balancers', async () => {
    expect(await paths({ targetGroupArns: ['x'], loadBalancer: { drainSeconds: 9999 } })).toStrictEqual([
      'peers.clients',
      'loadBalancer',
      'targetGroupArns[0]',
      'loadBalancer.drainSeconds',
    ]);
  });

  test('secrets in the user-data, and more than it takes', async () => {
    const secretOne = '#cloud-config\nwrite_files:\n  - {path: /k, content: "-----BEGIN PRIVATE KEY-----"}\n';
    expect(await paths({ cloudConfig: secretOne })).toStrictEqual([
      'cloudConfig.write_files[0].content [user-data/secret]',
    ]);
    expect(await paths({ cloudConfig: 'hello' })).toStrictEqual([expect.stringMatching(/^cloudConfig /)]);
    const services = Array.from({ length: 700 }, (_, index) => ({
      ...ledger,
      host: `s${index}-${((index + 1) * 0x9e3779b1).toString(36)}.${((index + 7) * 0x85ebca6b).toString(36)}.svc.cluster.local`,
    }));
    expect(await paths({ services })).toStrictEqual(['services [user-data/too-large]']);
  });
});

test('stands beside a fleet of registered machines', async () => {
  const resources = await registered(() => {
    new VmAutoScalingGroup('pay', fleetArgs());
    new ForwardingProxyGroup('proxies', proxyArgs());
  }, inAwsWithProxies());
  expect(
    resources
      .filter(({ type }) => type === 'aws:autoscaling/group:Group')
      .map(({ name }) => name)
      .sort(),
  ).toStrictEqual(['pay-auto-scaling-group', 'proxies-auto-scaling-group']);
});
