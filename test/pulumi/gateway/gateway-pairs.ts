import {
  ApiServerExposure,
  type EastWestGatewayProps,
  type HelmReleaseGatewayProps,
  IstiodAccess,
  IstiodExposure,
  LoadBalancer,
  Revision,
  ServiceExposure,
} from 'meshvm';
import type { EastWestGatewayArgs, HelmReleaseGatewayArgs } from 'meshvm/pulumi';
import { aMesh } from '../../fixtures';
import { gatewayArgs, meshArgs } from '../fixtures';

/** The same of both faces. */
interface Pair<Props, Args> {
  readonly is: string;
  readonly props: Props;
  readonly args: Args;
}

const NLB = {
  subnets: ['subnet-1', 'subnet-2'],
  privateIpv4Addresses: ['10.0.0.7', '10.0.1.7'],
  crossZone: false,
  sourceRanges: ['10.0.0.0/8'],
  instanceTargets: true,
  loadBalancerClass: 'eks.amazonaws.com/nlb',
};
const PUBLIC = {
  internetFacing: true,
  subnets: ['subnet-1'],
  eipAllocations: ['eipalloc-01'],
  securityGroups: ['sg-1', 'sg-2'],
};
const GCP = { subnet: 'vms', globalAccess: true, address: '10.0.0.7', sourceRanges: ['10.0.0.0/8'] };
const AZURE = { subnet: 'vms', address: '10.0.0.7', sourceRanges: ['10.0.0.0/8'] };
const METAL = {
  pool: 'vms',
  addresses: ['10.0.0.7', 'fd00::7'],
  sourceRanges: ['10.0.0.0/8'],
  loadBalancerClass: 'metallb.io/metallb',
};
const PORTS = {
  istiodPort: 15012,
  servicesPort: 15443,
  statusPort: 15021,
  webhookPort: 15017,
  nodeSelector: { edge: 'true' },
  nodePortRange: '15000-16000',
};
const CUSTOM = {
  annotations: { 'lb.acme.example/kind': 'internal' },
  loadBalancerClass: 'acme.example/lb',
  loadBalancerIP: '10.0.0.7',
  sourceRanges: ['10.0.0.0/8'],
};

const balanced = (
  is: string,
  loadBalancer: LoadBalancer,
  args: EastWestGatewayArgs['loadBalancer'],
): Pair<EastWestGatewayProps, EastWestGatewayArgs> => ({
  is,
  props: { mesh: aMesh(), loadBalancer },
  args: gatewayArgs({ loadBalancer: args }),
});

const RICH = {
  name: 'edge',
  namespace: 'gateways',
  minReplicas: 1,
  maxReplicas: 3,
  targetCpuUtilizationPercent: 60,
  resources: { cpuRequest: '200m', memoryRequest: '64Mi', cpuLimit: '1', memoryLimit: '512Mi' },
  drainSeconds: 60,
  nodeSelector: { edge: 'true' },
  tolerations: [
    { key: 'edge', value: 'true', effect: 'NoExecute', tolerationSeconds: 9 },
    { key: 'spot', effect: 'NoSchedule' },
  ],
  priorityClassName: 'system-cluster-critical',
  labels: { team: 'mesh' },
  podAnnotations: { 'acme.example/owner': 'mesh' },
  serviceAnnotations: { 'external-dns.alpha.kubernetes.io/hostname': 'edge.acme.example' },
  readSecrets: true,
};

