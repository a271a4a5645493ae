import { LaunchTemplate } from '@pulumi/aws/ec2';
import { VmAutoScalingGroup } from 'meshvm/pulumi/aws';

export const template = new LaunchTemplate('template', { imageId: 'ami-0123' });
export const fleet = new VmAutoScalingGroup('fleet', {
  mesh: { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' },
  namespace: 'payments',
  ports: [{ name: 'http', port: 8080 }],
  network: { flat: { cidrs: ['10.20.0.0/16'] } },
  gateway: { serviceName: 'istio-eastwestgateway' },
  cluster: { name: 'prod-eu' },
  peers: { gateway: [{ securityGroupId: 'sg-0123' }] },
  subnetIds: ['subnet-0123'],
  instanceTypes: ['m7i.large'],
  minSize: 2,
  maxSize: 10,
});
