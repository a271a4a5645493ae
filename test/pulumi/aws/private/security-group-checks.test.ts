import * as pulumi from '@pulumi/pulumi';
import { checkSecurityGroupPeers } from '../../../../lib/pulumi/aws/private/security-group-checks';
import type { SecurityGroupPeersArgs } from '../../../../lib/pulumi/aws/security-group-args';
import { ArgumentProblems } from '../../../../lib/pulumi/core/arguments';

const GATEWAY = [{ securityGroupId: 'sg-nlb' }];

function problemsOf(peers: SecurityGroupPeersArgs, behindGateway = false, ports = [8080]): string[] {
  const problems = new ArgumentProblems();
  checkSecurityGroupPeers(problems, 'peers', { peers, behindGateway, ports });
  try {
    problems.throwIfAny('X');
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('accepts each kind of peer, as Inputs or not', () => {
  const gateway = [
    { securityGroupId: pulumi.output('') },
    { securityGroupId: 'sg-nlb' },
    { cidrIpv4: '10.20.0.0/16' },
    { cidrIpv6: 'fd00:20::/64' },
    { prefixListId: 'pl-0123' },
  ];
  expect(problemsOf({ gateway, podPorts: [{ from: 1, to: 65535 }], healthCheck: { sources: gateway } })).toStrictEqual(
    [],
  );
});

test('notes everything that is wrong with peers at once', () => {
  const wrong = {
    gateway: [{}, { securityGroupId: 'sg-a', cidrIpv4: '10.0.0.0/8' }],
    serviceGateways: [{ securityGroupId: 'pl-0123' }],
    apiServer: [{ cidrIpv4: '10.0.0.1/8' }, { cidrIpv4: 'fd00:20::/64' }],
    pods: [{ cidrIpv6: '10.0.0.0/8' }],
    outbound: [{ prefixListId: 'sg-a' }, { cidrIpv4: '0.0.0.0/0' }, { cidrIpv4: '0.0.0.0/0' }],
    healthCheck: { sources: [], port: 0 },
    podPorts: [{ from: 0 }, { from: 10, to: 9 }, { from: 5 }, { from: 5, to: 5 }, { from: 1, to: 65536 }],
  };
  const kinds = 'securityGroupId, cidrIpv4, cidrIpv6, prefixListId';
  const ipv4 = 'an IPv4 address range such as 10.20.0.0/16, host bits zero';
  expect(problemsOf(wrong)).toStrictEqual([
    `  peers.gateway[0]: exactly one of ${kinds} must be set, found none`,
    `  peers.gateway[1]: exactly one of ${kinds} must be set, found securityGroupId, cidrIpv4`,
    '  peers.serviceGateways[0].securityGroupId: "pl-0123" is not allowed; allowed: the ID of a security group, such as sg-0123',
    `  peers.apiServer[0].cidrIpv4: "10.0.0.1/8" is not allowed; allowed: ${ipv4}`,
    `  peers.apiServer[1].cidrIpv4: "fd00:20::/64" is not allowed; allowed: ${ipv4}`,
    '  peers.pods[0].cidrIpv6: "10.0.0.0/8" is not allowed; allowed: an IPv6 address range such as fd00:20::/64, host bits zero',
    '  peers.outbound[0].prefixListId: "sg-a" is not allowed; allowed: the ID of a prefix list, such as pl-0123',
    '  peers.outbound[2]: it is the same as peers.outbound[1]; remove one of the two',
    '  peers.healthCheck.sources: it names nobody; name who probes, or leave healthCheck out',
    '  peers.healthCheck.port: 0 is not allowed; allowed: a port, 1 to 65535',
    '  peers.podPorts[0].from: 0 is not allowed; allowed: a port, 1 to 65535',
    '  peers.podPorts[0].to: 0 is not allowed; allowed: a port, 1 to 65535',
    '  peers.podPorts[1].to: 9 is below from, which is 10; swap the two',
    '  peers.podPorts[3]: it is the same as peers.podPorts[2]; remove one of the two',
    '  peers.podPorts[4].to: 65536 is not allowed; allowed: a port, 1 to 65535',
  ]);
});

test('wants a way to istiod', () => {
  expect(problemsOf({ gateway: [] })).toStrictEqual([
    '  peers.gateway: machines must reach istiod; name the load balancer of its gateway',
  ]);
});

test('refuses in each network what belongs to the other', () => {
  expect(problemsOf({ gateway: GATEWAY, gatewayPods: GATEWAY })).toStrictEqual([
    '  peers.gatewayPods: no gateway carries traffic to machines in a flat network; name callers in pods',
  ]);
  const flat = { gateway: GATEWAY, gatewayPods: GATEWAY, pods: GATEWAY, podPorts: [{ from: 80 }] };
  expect(problemsOf(flat, true)).toStrictEqual([
    '  peers.pods: machines behind a gateway have no direct traffic with pods; remove it',
    '  peers.podPorts: machines behind a gateway have no direct traffic with pods; remove it',
  ]);
});

test('wants behind a gateway the pods of that gateway, for machines with ports', () => {
  expect(problemsOf({ gateway: GATEWAY }, true)).toStrictEqual([
    "  peers.gatewayPods: it is missing, and nobody could reach the machines' ports; " +
      'name the pods of the gateway that carries calls into the network of the machines',
  ]);
  expect(problemsOf({ gateway: GATEWAY }, true, [])).toStrictEqual([]);
});
