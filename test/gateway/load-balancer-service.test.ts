import { Problems } from '../../lib/core/problems';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { checkLoadBalancer, loadBalancerSettings } from '../../lib/gateway/load-balancer-service';

function verdict(balancer: LoadBalancer): readonly string[] {
  const problems = new Problems();
  checkLoadBalancer(problems, balancer);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('what a load balancer asks of the Service', () => {
  test('presets are internal', () => {
    expect(loadBalancerSettings(LoadBalancer.awsNlb()).annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    });
    expect(loadBalancerSettings(LoadBalancer.gcpInternal()).annotations).toStrictEqual({
      'networking.gke.io/load-balancer-type': 'Internal',
    });
    expect(loadBalancerSettings(LoadBalancer.azureInternal()).annotations).toStrictEqual({
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    });
  });

  test('each is what it is named for', () => {
    expect(loadBalancerSettings(LoadBalancer.metalLb({ pool: 'edge' })).annotations).toStrictEqual({
      'metallb.io/address-pool': 'edge',
    });
    expect(loadBalancerSettings(LoadBalancer.nodePort()).type).toBe('NodePort');
    expect(loadBalancerSettings(LoadBalancer.custom({ annotations: { a: 'b' } }))).toStrictEqual({
      type: 'LoadBalancer',
      annotations: { a: 'b' },
    });
  });

  test.each([
    ['awsNlb', LoadBalancer.awsNlb({ sourceRanges: [] })],
    ['gcpInternal', LoadBalancer.gcpInternal({ sourceRanges: [] })],
    ['azureInternal', LoadBalancer.azureInternal({ sourceRanges: [] })],
    ['metalLb', LoadBalancer.metalLb({ sourceRanges: [] })],
    ['custom', LoadBalancer.custom({ sourceRanges: [] })],
  ])('options of %s are judged', (name, balancer) => {
    expect(verdict(balancer)).toStrictEqual([`${name}.sourceRanges [load-balancer/no-source-ranges]`]);
  });

  test('options of nodePort are judged', () => {
    expect(verdict(LoadBalancer.nodePort({ istiodPort: 1 }))).toStrictEqual(['nodePort.istiodPort [node-port/number]']);
  });
});
