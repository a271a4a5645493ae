import * as fc from 'fast-check';
import {
  type SecurityGroupRulesProps,
  securityGroupRules,
} from '../../../../lib/pulumi/aws/private/security-group-rules';
import { reachability } from '../reachability';

const FLAT: SecurityGroupRulesProps = {
  clusterSecurityGroupId: 'sg-cluster',
  ports: [8080, 9090],
  behindGateway: false,
  image: { preinstalled: false, httpMirrors: false },
  lifecycle: true,
  ssm: false,
  peers: { gateway: [{ securityGroupId: 'sg-nlb' }] },
};
const BAKED: SecurityGroupRulesProps = { ...FLAT, image: { preinstalled: true, httpMirrors: false }, lifecycle: false };
const REMOTE: SecurityGroupRulesProps = {
  ...BAKED,
  behindGateway: true,
  peers: { gateway: [{ cidrIpv4: '10.0.0.0/16' }], gatewayPods: [{ securityGroupId: 'sg-gateway-pods' }] },
};

const reach = (props: SecurityGroupRulesProps) => reachability(securityGroupRules(props));

describe('who may reach what port', () => {
  test('in a flat network', () => {
    expect(reach(FLAT)).toStrictEqual([
      'machines -> 0.0.0.0/0: 443 (leaves)',
      'machines -> sg-cluster: 443 (enters, leaves)',
      'machines -> sg-nlb: 15012 (enters, leaves)',
      'sg-cluster -> machines: 8080 (enters)',
      'sg-cluster -> machines: 9090 (enters)',
    ]);
  });

  test('behind a gateway: pods reach no machine, and machines no pod', () => {
    expect(reach(REMOTE)).toStrictEqual([
      'machines -> 10.0.0.0/16: 15012 (leaves)',
      'machines -> 10.0.0.0/16: 15443 (leaves)',
      'machines -> sg-cluster: 443 (enters, leaves)',
      'sg-gateway-pods -> machines: 8080 (enters)',
      'sg-gateway-pods -> machines: 9090 (enters)',
    ]);
  });

  test('a group without ports is reached by nobody', () => {
    const nobody = (props: SecurityGroupRulesProps) => reach(props).filter((line) => line.includes('-> machines'));
    expect(nobody({ ...FLAT, ports: [] })).toStrictEqual([]);
    expect(nobody({ ...REMOTE, ports: [] })).toStrictEqual([]);
  });

  test('a baked image without hooks and Systems Manager reaches the mesh alone', () => {
    expect(reach(BAKED).filter((line) => line.startsWith('machines'))).toStrictEqual([
      'machines -> sg-cluster: 443 (enters, leaves)',
      'machines -> sg-nlb: 15012 (enters, leaves)',
    ]);
  });

  test('pods that machines call, and callers beside the cluster', () => {
    const pods = [{ securityGroupId: 'sg-nodes' }, { cidrIpv4: '100.64.0.0/10' }];
    const podPorts = [{ from: 8080 }, { from: 9000, to: 9100 }];
    expect(reach({ ...BAKED, ports: [8080], peers: { ...FLAT.peers, pods, podPorts } })).toStrictEqual([
      '100.64.0.0/10 -> machines: 8080 (enters)',
      'machines -> 100.64.0.0/10: 8080 (leaves)',
      'machines -> 100.64.0.0/10: 9000-9100 (leaves)',
      'machines -> sg-cluster: 443 (enters, leaves)',
      'machines -> sg-nlb: 15012 (enters, leaves)',
      'machines -> sg-nodes: 8080 (enters, leaves)',
      'machines -> sg-nodes: 9000-9100 (enters, leaves)',
      'sg-nodes -> machines: 8080 (enters)',
    ]);
  });

  test('a health check from outside, at the port of the sidecar unless told otherwise', () => {
    const sources = [{ cidrIpv6: 'fd00:20::/64' }];
    const from = (port?: number) =>
      reach({ ...BAKED, peers: { ...FLAT.peers, healthCheck: { sources, port } } }).filter((line) =>
        /^fd00/.test(line),
      );
    expect(from()).toStrictEqual(['fd00:20::/64 -> machines: 15021 (enters)']);
    expect(from(8081)).toStrictEqual(['fd00:20::/64 -> machines: 8081 (enters)']);
  });

  test('other peers instead of the defaults', () => {
    const peers = {
      gateway: [{ securityGroupId: 'sg-nlb' }],
      serviceGateways: [{ prefixListId: 'pl-gateways' }],
      apiServer: [{ cidrIpv4: '0.0.0.0/0' }],
      outbound: [{ prefixListId: 'pl-proxy' }],
      openPeers: false,
    };
    expect(reach({ ...FLAT, ports: [], image: { preinstalled: false, httpMirrors: true }, peers })).toStrictEqual([
      'machines -> 0.0.0.0/0: 443 (leaves)',
      'machines -> pl-gateways: 15443 (leaves)',
      'machines -> pl-proxy: 443 (leaves)',
      'machines -> pl-proxy: 80 (leaves)',
      'machines -> sg-nlb: 15012 (leaves)',
    ]);
  });

  test('nobody outside when outbound is closed', () => {
    const outside = reach({ ...FLAT, ssm: true, peers: { ...FLAT.peers, outbound: [] } }).filter((line) =>
      line.includes('0.0.0.0/0'),
    );
    expect(outside).toStrictEqual([]);
  });

  test.each([
    ['packages', { image: { preinstalled: false, httpMirrors: false } }, ['443']],
    ['packages over HTTP', { image: { preinstalled: false, httpMirrors: true } }, ['443', '80']],
    ['hooks', { lifecycle: true }, ['443']],
    ['hooks, of a baked image', { lifecycle: true, image: { preinstalled: true, httpMirrors: true } }, ['443']],
    ['Systems Manager', { ssm: true }, ['443']],
    ['nothing', {}, []],
  ])('for %s no more ports to the outside than it needs', (_, needs, ports) => {
    const outside = reach({ ...BAKED, ...needs }).filter((line) => line.includes('0.0.0.0/0'));
    expect(outside).toStrictEqual(ports.map((port) => `machines -> 0.0.0.0/0: ${port} (leaves)`));
  });
});

