import { Network } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkNetwork, cidrsOf } from '../../lib/mesh/network-checks';

function verdict(network: Network): readonly string[] {
  const problems = new Problems();
  checkNetwork(problems, network, 'vpc-prod');
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('Network', () => {
  test('is data, whatever it holds', () => {
    expect(Network.flat(['10.20.0.1/16'])).toEqual({ flat: { cidrs: ['10.20.0.1/16'] } });
    expect(Network.behindGateway('dc-1')).toEqual({ behindGateway: { name: 'dc-1', cidrs: [] } });
  });

  test('has its address ranges in one place or the other', () => {
    expect(cidrsOf(Network.flat(['10.20.0.0/16']))).toStrictEqual(['10.20.0.0/16']);
    expect(cidrsOf(Network.behindGateway('dc-1', ['10.30.0.0/16']))).toStrictEqual(['10.30.0.0/16']);
    expect(cidrsOf({ behindGateway: { name: 'dc-1' } })).toStrictEqual([]);
  });

  test('ranges with host bits are refused: the author meant another range than Kubernetes would take', () => {
    expect(verdict(Network.flat(['10.20.0.0/16', '10.20.0.1/16']))).toStrictEqual(['flat.cidrs[1] [address/cidr]']);
    expect(verdict(Network.behindGateway('dc-1', ['10.20.0.1/16']))).toStrictEqual([
      'behindGateway.cidrs[0] [address/cidr]',
    ]);
  });

  test.each([
    ['DC_1', 'network/name'],
    ['', 'network/name'],
    ['vpc-prod', 'network/behind-gateway-of-own-network'],
  ])('the name %j is refused', (name, id) => {
    expect(verdict(Network.behindGateway(name))).toStrictEqual([`behindGateway.name [${id}]`]);
  });
});
