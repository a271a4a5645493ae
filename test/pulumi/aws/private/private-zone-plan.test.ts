import * as pulumi from '@pulumi/pulumi';
import { planPrivateZone } from '../../../../lib/pulumi/aws/private/private-zone-plan';
import type { IstiodPrivateZoneArgs } from '../../../../lib/pulumi/aws/private-zone-args';
import { runProgram, settled } from '../../program';

const NLB = 'k8s-istio-0123.elb.eu-west-1.amazonaws.com';
const ARGS: IstiodPrivateZoneArgs = {
  dnsName: 'istiod.mesh.example.com',
  gatewayAddress: NLB,
  vpcs: [{ id: 'vpc-a' }],
};

function problemsOf(args: Partial<IstiodPrivateZoneArgs>): string[] {
  try {
    planPrivateZone('IstiodPrivateZone', 'istiod', { ...ARGS, ...args });
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('plain arguments stay plain', () => {
  expect(planPrivateZone('IstiodPrivateZone', 'istiod', ARGS)).toStrictEqual({
    zone: {
      name: 'istiod.mesh.example.com',
      comment: 'istiod behind the east-west gateway, for machines of the mesh',
      vpcs: [{ vpcId: 'vpc-a', vpcRegion: undefined }],
      tags: undefined,
    },
    alias: { name: NLB, zoneId: undefined },
  });
});

test('a leaf that is an Input is an Output', async () => {
  const { value } = await runProgram(() => {
    const { alias, zone } = planPrivateZone('X', 'istiod', { ...ARGS, gatewayAddress: pulumi.output(NLB) });
    return Promise.all([zone.name, settled(alias.name as unknown as pulumi.Output<string>)]);
  });
  expect(value).toStrictEqual(['istiod.mesh.example.com', NLB]);
});

test.each(['istiod.istio-system.svc', 'istiod-2.mesh.example.com'])('accepts the name %s', (dnsName) => {
  expect(problemsOf({ dnsName })).toStrictEqual([]);
});

test.each(['istiod', 'Istiod.mesh.example.com', 'istiod.mesh.example.com.', '*.mesh.example.com', ''])(
  'refuses the name "%s"',
  (dnsName) => {
    expect(problemsOf({ dnsName })).toStrictEqual([
      `  dnsName: "${dnsName}" is not allowed; allowed: a DNS name of at least two labels in lower case, no "." at the end`,
    ]);
  },
);

test.each(['10.0.0.1', 'fd00:20::1', 'localhost', '', 'https://nlb.example.com'])(
  'refuses "%s" as the address of a load balancer',
  (gatewayAddress) => {
    expect(problemsOf({ gatewayAddress })).toStrictEqual([
      `  gatewayAddress: "${gatewayAddress}" is not allowed; allowed: a DNS name of at least two labels; ` +
        'fix: give the host name of a Network Load Balancer',
    ]);
  },
);

test('accepts the capital letters of a load balancer that was named with them', () => {
  expect(problemsOf({ gatewayAddress: 'Mesh-0123.elb.eu-west-1.amazonaws.com' })).toStrictEqual([]);
});

test('notes everything that is wrong with VPCs at once', () => {
  expect(problemsOf({ vpcs: [] })).toStrictEqual(['  vpcs: a private zone needs a VPC; give those of the machines']);
  expect(problemsOf({ vpcs: [{ id: 'vpc-a' }, { id: 'vpc-a' }, { id: 'x' }] })).toStrictEqual([
    '  vpcs[1]: it is the same as vpcs[0]; remove one of the two',
    '  vpcs[2].id: "x" is not allowed; allowed: the ID of a VPC, such as vpc-0123',
  ]);
});
