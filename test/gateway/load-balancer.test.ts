import { LoadBalancer } from '../../lib/gateway/load-balancer';

describe('LoadBalancer', () => {
  test('is data, whatever it holds', () => {
    expect(LoadBalancer.awsNlb()).toEqual({ awsNlb: {} });
    expect(LoadBalancer.gcpInternal({ address: 'nowhere' })).toEqual({ gcpInternal: { address: 'nowhere' } });
    expect(LoadBalancer.azureInternal()).toEqual({ azureInternal: {} });
    expect(LoadBalancer.metalLb({ pool: 'edge' })).toEqual({ metalLb: { pool: 'edge' } });
    expect(LoadBalancer.nodePort({ istiodPort: 1 })).toEqual({ nodePort: { istiodPort: 1 } });
    expect(LoadBalancer.custom({ sourceRanges: [] })).toEqual({ custom: { sourceRanges: [] } });
  });
});
