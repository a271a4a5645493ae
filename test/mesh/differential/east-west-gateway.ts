import type { Chart } from 'cdk8s';
import fc from 'fast-check';
import { IstiodAccess, Mesh, Revision } from 'meshvm';
import { EastWestGateway } from '../../../lib/gateway/east-west-gateway';
import { resolveExposure } from '../../../lib/gateway/gateway-exposure';
import { IstiodExposure } from '../../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../../lib/gateway/load-balancer';
import { gatewayExposureObjects, gatewayWorkloadObjects } from '../../../lib/gateway/manifests/east-west-gateway';
import { resolveEastWestGateway } from '../../../lib/gateway/private/east-west-gateway';
import { ServiceExposure } from '../../../lib/gateway/service-exposure';
import { type Subject, TRIAL_NAMESPACE } from './differential';
import * as value from './values';

const MESH = { meshId: 'acme', clusterName: 'prod-eu', network: 'vpc-prod', istioVersion: '1.31.1' };
const meshes = [
  new Mesh(MESH),
  new Mesh({ ...MESH, revision: Revision.named('1-31-1') }),
  new Mesh({ ...MESH, revision: Revision.tag('prod'), istiodAccess: IstiodAccess.dnsName('istiod.example.com') }),
];
const badMesh = new Mesh({ ...MESH, istiodAccess: IstiodAccess.dnsName('Istiod.example.com.') });

const cidr = value.mostly(
  fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '192.0.2.7/32', 'fd00::/8'),
  fc.constantFrom('', '10.0.0.0', '10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/08', 'x/8', '::ffff:10.0.0.0/104'),
);
const sourceRanges = value.maybe(fc.array(cidr, { maxLength: 2 }));
const loadBalancerClass = value.maybe(
  value.mostly(
    fc.constantFrom('service.k8s.aws/nlb', 'nlb', 'a.b/C_d.e'),
    fc.constantFrom('', '/', 'a/', 'a/b/c', 'UP.com/x', 'a b', '-a', 'x'.repeat(64)),
    12,
  ),
);
const address = value.maybe(value.ipAddress);
// A dry run takes any port number for a node port: it allocates none (see east-west-gateway.test.ts).
const nodePort = value.maybe(
  value.mostly(fc.integer({ min: 30000, max: 32767 }), fc.constantFrom(0, 30000.5, 2 ** 31), 12),
);

const loadBalancer = fc.oneof(
  fc
    .record({ sourceRanges, loadBalancerClass, instanceTargets: fc.boolean(), internetFacing: fc.boolean() })
    .map(LoadBalancer.awsNlb),
  fc.record({ sourceRanges, address }).map(LoadBalancer.gcpInternal),
  fc.record({ sourceRanges, address }).map(LoadBalancer.azureInternal),
  fc.record({ sourceRanges, loadBalancerClass, pool: value.maybe(value.name) }).map(LoadBalancer.metalLb),
  fc.record({ istiodPort: nodePort, servicesPort: nodePort, statusPort: nodePort }).map(LoadBalancer.nodePort),
  fc
    .record({ sourceRanges, loadBalancerClass, loadBalancerIP: address, annotations: value.maybe(value.annotations) })
    .map(LoadBalancer.custom),
);

const istiod = fc
  .record({
    furtherControlPlanes: fc.array(fc.constantFrom(...meshes), { maxLength: 1, size: 'small' }),
    webhook: fc.boolean(),
    make: fc.constantFrom(IstiodExposure.istioApis, IstiodExposure.gatewayApi, () => IstiodExposure.none()),
  })
  .map(({ make, ...options }) => make(options));

const host = value.mostly(
  fc.constantFrom('*.local', '*.a.svc.cluster.local', 'b.a.svc.cluster.local', '*', 'x.example.com'),
  fc.constantFrom(
    ...['', 'local', '*.', '*-a.local', 'a.*.local', 'a b.local', '*.7', 'x/', '-/a.local', './a.local', '~/a.local'],
    ...[
      '::1',
      '10.0.0.9',
      'A.Local',
      'a.local.',
      'a..local',
      '.',
      '*/*',
      `${'x'.repeat(64)}.local`,
      `${'a.'.repeat(127)}bc`,
    ],
  ),
  4,
);
const services = fc
  .record({
    hosts: value.maybe(fc.array(host, { maxLength: 2 })),
    make: fc.constantFrom(ServiceExposure.istioApis, ServiceExposure.gatewayApi, () => ServiceExposure.none()),
  })
  .map(({ make, hosts }) => make({ hosts }));

