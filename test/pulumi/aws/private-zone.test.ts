import * as pulumi from '@pulumi/pulumi';
import { IstiodPrivateZone } from '../../../lib/pulumi/aws/private-zone';
import type { IstiodPrivateZoneArgs } from '../../../lib/pulumi/aws/private-zone-args';
import { refusal, unknown } from '../fixtures';
import { runProgram, settled } from '../program';
import { FakeProvider } from './provider';

const NLB = 'k8s-istio-0123.elb.eu-west-1.amazonaws.com';
const ARGS: IstiodPrivateZoneArgs = {
  dnsName: 'istiod.istio-system.svc',
  gatewayAddress: NLB,
  vpcs: [{ id: 'vpc-a' }, { id: 'vpc-b', region: 'eu-central-1' }],
};

function register(args: IstiodPrivateZoneArgs, options = {}, provider = new FakeProvider()) {
  return runProgram(
    async () => {
      const { dnsName, hostedZoneId } = new IstiodPrivateZone('istiod', args);
      return [await settled(dnsName), await settled(hostedZoneId)];
    },
    { call: provider.call, state: ({ type }) => (type.includes('zone:Zone') ? { zoneId: 'Z1' } : {}), ...options },
  );
}

test('one zone of exactly the name, with an alias to the load balancer at its apex', async () => {
  const provider = new FakeProvider();
  const { value, resources } = await register({ ...ARGS, tags: { team: 'mesh' } }, {}, provider);
  expect(resources.map(({ type, name, parent, inputs }) => ({ type, name, parent, inputs }))).toStrictEqual([
    { type: 'meshvm:index:IstiodPrivateZone', name: 'istiod', parent: expect.anything(), inputs: {} },
    {
      type: 'aws:route53/zone:Zone',
      name: 'istiod-zone',
      parent: 'istiod',
      inputs: {
        name: 'istiod.istio-system.svc',
        comment: 'istiod behind the east-west gateway, for machines of the mesh',
        vpcs: [{ vpcId: 'vpc-a' }, { vpcId: 'vpc-b', vpcRegion: 'eu-central-1' }],
        tags: { team: 'mesh' },
      },
    },
    {
      type: 'aws:route53/record:Record',
      name: 'istiod-alias',
      parent: 'istiod',
      inputs: {
        zoneId: 'Z1',
        name: 'istiod.istio-system.svc',
        type: 'A',
        aliases: [{ name: NLB, zoneId: 'Z2IFOLAFXWLO4F', evaluateTargetHealth: false }],
      },
    },
  ]);
  expect(value).toStrictEqual(['istiod.istio-system.svc', 'Z1']);
  expect(provider.calls).toStrictEqual([
    { token: 'aws:lb/getHostedZoneId:getHostedZoneId', inputs: { loadBalancerType: 'network' } },
  ]);
});

test('takes Inputs, and the hosted zone of a load balancer elsewhere', async () => {
  const provider = new FakeProvider();
  const args = {
    dnsName: pulumi.output('istiod.mesh.example.com'),
    gatewayAddress: Promise.resolve(NLB),
    gatewayHostedZoneId: pulumi.output('ZELSEWHERE'),
    vpcs: [{ id: pulumi.output('vpc-a') }],
  };
  const { resources } = await register(args, {}, provider);
  expect(resources.at(-1)?.inputs).toStrictEqual({
    zoneId: 'Z1',
    name: 'istiod.mesh.example.com',
    type: 'A',
    aliases: [{ name: NLB, zoneId: 'ZELSEWHERE', evaluateTargetHealth: false }],
  });
  expect(provider.calls).toStrictEqual([]);
});

test('a preview shows zone and alias before the load balancer has a name', async () => {
  const { resources } = await register({ ...ARGS, gatewayAddress: unknown() }, { preview: true });
  expect(resources.map(({ name }) => name)).toStrictEqual(['istiod', 'istiod-zone', 'istiod-alias']);
});

test('registers nothing when an argument is wrong', async () => {
  const wrong = { ...ARGS, gatewayAddress: '10.0.0.1', vpcs: [] };
  expect(await refusal(() => new IstiodPrivateZone('istiod', wrong))).toStrictEqual([
    expect.stringMatching(/^gatewayAddress: "10.0.0.1" is not allowed/),
    'vpcs: a private zone needs a VPC; give those of the machines',
  ]);
});
