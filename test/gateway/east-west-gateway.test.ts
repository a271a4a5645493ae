import { Testing } from 'cdk8s';
import { IstiodAccess, Revision } from 'meshvm';
import { EastWestGateway } from '../../lib/gateway/east-west-gateway';
import type {
  EastWestGatewayProps,
  HelmReleaseGatewayProps,
  IEastWestGateway,
} from '../../lib/gateway/east-west-gateway-props';
import { IstiodExposure } from '../../lib/gateway/istiod-exposure';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { ServiceExposure } from '../../lib/gateway/service-exposure';
import { aChart, aMesh, errorOf, problemsOf } from '../fixtures';

function propsOf(props: Partial<EastWestGatewayProps>): EastWestGatewayProps {
  return { mesh: aMesh(), loadBalancer: LoadBalancer.metalLb(), ...props };
}

function objects(props: Partial<EastWestGatewayProps> = {}) {
  const chart = aChart();
  new EastWestGateway(chart, 'gateway', propsOf(props));
  return Testing.synth(chart);
}

function ofKind(kind: string, props: Partial<EastWestGatewayProps> = {}) {
  return objects(props).find((object) => object.kind === kind);
}

function refusal(props: Partial<EastWestGatewayProps>): readonly string[] {
  return problemsOf(() => new EastWestGateway(aChart(), 'gateway', propsOf(props)));
}