const cpu = value.maybe(
  value.mostly(
    fc.constantFrom('100m', '1', '1.5', '2', '500m'),
    fc.constantFrom('', '0', '-1', '1x', 'one', '9', '1 m'),
  ),
);
const memory = value.maybe(
  value.mostly(fc.constantFrom('128Mi', '1Gi', '512Mi', '1e9', '1G'), fc.constantFrom('', '0', '1gi', '2Ti', '1.2.3')),
);
const effect = value.mostly(
  fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
  fc.constantFrom('', 'Never'),
);
const toleration = fc.oneof(
  { weight: 4, arbitrary: fc.record({ key: value.labelKey, value: value.maybe(value.labelValue), effect }) },
  { weight: 2, arbitrary: fc.record({ key: value.maybe(value.labelKey), effect: value.maybe(effect) }) },
  { weight: 1, arbitrary: fc.record({ effect, tolerationSeconds: fc.constantFrom(0, 30, -1, 1.5) }) },
  { weight: 1, arbitrary: fc.record({ value: value.labelValue }) },
);
const count = (min: number, max: number) =>
  value.maybe(value.mostly(fc.integer({ min, max }), fc.constantFrom(0, -1, 1.5, 2 ** 31), 40));

const gatewayProps = fc.record({
  mesh: value.mostly(fc.constantFrom(...meshes), fc.constant(badMesh)),
  namespace: value.maybe(fc.constant(TRIAL_NAMESPACE)),
  name: value.maybe(value.name),
  loadBalancer,
  exposeIstiod: value.maybe(istiod),
  exposeServices: value.maybe(services),
  minReplicas: count(1, 4),
  maxReplicas: count(3, 9),
  targetCpuUtilizationPercent: count(1, 200),
  drainSeconds: count(1, 600),
  resources: value.maybe(fc.record({ cpuRequest: cpu, cpuLimit: cpu, memoryRequest: memory, memoryLimit: memory })),
  nodeSelector: value.maybe(value.labels),
  tolerations: value.maybe(fc.array(toleration, { maxLength: 1 })),
  priorityClassName: value.maybe(value.name),
  labels: value.maybe(value.labels),
  podAnnotations: value.maybe(value.annotations),
  serviceAnnotations: value.maybe(value.annotations),
  readSecrets: fc.boolean(),
});

type Raw<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** A name that objects may have, and an Istio Gateway with "-istiod" after it may not. */
const LONG_NAME: Raw<typeof gatewayProps> = {
  mesh: meshes[0],
  namespace: undefined,
  name: 'x'.repeat(60),
  loadBalancer: LoadBalancer.custom({}),
  exposeIstiod: undefined,
  exposeServices: undefined,
  minReplicas: undefined,
  maxReplicas: undefined,
  targetCpuUtilizationPercent: undefined,
  drainSeconds: undefined,
  resources: undefined,
  nodeSelector: undefined,
  tolerations: undefined,
  priorityClassName: undefined,
  labels: undefined,
  podAnnotations: undefined,
  serviceAnnotations: undefined,
  readSecrets: false,
};

/** EastWestGateway, with any load balancer and exposure. */
export const eastWestGateway: Subject<Raw<typeof gatewayProps>> = {
  name: 'EastWestGateway',
  props: gatewayProps,
  examples: [LONG_NAME],
  confirms: [
    'annotation/key',
    'gateway/cpu-utilization',
    'gateway/name-too-long',
    'gateway/replicas',
    'label/key',
    'label/value',
    'load-balancer/class',
    'name/dns-subdomain',
    'name/service',
    'node-port/number',
    'quantity/form',
    'quantity/request-above-limit',
    'service-exposure/host',
    'service-exposure/hostname',
    'service-exposure/no-hosts',
    'toleration/form',
  ],
  construct(chart: Chart, props) {
    new EastWestGateway(chart, 'gateway', props);
  },
  build(props) {
    const gateway = resolveEastWestGateway(props);
    const exposure = gatewayExposureObjects(gateway, props.mesh, resolveExposure(props));
    return [...gatewayWorkloadObjects(gateway), ...exposure];
  },
};