/** Gateways with all that it takes to run them. */
export const gateways: readonly Pair<EastWestGatewayProps, EastWestGatewayArgs>[] = [
  balanced('behind an NLB by default', LoadBalancer.awsNlb(), { awsNlb: {} }),
  balanced('behind an NLB', LoadBalancer.awsNlb(NLB), { awsNlb: NLB }),
  balanced('behind a public NLB', LoadBalancer.awsNlb(PUBLIC), { awsNlb: PUBLIC }),
  balanced('on GKE', LoadBalancer.gcpInternal(GCP), { gcpInternal: GCP }),
  balanced('on Azure', LoadBalancer.azureInternal(AZURE), { azureInternal: AZURE }),
  balanced('behind MetalLB', LoadBalancer.metalLb(METAL), { metalLb: METAL }),
  balanced('at ports of the nodes', LoadBalancer.nodePort(PORTS), { nodePort: PORTS }),
  balanced('behind a load balancer of its own kind', LoadBalancer.custom(CUSTOM), { custom: CUSTOM }),
  {
    is: 'that says everything it can',
    props: {
      ...RICH,
      mesh: aMesh({ revision: Revision.named('1-31') }),
      loadBalancer: LoadBalancer.metalLb(),
      exposeIstiod: IstiodExposure.istioApis({
        webhook: true,
        furtherControlPlanes: [aMesh({ revision: Revision.named('1-32') })],
      }),
      exposeServices: ServiceExposure.istioApis({
        hosts: ['*.payments.svc.cluster.local', 'a.shop.svc.cluster.local'],
      }),
      exposeApiServer: ApiServerExposure.istioApis({ sourceRanges: ['10.20.0.0/16'] }),
    },
    args: gatewayArgs({
      ...RICH,
      mesh: meshArgs({ revision: { named: '1-31' } }),
      exposeIstiod: { istioApis: { webhook: true, furtherControlPlanes: [meshArgs({ revision: { named: '1-32' } })] } },
      exposeServices: { istioApis: { hosts: ['*.payments.svc.cluster.local', 'a.shop.svc.cluster.local'] } },
      exposeApiServer: { istioApis: { sourceRanges: ['10.20.0.0/16'] } },
    }),
  },
  {
    is: 'by the Gateway API',
    props: {
      mesh: aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.acme.example') }),
      loadBalancer: LoadBalancer.metalLb(),
      exposeIstiod: IstiodExposure.gatewayApi({ webhook: true }),
      exposeServices: ServiceExposure.gatewayApi(),
      exposeApiServer: ApiServerExposure.gatewayApi({ sourceRanges: ['10.20.0.0/16'] }),
    },
    args: gatewayArgs({
      mesh: meshArgs({ istiodAccess: { dnsName: 'istiod.acme.example' } }),
      exposeIstiod: { gatewayApi: { webhook: true } },
      exposeServices: { gatewayApi: {} },
      exposeApiServer: { gatewayApi: { sourceRanges: ['10.20.0.0/16'] } },
    }),
  },
  {
    is: 'that exposes nothing',
    props: {
      mesh: aMesh(),
      loadBalancer: LoadBalancer.metalLb(),
      exposeIstiod: IstiodExposure.none(),
      exposeServices: ServiceExposure.none(),
    },
    args: gatewayArgs({ exposeIstiod: { none: true }, exposeServices: { none: true } }),
  },
];

/** Gateways of Helm releases. */
export const helmReleaseGateways: readonly Pair<HelmReleaseGatewayProps, HelmReleaseGatewayArgs>[] = [
  {
    is: 'with nothing but its name',
    props: { mesh: aMesh(), releaseName: 'edge' },
    args: { mesh: meshArgs(), releaseName: 'edge' },
  },
  {
    is: 'that says everything it can',
    props: {
      mesh: aMesh(),
      releaseName: 'edge',
      namespace: 'gateways',
      selectorLabels: { gateway: 'edge' },
      exposeIstiod: IstiodExposure.istioApis(),
      exposeServices: ServiceExposure.istioApis(),
    },
    args: {
      mesh: meshArgs(),
      releaseName: 'edge',
      namespace: 'gateways',
      selectorLabels: { gateway: 'edge' },
      exposeIstiod: { istioApis: {}, none: false },
      exposeServices: { istioApis: {}, none: false },
    },
  },
];
