import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { errorOf, problemsOf } from '../fixtures';

describe('LoadBalancer', () => {
  test('presets are internal', () => {
    expect(LoadBalancer.awsNlb().settings.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    });
    expect(LoadBalancer.gcpInternal().settings.annotations).toStrictEqual({
      'networking.gke.io/load-balancer-type': 'Internal',
    });
    expect(LoadBalancer.azureInternal().settings.annotations).toStrictEqual({
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
    });
  });

  test('each factory makes what it is named for', () => {
    expect(LoadBalancer.metalLb({ pool: 'edge' }).settings.annotations).toStrictEqual({
      'metallb.io/address-pool': 'edge',
    });
    expect(LoadBalancer.nodePort().settings.type).toBe('NodePort');
    expect(LoadBalancer.custom({ annotations: { a: 'b' } }).settings).toStrictEqual({
      type: 'LoadBalancer',
      annotations: { a: 'b' },
    });
  });

  test.each([
    ['awsNlb', () => LoadBalancer.awsNlb({ sourceRanges: [] })],
    ['gcpInternal', () => LoadBalancer.gcpInternal({ sourceRanges: [] })],
    ['azureInternal', () => LoadBalancer.azureInternal({ sourceRanges: [] })],
    ['metalLb', () => LoadBalancer.metalLb({ sourceRanges: [] })],
    ['custom', () => LoadBalancer.custom({ sourceRanges: [] })],
  ])('%s judges its options and says whose they are', (name, make) => {
    expect(errorOf(make).path).toBe(`LoadBalancer.${name}`);
    expect(problemsOf(make)).toStrictEqual(['sourceRanges [load-balancer/no-source-ranges]']);
  });

  test('nodePort judges its options', () => {
    expect(problemsOf(() => LoadBalancer.nodePort({ istiodPort: 1 }))).toStrictEqual(['istiodPort [node-port/number]']);
  });
});
