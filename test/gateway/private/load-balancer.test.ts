import { Problems } from '../../../lib/core/problems';
import type {
  AwsNlbOptions,
  GcpInternalOptions,
  MetalLbOptions,
  NodePortOptions,
} from '../../../lib/gateway/load-balancer-options';
import {
  checkAwsNlb,
  checkAzureInternal,
  checkCustomLoadBalancer,
  checkGcpInternal,
  checkMetalLb,
  checkNodePort,
} from '../../../lib/gateway/private/load-balancer';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id.replace('load-balancer/', '')}]`);
}

describe('awsNlb', () => {
  test.each<AwsNlbOptions>([
    {},
    { subnets: ['subnet-1', 'private-b'], privateIpv4Addresses: ['10.0.0.9', '10.0.1.9'] },
    { internetFacing: true, subnets: ['a'], eipAllocations: ['eipalloc-0a1b'] },
    { sourceRanges: ['10.0.0.0/8'], loadBalancerClass: 'eks.amazonaws.com/nlb' },
    { securityGroups: ['sg-1'] },
  ])('%p is allowed', (options) => {
    expect(verdict((p) => checkAwsNlb(p, options))).toStrictEqual([]);
  });

  test.each<[AwsNlbOptions, readonly string[]]>([
    [{ subnets: ['a'], eipAllocations: ['eipalloc-1'] }, ['eipAllocations [eip-on-internal]']],
    [
      { internetFacing: true, subnets: ['a'], privateIpv4Addresses: ['10.0.0.9'] },
      ['privateIpv4Addresses [private-addresses-on-internet-facing]'],
    ],
    [{ privateIpv4Addresses: ['10.0.0.9'] }, ['privateIpv4Addresses [one-address-per-subnet]']],
    [{ subnets: ['a', 'b'], privateIpv4Addresses: ['10.0.0.9'] }, ['privateIpv4Addresses [one-address-per-subnet]']],
    [{ subnets: ['a'], privateIpv4Addresses: ['fd00::9'] }, ['privateIpv4Addresses[0] [ipv4-address]']],
    [{ internetFacing: true, subnets: ['a'], eipAllocations: ['203.0.113.9'] }, ['eipAllocations[0] [eip-allocation]']],
    [{ subnets: ['a,b'] }, ['subnets[0] [list-item]']],
    [{ subnets: ['a', 'a'] }, ['subnets[1] [list-item]']],
    [{ subnets: [] }, ['subnets [empty-list]']],
    [{ sourceRanges: [] }, ['sourceRanges [no-source-ranges]']],
    [{ sourceRanges: ['10.0.0.1/8'] }, ['sourceRanges[0] [address/cidr]']],
    [{ sourceRanges: ['fd00::/8'] }, ['sourceRanges[0] [ipv4-source-range]']],
    [{ sourceRanges: ['10.0.0.0/8'], securityGroups: ['sg-1'] }, ['sourceRanges [source-ranges-with-security-groups]']],
    [{ loadBalancerClass: 'a/b/c' }, ['loadBalancerClass [class]']],
    [{ loadBalancerClass: 'UP.example.com/nlb' }, ['loadBalancerClass [class]']],
    [{ loadBalancerClass: '' }, ['loadBalancerClass [class]']],
  ])('%p is refused', (options, expected) => {
    expect(verdict((p) => checkAwsNlb(p, options))).toStrictEqual(expected);
  });

  test('says all that is wrong at once', () => {
    const options = { subnets: ['a', 'b'], eipAllocations: ['eipalloc-1'], sourceRanges: [], loadBalancerClass: '/' };
    expect(verdict((p) => checkAwsNlb(p, options))).toHaveLength(4);
  });

  test('leaves what is known later alone', () => {
    const later = { __pulumiOutput: true } as never;
    const options = { subnets: [later], privateIpv4Addresses: [later], sourceRanges: [later] };
    expect(verdict((p) => checkAwsNlb(p, options))).toStrictEqual([]);
  });
});

describe('gcpInternal', () => {
  test.each<GcpInternalOptions>([
    {},
    { subnet: 'a', address: '10.0.0.9' },
    { addressName: 'edge', globalAccess: true },
  ])('%p is allowed', (options) => {
    expect(verdict((p) => checkGcpInternal(p, options))).toStrictEqual([]);
  });

  test.each<[GcpInternalOptions, readonly string[]]>([
    [{ address: '10.0.0.9', addressName: 'edge' }, ['address [address-and-name]']],
    [{ address: 'fd00::9' }, ['address [ipv4-address]']],
    [{ addressName: 'a,b' }, ['addressName [list-item]']],
    [{ subnet: '' }, ['subnet [property/required]']],
    [{ sourceRanges: [] }, ['sourceRanges [no-source-ranges]']],
  ])('%p is refused', (options, expected) => {
    expect(verdict((p) => checkGcpInternal(p, options))).toStrictEqual(expected);
  });
});

test('azureInternal', () => {
  expect(
    verdict((p) => checkAzureInternal(p, { subnet: 'a', address: '10.0.0.9', sourceRanges: ['10.0.0.0/8'] })),
  ).toStrictEqual([]);
  expect(verdict((p) => checkAzureInternal(p, { subnet: '', address: 'x', sourceRanges: ['x'] }))).toStrictEqual([
    'sourceRanges[0] [address/cidr]',
    'subnet [property/required]',
    'address [ipv4-address]',
  ]);
});

describe('metalLb', () => {
  test.each<MetalLbOptions>([{}, { pool: 'edge', addresses: ['10.0.0.9', 'fd00::9'] }, { addresses: ['fd00::9'] }])(
    '%p is allowed',
    (options) => {
      expect(verdict((p) => checkMetalLb(p, options))).toStrictEqual([]);
    },
  );

  test.each<[MetalLbOptions, readonly string[]]>([
    [{ pool: 'Edge' }, ['pool [pool]']],
    [{ addresses: [] }, ['addresses [empty-list]']],
    [{ addresses: ['edge.example.com'] }, ['addresses[0] [address]']],
    [{ addresses: ['10.0.0.9', '10.0.0.10'] }, ['addresses[1] [one-address-per-family]']],
  ])('%p is refused', (options, expected) => {
    expect(verdict((p) => checkMetalLb(p, options))).toStrictEqual(expected);
  });
});

describe('nodePort', () => {
  test.each<NodePortOptions>([
    {},
    { istiodPort: 30000, servicesPort: 32767 },
    { istiodPort: 15012, nodePortRange: '15000-32767' },
    { nodeSelector: { 'example.com/edge': 'yes' } },
  ])('%p is allowed', (options) => {
    expect(verdict((p) => checkNodePort(p, options))).toStrictEqual([]);
  });

  test.each<[NodePortOptions, readonly string[]]>([
    [{ istiodPort: 15012 }, ['istiodPort [node-port/number]']],
    [{ istiodPort: 0, statusPort: 0 }, ['istiodPort [node-port/zero]', 'statusPort [node-port/zero]']],
    [{ statusPort: 30000.5 }, ['statusPort [node-port/number]']],
    [{ istiodPort: 30001, webhookPort: 30001 }, ['webhookPort [node-port/number]']],
    [{ nodePortRange: '32767-30000' }, ['nodePortRange [node-port/range]']],
    [{ nodePortRange: 'all' }, ['nodePortRange [node-port/range]']],
    [{ nodeSelector: { 'a b': 'c' } }, ['nodeSelector["a b"] [label/key]']],
  ])('%p is refused', (options, expected) => {
    expect(verdict((p) => checkNodePort(p, options))).toStrictEqual(expected);
  });
});

test.each(['FD00::9', 'fd00:0::9', 'fd00:0:0:0:0:0:0:9', '::ffff:10.0.0.9'])(
  'an IPv6 address is written in its shortest form: not %p',
  (loadBalancerIP) => {
    expect(verdict((p) => checkCustomLoadBalancer(p, { loadBalancerIP }))).toStrictEqual([
      'loadBalancerIP [canonical-address]',
    ]);
    expect(verdict((p) => checkMetalLb(p, { sourceRanges: [`${loadBalancerIP}/128`] }))).toStrictEqual([
      'sourceRanges[0] [canonical-address]',
    ]);
  },
);

test('custom', () => {
  expect(
    verdict((p) => checkCustomLoadBalancer(p, { annotations: { a: 'b' }, loadBalancerIP: 'fd00::9' })),
  ).toStrictEqual([]);
  const options = { annotations: { 'a b': 'c' }, loadBalancerClass: 'a b', loadBalancerIP: 'edge', sourceRanges: [] };
  expect(verdict((p) => checkCustomLoadBalancer(p, options))).toStrictEqual([
    'annotations["a b"] [annotation/key]',
    'loadBalancerClass [class]',
    'sourceRanges [no-source-ranges]',
    'loadBalancerIP [address]',
  ]);
});
