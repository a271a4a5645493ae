import { Zone } from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { registerSecurityGroups, type SecurityGroupsProps } from '../../../../lib/pulumi/aws/private/security-groups';
import { unknown } from '../../fixtures';
import { type Registered, runProgram, settled } from '../../program';
import { Parent } from '../component';

const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const EGRESS = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const MACHINES = 'payments-security-group-id';

const PROPS: SecurityGroupsProps = {
  cluster: { securityGroupId: pulumi.output('sg-cluster'), vpcId: pulumi.output('vpc-cluster') },
  ports: [8080],
  behindGateway: false,
  image: { preinstalled: true, httpMirrors: false },
  lifecycle: false,
  ssm: false,
  peers: { gateway: [{ securityGroupId: pulumi.output('sg-nlb') }, { cidrIpv4: '10.0.0.0/24' }] },
};

async function register(props: SecurityGroupsProps, preview = false) {
  const { value, resources } = await runProgram(
    async () => {
      const before = new Zone('before');
      const parent = new Parent('payments');
      const { machineSecurityGroupId, ready } = registerSecurityGroups(parent, 'payments', props, {
        dependsOn: before,
      });
      const urns = await Promise.all(ready.map(({ urn }) => settled(urn)));
      return { id: await settled(machineSecurityGroupId), ready: urns.map((urn) => urn.split('::').pop()) };
    },
    { preview },
  );
  // Resources arrive in the order in which their inputs become known.
  const position = ({ name }: Registered) => value.ready.indexOf(name);
  const children = resources.filter(({ parent }) => parent === 'payments').sort((a, b) => position(a) - position(b));
  return { ...value, resources: children };
}

test('registers the group without inline rules, and each rule as a resource of its own', async () => {
  const { id, ready, resources } = await register({ ...PROPS, tags: { team: 'shop' } });
  const tags = { team: 'shop' };
  const istiod = 'Machines reach istiod through the gateway: configuration, certificates';
  const join = 'Machines join: the Kubernetes API server gives them settings and their token';
  const call = 'Pods of the mesh call the machines directly, in one network with them';
  const rule = (fromPort: number, description: string) => ({
    ipProtocol: 'tcp',
    fromPort,
    toPort: fromPort,
    description,
    tags,
  });
  expect(resources.map(({ type, name, inputs }) => [type, name, inputs])).toStrictEqual([
    [
      GROUP,
      'payments-security-group',
      {
        vpcId: 'vpc-cluster',
        description: 'Machines of the mesh: its own traffic, and what the machines need to join',
        tags,
      },
    ],
    [
      EGRESS,
      'payments-istiod-0',
      { securityGroupId: MACHINES, referencedSecurityGroupId: 'sg-nlb', ...rule(15012, istiod) },
    ],
    [
      INGRESS,
      'payments-istiod-0-peer',
      { securityGroupId: 'sg-nlb', referencedSecurityGroupId: MACHINES, ...rule(15012, istiod) },
    ],
    [EGRESS, 'payments-istiod-1', { securityGroupId: MACHINES, cidrIpv4: '10.0.0.0/24', ...rule(15012, istiod) }],
    [
      EGRESS,
      'payments-api-server-0',
      { securityGroupId: MACHINES, referencedSecurityGroupId: 'sg-cluster', ...rule(443, join) },
    ],
    [
      INGRESS,
      'payments-api-server-0-peer',
      { securityGroupId: 'sg-cluster', referencedSecurityGroupId: MACHINES, ...rule(443, join) },
    ],
    [
      INGRESS,
      'payments-callers-0-8080',
      { securityGroupId: MACHINES, referencedSecurityGroupId: 'sg-cluster', ...rule(8080, call) },
    ],
  ]);
  expect(id).toBe(MACHINES);
  expect(ready).toStrictEqual(resources.map(({ name }) => name));
  expect(resources.filter(({ dependencies }) => !dependencies.includes('before'))).toStrictEqual([]);
});

test('the machines may stand in another VPC than the cluster', async () => {
  const { resources } = await register({ ...PROPS, vpcId: 'vpc-machines' });
  expect(resources[0].inputs.vpcId).toBe('vpc-machines');
});

test('a preview shows every rule before the cluster is known', async () => {
  const cluster = { securityGroupId: unknown<string>(), vpcId: unknown<string>() };
  const { resources } = await register({ ...PROPS, cluster }, true);
  expect(resources.map(({ name }) => name)).toStrictEqual([
    'payments-security-group',
    'payments-istiod-0',
    'payments-istiod-0-peer',
    'payments-istiod-1',
    'payments-api-server-0',
    'payments-api-server-0-peer',
    'payments-callers-0-8080',
  ]);
});
