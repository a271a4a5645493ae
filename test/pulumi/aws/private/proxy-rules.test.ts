import * as fc from 'fast-check';
import { type ProxyRulesProps, proxyRules } from '../../../../lib/pulumi/aws/private/proxy-rules';
import { reachability } from '../reachability';

const PROPS: ProxyRulesProps = {
  listenPorts: [8080, 15080],
  gatewayPorts: [15443],
  metricsPort: 15090,
  downloadPorts: [443],
  clients: [{ cidrIpv4: '10.40.0.0/16' }, { securityGroupId: 'sg-tills' }],
  peers: {
    gateways: [{ securityGroupId: 'sg-gateway' }],
    metrics: [{ cidrIpv4: '10.7.0.0/24' }],
    downloads: [{ prefixListId: 'pl-s3' }],
    outbound: [{ description: 'Vault', peers: [{ cidrIpv4: '10.8.0.0/24' }], ports: [{ from: 8200, to: 8201 }] }],
  },
  loadBalancerSecurityGroupId: 'sg-balancer',
};
const reach = (props: Partial<ProxyRulesProps>) => reachability(proxyRules({ ...PROPS, ...props }));

describe('who may reach what port', () => {
  test('with a load balancer: clients its ports, it the proxies, and proxies what they are told', () => {
    expect(reach({})).toStrictEqual([
      '10.40.0.0/16 -> sg-balancer: 15080 (enters)',
      '10.40.0.0/16 -> sg-balancer: 8080 (enters)',
      '10.7.0.0/24 -> machines: 15090 (enters)',
      'machines -> 10.8.0.0/24: 8200-8201 (leaves)',
      'machines -> pl-s3: 443 (leaves)',
      'machines -> sg-gateway: 15443 (enters, leaves)',
      'sg-balancer -> machines: 15080 (enters, leaves)',
      'sg-balancer -> machines: 8080 (enters, leaves)',
      'sg-tills -> sg-balancer: 15080 (enters)',
      'sg-tills -> sg-balancer: 8080 (enters)',
    ]);
  });

  test('with one of somebody else: the proxies themselves', () => {
    expect(reach({ loadBalancerSecurityGroupId: undefined }).filter((line) => line.includes('enters'))).toStrictEqual([
      '10.40.0.0/16 -> machines: 15080 (enters)',
      '10.40.0.0/16 -> machines: 8080 (enters)',
      '10.7.0.0/24 -> machines: 15090 (enters)',
      'machines -> sg-gateway: 15443 (enters, leaves)',
      'sg-tills -> machines: 15080 (enters)',
      'sg-tills -> machines: 8080 (enters)',
    ]);
  });

  test('without rules at the gateways’ security groups', () => {
    const peers = { ...PROPS.peers, openPeers: false };
    expect(reach({ peers }).filter((line) => line.includes('sg-gateway'))).toStrictEqual([
      'machines -> sg-gateway: 15443 (leaves)',
    ]);
  });
});

test('two rules that say the same are one, with both reasons', () => {
  const outbound = [
    { description: 'Vault', peers: [{ cidrIpv4: '10.8.0.0/24' }], ports: [{ from: 443 }] },
    { description: 'Systems Manager', peers: [{ cidrIpv4: '10.8.0.0/24' }], ports: [{ from: 443 }] },
  ];
  const rules = proxyRules({ ...PROPS, peers: { gateways: [], outbound } });
  const egress = Object.entries(rules).filter(([id]) => id.startsWith('outbound'));
  expect(egress).toStrictEqual([
    [
      'outbound-0-0-443',
      {
        direction: 'egress',
        securityGroupId: undefined,
        peer: { cidrIpv4: '10.8.0.0/24' },
        fromPort: 443,
        toPort: 443,
        description: 'Vault; Systems Manager',
      },
    ],
  ]);
});

test('clients never reach the proxies past the load balancer, whatever the ports and peers', () => {
  const port = fc.integer({ min: 1, max: 65535 });
  const ports = fc.uniqueArray(port, { maxLength: 5 });
  const peers = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 5 });
  fc.assert(
    fc.property(ports, ports, peers, (listenPorts, gatewayPorts, networks) => {
      const clients = networks.map((network) => ({ cidrIpv4: `10.${network}.0.0/16` }));
      const lines = reach({ listenPorts, gatewayPorts, clients, peers: { gateways: [{ cidrIpv4: '172.16.0.0/12' }] } });
      const intoMachines = lines.filter((line) => line.includes('-> machines'));
      expect(intoMachines).toHaveLength(listenPorts.length);
      for (const line of intoMachines) expect(line).toMatch(/^sg-balancer -> machines: \d+ \(enters, leaves\)$/);
      expect(lines.filter((line) => line.startsWith('10.'))).toHaveLength(clients.length * listenPorts.length);
    }),
  );
});
