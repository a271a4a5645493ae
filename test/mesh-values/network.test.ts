import { Network } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('Network', () => {
  test("flat means the mesh's own network", () => {
    expect(Network.flat(['10.20.0.0/16'])).toMatchObject({ networkName: undefined, cidrs: ['10.20.0.0/16'] });
  });

  test('behindGateway means a network of its own', () => {
    expect(Network.behindGateway('dc-1')).toMatchObject({ networkName: 'dc-1', cidrs: [] });
  });

  test('ranges with host bits are refused: the author meant another range than Kubernetes would take', () => {
    expect(problemsOf(() => Network.flat(['10.20.0.0/16', '10.20.0.1/16']))).toStrictEqual(['cidrs[1] [address/cidr]']);
  });
});