describe('EastWestGateway', () => {
  test('makes a whole gateway that lets machines in to istiod, beside istiod and not in the namespace of the chart', () => {
    expect(objects().map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toStrictEqual([
      'ServiceAccount istio-system/istio-eastwestgateway',
      'Deployment istio-system/istio-eastwestgateway',
      'HorizontalPodAutoscaler istio-system/istio-eastwestgateway',
      'PodDisruptionBudget istio-system/istio-eastwestgateway',
      'Service istio-system/istio-eastwestgateway',
      'Gateway istio-system/istio-eastwestgateway-istiod',
      'VirtualService istio-system/istio-eastwestgateway-istiod',
    ]);
  });

  test('takes the names and labels that the chart of Istio would give it', () => {
    expect(ofKind('Service')).toMatchObject({
      metadata: {
        labels: {
          app: 'istio-eastwestgateway',
          istio: 'eastwestgateway',
          'app.kubernetes.io/name': 'istio-eastwestgateway',
          'app.kubernetes.io/part-of': 'istio',
        },
      },
      spec: { selector: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' } },
    });
  });

  test('two replicas at least, by default', () => {
    expect(ofKind('HorizontalPodAutoscaler')?.spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
  });

  test('says what other constructs need to know', () => {
    const mesh = aMesh();
    const gateway: IEastWestGateway = new EastWestGateway(
      aChart(),
      'gateway',
      propsOf({ mesh, name: 'edge', namespace: 'gateways' }),
    );
    expect(gateway.mesh).toBe(mesh);
    expect(gateway.namespace).toBe('gateways');
    expect(gateway.serviceName).toBe('edge');
    expect(gateway.selectorLabels).toStrictEqual({ app: 'edge', istio: 'edge' });
  });

  test('carries the network only when services are exposed', () => {
    const networked = JSON.stringify(objects({ exposeServices: ServiceExposure.istioApis() }));
    expect(networked).toContain('"topology.istio.io/network":"vpc-prod"');
    expect(JSON.stringify(objects())).not.toContain('vpc-prod');
  });

  test('opens 15017 only on request', () => {
    expect(JSON.stringify(objects())).not.toContain('15017');
    const webhook = objects({ exposeIstiod: IstiodExposure.istioApis({ webhook: true }) });
    expect(JSON.stringify(webhook)).toContain('15017');
  });

  test('is injected by the revision or tag of the mesh', () => {
    const { template } = ofKind('Deployment', { mesh: aMesh({ revision: Revision.tag('prod') }) })?.spec ?? {};
    expect(template.metadata.labels).toMatchObject({ 'istio.io/rev': 'prod' });
  });

  test('lets machines in by a DNS name of their own', () => {
    const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });
    expect(ofKind('VirtualService', { mesh })?.spec.hosts).toStrictEqual([
      'istiod.example.com',
      'istiod.istio-system.svc',
    ]);
  });

  test('two gateways stand side by side in one program under their own names', () => {
    const chart = aChart();
    new EastWestGateway(chart, 'a', propsOf({ name: 'edge-a' }));
    new EastWestGateway(chart, 'b', propsOf({ name: 'edge-b', exposeServices: ServiceExposure.istioApis() }));
    expect(Testing.synth(chart)).toHaveLength(15);
    expect(() => new EastWestGateway(chart, 'c', propsOf({ name: 'edge-a' }))).toThrow('object/declared-twice');
  });

  test('two gateways of one name in two namespaces would mix up their servers, but for the Gateway API', () => {
    const chart = aChart();
    new EastWestGateway(chart, 'a', propsOf({ namespace: 'a' }));
    expect(problemsOf(() => new EastWestGateway(chart, 'b', propsOf({ namespace: 'b' })))).toStrictEqual([
      'name [gateway/selects-other-gateway]',
    ]);
    const exposeIstiod = IstiodExposure.gatewayApi();
    const mesh = aMesh({ clusterName: 'prod-us' });
    new EastWestGateway(chart, 'c', propsOf({ namespace: 'c', mesh, exposeIstiod }));
    new EastWestGateway(chart, 'd', propsOf({ namespace: 'd', mesh, exposeIstiod }));
  });

  test('the same gateway may be referred to again', () => {
    const chart = aChart();
    new EastWestGateway(chart, 'a', propsOf({ name: 'edge' }));
    const reference = { mesh: aMesh(), releaseName: 'edge', exposeIstiod: IstiodExposure.none() };
    expect(EastWestGateway.fromHelmRelease(chart, 'b', reference).serviceName).toBe('edge');
    const wide = { ...reference, releaseName: 'other', exposeIstiod: undefined, selectorLabels: { istio: 'edge' } };
    expect(problemsOf(() => EastWestGateway.fromHelmRelease(chart, 'c', wide))).toStrictEqual([
      'name [gateway/selects-other-gateway]',
    ]);
  });
});

describe('EastWestGateway refuses', () => {
  test('everything that is wrong at once, with its path', () => {
    const error = errorOf(
      () =>
        new EastWestGateway(
          aChart(),
          'gateway',
          propsOf({
            loadBalancer: LoadBalancer.awsNlb({ sourceRanges: ['10.0.0.1/8'] }),
            name: '0-edge',
            namespace: 'Gateways',
            minReplicas: 9,
            resources: { cpuRequest: '4' },
            priorityClassName: 'Very High',
            tolerations: [{ effect: 'Never' }],
            nodeSelector: { a: 'b c' },
            exposeServices: ServiceExposure.istioApis({ hosts: [] }),
          }),
        ),
    );
    expect(error.path).toBe('payments/gateway');
    expect(error.problems.map(({ property, id }) => `${property} [${id}]`)).toStrictEqual([
      'loadBalancer.awsNlb.sourceRanges[0] [address/cidr]',
      'name [name/service]',
      'namespace [name/dns-label]',
      'resources.cpuRequest [quantity/request-above-limit]',
      'minReplicas [gateway/replicas]',
      'nodeSelector["a"] [label/value]',
      'tolerations[0].effect [toleration/form]',
      'priorityClassName [name/dns-subdomain]',
      'exposeServices.istioApis.hosts [service-exposure/no-hosts]',
    ]);
  });

  test('what a program in JavaScript may leave out', () => {
    const make = (props: unknown) => problemsOf(() => new EastWestGateway(aChart(), 'gateway', props as never));
    expect(make(undefined)).toStrictEqual([' [shape/type]']);
    expect(make({})).toStrictEqual(['loadBalancer [shape/missing]', 'mesh [shape/missing]']);
    expect(make({ mesh: aMesh() })).toStrictEqual(['loadBalancer [shape/missing]']);
    expect(make(propsOf({ loadBalancer: {} as never }))).toStrictEqual(['loadBalancer [shape/choice]']);
    expect(make(propsOf({ loadBalancer: 'awsNlb' as never }))).toStrictEqual(['loadBalancer [shape/type]']);
  });

  test('the properties of a mesh where a Mesh belongs, with what to write', () => {
    const props = propsOf({
      mesh: { meshId: 'acme', clusterName: 'a', network: 'b', istioVersion: '1.31.1' } as never,
    });
    const [problem] = errorOf(() => new EastWestGateway(aChart(), 'gateway', props)).problems;
    expect([problem.property, problem.id, problem.remedy]).toStrictEqual([
      ...['mesh', 'shape/type', 'make one by new Mesh({ … })'],
    ]);
  });

  test('a property that it does not have, with the one that was meant', () => {
    const props = { ...propsOf({}), minReplica: 3 };
    const [problem] = errorOf(() => new EastWestGateway(aChart(), 'gateway', props)).problems;
    expect([problem.property, problem.id, problem.remedy]).toStrictEqual([
      ...['minReplica', 'shape/unknown-property', 'did you mean minReplicas?'],
    ]);
  });

  test('keys that other properties own, naming the property', () => {
    const props = {
      labels: { istio: 'x', 'istio.io/rev': 'x', 'sidecar.istio.io/inject': 'false' },
      podAnnotations: { 'proxy.istio.io/config': '{}', 'inject.istio.io/templates': 'sidecar' },
      serviceAnnotations: { 'metallb.io/address-pool': 'other', free: 'yes' },
      loadBalancer: LoadBalancer.metalLb({ pool: 'edge' }),
    };
    expect(refusal(props)).toStrictEqual([
      'labels["istio"] [gateway/owned-key]',
      'labels["istio.io/rev"] [gateway/owned-key]',
      'labels["sidecar.istio.io/inject"] [gateway/owned-key]',
      'podAnnotations["proxy.istio.io/config"] [gateway/owned-key]',
      'podAnnotations["inject.istio.io/templates"] [gateway/owned-key]',
      'serviceAnnotations["metallb.io/address-pool"] [gateway/owned-key]',
    ]);
    const { problems } = errorOf(() => new EastWestGateway(aChart(), 'gateway', propsOf(props)));
    expect(problems[3].remedy).toBe('remove it and set drainSeconds');
  });

  test('to read the secrets of the control plane', () => {
    expect(refusal({ readSecrets: true })).toStrictEqual(['readSecrets [gateway/reads-secrets-of-control-plane]']);
    expect(ofKind('Role', { readSecrets: true, namespace: 'gateways' })).toMatchObject({
      metadata: { namespace: 'gateways' },
    });
  });

  test('a control plane that is exposed twice', () => {
    const exposeIstiod = IstiodExposure.gatewayApi({ furtherControlPlanes: [aMesh()] });
    expect(refusal({ exposeIstiod })).toStrictEqual([
      'exposeIstiod.gatewayApi.furtherControlPlanes[0] [istiod-exposure/same-name]',
    ]);
  });
});

describe('EastWestGateway.fromHelmRelease', () => {
  function release(props: Partial<HelmReleaseGatewayProps> = {}) {
    const chart = aChart();
    const all = { mesh: aMesh(), releaseName: 'istio-edge', namespace: 'gateways', ...props };
    return { chart, gateway: EastWestGateway.fromHelmRelease(chart, 'gateway', all) };
  }

  test('emits the exposure alone, for the pods that the chart made', () => {
    const { chart, gateway } = release({ exposeServices: ServiceExposure.istioApis() });
    expect(Testing.synth(chart).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'Gateway gateways/istio-edge-istiod',
      'VirtualService gateways/istio-edge-istiod',
      'Gateway gateways/istio-edge-services',
    ]);
    expect(Testing.synth(chart)[0].spec.selector).toStrictEqual({ app: 'istio-edge', istio: 'edge' });
    expect(gateway.serviceName).toBe('istio-edge');
    expect(gateway.selectorLabels).toStrictEqual({ app: 'istio-edge', istio: 'edge' });
  });

  test('can be no more than a reference', () => {
    const { chart, gateway } = release({ exposeIstiod: IstiodExposure.none(), namespace: undefined });
    expect(Testing.synth(chart)).toStrictEqual([]);
    expect(gateway.namespace).toBe('istio-system');
    expect(gateway.node.path).toBe('payments/gateway');
  });

  test('selects by other labels when the chart was told others', () => {
    const { chart } = release({ selectorLabels: { istio: 'ingress' } });
    expect(Testing.synth(chart)[0].spec.selector).toStrictEqual({ istio: 'ingress' });
  });

  test('refuses what would select every gateway of the mesh, and bad names', () => {
    expect(problemsOf(() => release({ releaseName: 'Edge', namespace: 'a.b', selectorLabels: {} }))).toStrictEqual([
      'releaseName [name/service]',
      'namespace [name/dns-label]',
      'selectorLabels [gateway/empty-selector]',
    ]);
  });
});
