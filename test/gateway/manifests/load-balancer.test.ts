import {
  awsNlb,
  azureInternal,
  customLoadBalancer,
  gcpInternal,
  metalLb,
  nodePort,
} from '../../../lib/gateway/manifests/load-balancer';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';

describe('awsNlb', () => {
  test('is internal, across zones, straight to the pods, checked by the status port', () => {
    expect(awsNlb({})).toStrictEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      allocateLoadBalancerNodePorts: false,
      annotations: {
        [`${AWS}-scheme`]: 'internal',
        [`${AWS}-nlb-target-type`]: 'ip',
        [`${AWS}-attributes`]: 'load_balancing.cross_zone.enabled=true',
        [`${AWS}-healthcheck-protocol`]: 'http',
        [`${AWS}-healthcheck-port`]: 'status-port',
        [`${AWS}-healthcheck-path`]: '/healthz/ready',
      },
    });
  });

  test('passes lists on as the controller reads them', () => {
    const settings = awsNlb({
      subnets: ['subnet-a', 'subnet-b'],
      privateIpv4Addresses: ['10.0.0.9', '10.0.1.9'],
      sourceRanges: ['10.0.0.0/8'],
      crossZone: false,
    });
    expect(settings.loadBalancerSourceRanges).toStrictEqual(['10.0.0.0/8']);
    expect(settings.annotations).toMatchObject({
      [`${AWS}-subnets`]: 'subnet-a,subnet-b',
      [`${AWS}-private-ipv4-addresses`]: '10.0.0.9,10.0.1.9',
      [`${AWS}-attributes`]: 'load_balancing.cross_zone.enabled=false',
    });
  });

  test('internet-facing with Elastic IPs, by node ports and under another class', () => {
    const settings = awsNlb({
      internetFacing: true,
      subnets: ['a'],
      eipAllocations: ['eipalloc-1'],
      instanceTargets: true,
      loadBalancerClass: 'eks.amazonaws.com/nlb',
    });
    expect(settings).toMatchObject({
      loadBalancerClass: 'eks.amazonaws.com/nlb',
      annotations: {
        [`${AWS}-scheme`]: 'internet-facing',
        [`${AWS}-eip-allocations`]: 'eipalloc-1',
        [`${AWS}-nlb-target-type`]: 'instance',
      },
    });
    expect(settings).not.toHaveProperty('allocateLoadBalancerNodePorts');
  });

  test('opens the pods to security groups of the own', () => {
    expect(awsNlb({ securityGroups: ['sg-1', 'sg-2'] }).annotations).toMatchObject({
      [`${AWS}-security-groups`]: 'sg-1,sg-2',
      [`${AWS}-manage-backend-security-group-rules`]: 'true',
    });
  });
});

test('gcpInternal', () => {
  expect(gcpInternal({})).toStrictEqual({
    type: 'LoadBalancer',
    annotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
  });
  expect(
    gcpInternal({
      subnet: 'gateways',
      globalAccess: true,
      address: '10.0.0.9',
      addressName: 'edge',
      sourceRanges: ['10.0.0.0/8'],
    }),
  ).toStrictEqual({
    type: 'LoadBalancer',
    loadBalancerIP: '10.0.0.9',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    annotations: {
      'networking.gke.io/load-balancer-type': 'Internal',
      'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
      'networking.gke.io/internal-load-balancer-subnet': 'gateways',
      'networking.gke.io/load-balancer-ip-addresses': 'edge',
    },
  });
});

test('azureInternal keeps out everyone but the source ranges', () => {
  expect(azureInternal({})).toStrictEqual({
    type: 'LoadBalancer',
    annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
  });
  expect(azureInternal({ subnet: 'edge', address: '10.0.0.9', sourceRanges: ['10.0.0.0/8'] })).toStrictEqual({
    type: 'LoadBalancer',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    annotations: {
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
      'service.beta.kubernetes.io/azure-load-balancer-internal-subnet': 'edge',
      'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.0.0.9',
      'service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges': 'true',
    },
  });
});

test('metalLb asks for both families when it has an address of each', () => {
  expect(metalLb({})).toStrictEqual({ type: 'LoadBalancer', annotations: {} });
  expect(
    metalLb({
      pool: 'edge',
      addresses: ['10.0.0.9', 'fd00::9'],
      sourceRanges: ['10.0.0.0/8'],
      loadBalancerClass: 'metallb',
    }),
  ).toStrictEqual({
    type: 'LoadBalancer',
    loadBalancerClass: 'metallb',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    ipFamilyPolicy: 'RequireDualStack',
    annotations: { 'metallb.io/address-pool': 'edge', 'metallb.io/loadBalancerIPs': '10.0.0.9,fd00::9' },
  });
  expect(metalLb({ addresses: ['10.0.0.9'] })).not.toHaveProperty('ipFamilyPolicy');
});

test('nodePort tells istiod which nodes are the gateway', () => {
  expect(nodePort({ istiodPort: 30012, nodeSelector: { edge: 'yes' } })).toStrictEqual({
    type: 'NodePort',
    annotations: { 'traffic.istio.io/nodeSelector': '{"edge":"yes"}' },
    nodePorts: { 'tls-istiod': 30012 },
  });
  expect(nodePort({}).annotations).toStrictEqual({ 'traffic.istio.io/nodeSelector': '{}' });
});

test('customLoadBalancer adds nothing', () => {
  expect(customLoadBalancer({})).toStrictEqual({ type: 'LoadBalancer', annotations: {} });
  expect(
    customLoadBalancer({
      annotations: { a: 'b' },
      loadBalancerClass: 'c',
      loadBalancerIP: '10.0.0.9',
      sourceRanges: ['10.0.0.0/8'],
    }),
  ).toStrictEqual({
    type: 'LoadBalancer',
    loadBalancerClass: 'c',
    loadBalancerIP: '10.0.0.9',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    annotations: { a: 'b' },
  });
});
