import type { Chart } from 'cdk8s';
import {
  EastWestGateway,
  type EastWestGatewayProps,
  LoadBalancer,
  type Mesh,
  MeshVmGroup,
  type MeshVmGroupProps,
  Network,
} from 'meshvm';
import { aChart, aMesh, errorOf, groupProps, problemsOf } from '../fixtures';

const KEPT_OUT = ['network.flat.cidrs[0] [network/outside-source-ranges-of-gateway]'];

describe("source ranges of a gateway's load balancer", () => {
  test("hold the machines' ranges, in either order", () => {
    const mesh = aMesh();
    const narrow = LoadBalancer.awsNlb({ sourceRanges: ['10.30.0.0/16', '10.20.0.0/24'] });

    const first = aChart();
    const edge = gateway(first, mesh, narrow);
    const early = errorOf(() => group(first, mesh, { gateway: edge })).problems;
    expect(early.map(({ id, property, allowed }) => [property, id, allowed])).toStrictEqual([
      [
        'network.flat.cidrs[0]',
        'network/outside-source-ranges-of-gateway',
        'ranges within the sourceRanges of payments/edge: 10.30.0.0/16, 10.20.0.0/24',
      ],
    ]);

    const other = aChart();
    group(other, mesh, { gateway: known(mesh) });
    const late = errorOf(() => gateway(other, mesh, narrow)).problems;
    expect(late.map(({ id, property, allowed }) => [property, id, allowed])).toStrictEqual([
      [
        'loadBalancer.awsNlb.sourceRanges',
        'gateway/source-ranges-keep-machines-out',
        'ranges that hold those of payments/pay: 10.20.0.0/16',
      ],
    ]);
  });

  test.each([
    ['the same range', ['10.20.0.0/16']],
    ['a wider one', ['10.0.0.0/8']],
    ['several, of which each holds a part', ['10.20.0.0/17', '10.20.128.0/18', '10.20.192.0/18']],
  ])('may be %s', (_, sourceRanges) => {
    expect(() => both(LoadBalancer.azureInternal({ sourceRanges }))).not.toThrow();
  });

  test('keep out a part that none of them holds', () => {
    const sourceRanges = ['10.20.0.0/17', '10.20.192.0/18'];
    expect(problemsOf(() => both(LoadBalancer.gcpInternal({ sourceRanges })))).toStrictEqual(KEPT_OUT);
  });

  test('are compared by the addresses of the family that the load balancer lets in', () => {
    const balancer = LoadBalancer.metalLb({ sourceRanges: ['10.0.0.0/8'] });
    expect(() => both(balancer, Network.flat(['fd00:20::/64', '10.20.0.0/16']))).not.toThrow();
    expect(problemsOf(() => both(balancer, Network.flat(['fd00:20::/64', '192.0.2.0/24'])))).toStrictEqual([
      'network.flat.cidrs[1] [network/outside-source-ranges-of-gateway]',
    ]);
    expect(problemsOf(() => both(balancer, Network.flat(['fd00:20::/64'])))).toStrictEqual(KEPT_OUT);
    const six = LoadBalancer.metalLb({ sourceRanges: ['fd00:20::/65', 'fd00:20:0:0:8000::/65'] });
    expect(() => both(six, Network.flat(['fd00:20::/64']))).not.toThrow();
  });

  test.each([
    ['NAT of a public load balancer', LoadBalancer.awsNlb({ internetFacing: true, sourceRanges: ['192.0.2.7/32'] })],
    ["another provider's, which may be public", LoadBalancer.custom({ sourceRanges: ['192.0.2.7/32'] })],
    ['no ranges', LoadBalancer.metalLb()],
  ])('say nothing of the addresses of machines behind %s', (_, balancer) => {
    expect(() => both(balancer)).not.toThrow();
  });

  test('say nothing of machines of another network, or of another gateway', () => {
    const balancer = LoadBalancer.metalLb({ sourceRanges: ['192.0.2.0/24'] });
    expect(() => both(balancer, Network.behindGateway('dc-1', ['10.20.0.0/16']))).not.toThrow();
    const mesh = aMesh();
    for (const other of [{ ...known(mesh), serviceName: 'other' }, undefined]) {
      const chart = aChart();
      gateway(chart, mesh, balancer);
      expect(() => group(chart, mesh, { gateway: other })).not.toThrow();
    }
  });
});

function both(balancer: LoadBalancer, network = Network.flat(['10.20.0.0/16'])): void {
  const mesh = aMesh();
  const chart = aChart();
  group(chart, mesh, { gateway: gateway(chart, mesh, balancer), network });
}

function gateway(chart: Chart, mesh: Mesh, loadBalancer: EastWestGatewayProps['loadBalancer']): EastWestGateway {
  return new EastWestGateway(chart, 'edge', { mesh, loadBalancer });
}

/** The gateway as a group knows it that stands before it. */
function known(mesh: Mesh) {
  const serviceName = 'istio-eastwestgateway';
  return { mesh, namespace: 'istio-system', serviceName, selectorLabels: {}, node: { path: serviceName } };
}

function group(chart: Chart, mesh: Mesh, props: Partial<MeshVmGroupProps>): MeshVmGroup {
  return new MeshVmGroup(chart, 'pay', groupProps({ mesh, ...props }));
}