describe('rules', () => {
  test('say what they are for', () => {
    const told = Object.entries(
      securityGroupRules({ ...FLAT, image: { preinstalled: false, httpMirrors: true }, ssm: true }),
    );
    expect(told.map(([id, { description }]) => `${id}: ${description}`)).toStrictEqual([
      'istiod-0: Machines reach istiod through the gateway: configuration, certificates',
      'istiod-0-peer: Machines reach istiod through the gateway: configuration, certificates',
      'api-server-0: Machines join: the Kubernetes API server gives them settings and their token',
      'api-server-0-peer: Machines join: the Kubernetes API server gives them settings and their token',
      'https-0: HTTPS: packages, lifecycle hooks (Auto Scaling), Systems Manager',
      'http-0: Machines install signed packages from mirrors over HTTP',
      'callers-0-8080: Pods of the mesh call the machines directly, in one network with them',
      'callers-0-9090: Pods of the mesh call the machines directly, in one network with them',
    ]);
  });

  test('that say the same become one with both reasons, since EC2 refuses a second', () => {
    const peers = { ...FLAT.peers, apiServer: [{ cidrIpv4: '0.0.0.0/0' }] };
    const { 'api-server-0': rule, 'https-0': merged } = securityGroupRules({ ...FLAT, peers });
    expect(merged).toBeUndefined();
    expect(rule.description).toBe(
      'Machines join: the Kubernetes API server gives them settings and their token; ' +
        'HTTPS: packages, lifecycle hooks (Auto Scaling)',
    );
  });

  test('keep their ids when a port is added', () => {
    const one = securityGroupRules({ ...FLAT, ports: [8080] });
    const two = securityGroupRules({ ...FLAT, ports: [7070, 8080] });
    expect(Object.keys(two).filter((id) => !(id in one))).toStrictEqual(['callers-0-7070']);
    expect(two).toMatchObject(one);
  });

  const peer = fc.oneof(
    fc.record({ securityGroupId: fc.constantFrom('sg-cluster', 'sg-a', 'sg-b') }),
    fc.record({ cidrIpv4: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8') }),
    fc.record({ cidrIpv6: fc.constant('::/0') }),
    fc.record({ prefixListId: fc.constant('pl-a') }),
  );
  const peers = fc.array(peer, { minLength: 1, maxLength: 3 });
  const port = fc.constantFrom(80, 443, 8080, 15012, 15021, 15443);
  const anything: fc.Arbitrary<SecurityGroupRulesProps> = fc.record({
    clusterSecurityGroupId: fc.constant('sg-cluster'),
    ports: fc.uniqueArray(port),
    behindGateway: fc.boolean(),
    image: fc.record({ preinstalled: fc.boolean(), httpMirrors: fc.boolean() }),
    lifecycle: fc.boolean(),
    ssm: fc.boolean(),
    peers: fc.record(
      {
        gateway: peers,
        serviceGateways: peers,
        apiServer: peers,
        pods: peers,
        podPorts: fc.array(fc.record({ from: port }), { maxLength: 2 }),
        gatewayPods: peers,
        outbound: peers,
        healthCheck: fc.record({ sources: peers, port }),
        openPeers: fc.boolean(),
      },
      { requiredKeys: ['gateway'] },
    ),
  });

  test('have descriptions that EC2 admits, and no two say the same', () => {
    fc.assert(
      fc.property(anything, (props) => {
        const rules = Object.values(securityGroupRules(props));
        for (const { description } of rules) expect(description).toMatch(/^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/);
        const keys = rules.map(({ description: _, ...rule }) => JSON.stringify(rule));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('open to the machines nothing but ports of the group and of its health check', () => {
    fc.assert(
      fc.property(anything, (props) => {
        const health = props.peers.healthCheck?.port ?? 15021;
        for (const rule of Object.values(securityGroupRules(props))) {
          expect(rule.toPort).toBeGreaterThanOrEqual(rule.fromPort);
          if (rule.direction !== 'ingress' || rule.securityGroupId !== undefined) continue;
          expect(rule.fromPort).toBe(rule.toPort);
          expect([...props.ports, health]).toContain(rule.fromPort);
        }
      }),
    );
  });

  test('of peers admit machines alone, and only where the machines have the opposite rule', () => {
    fc.assert(
      fc.property(anything, (props) => {
        const rules = Object.values(securityGroupRules(props));
        for (const rule of rules.filter(({ securityGroupId }) => securityGroupId !== undefined)) {
          expect([rule.direction, rule.peer]).toStrictEqual(['ingress', undefined]);
          const opposite = rules.filter(
            ({ direction, peer, fromPort, toPort }) =>
              direction === 'egress' &&
              peer?.securityGroupId === rule.securityGroupId &&
              fromPort === rule.fromPort &&
              toPort === rule.toPort,
          );
          expect(opposite).toHaveLength(1);
        }
      }),
    );
  });
});
