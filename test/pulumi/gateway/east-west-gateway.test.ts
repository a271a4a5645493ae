import * as k8s from '@pulumi/kubernetes';
import { secret } from '@pulumi/pulumi';
import { ControlPlane, EastWestGateway, type EastWestGatewayArgs, HelmReleaseGateway } from 'meshvm/pulumi';
import { gatewayArgs, later, meshArgs, named, refusal, registered, UNKNOWN, unknown } from '../fixtures';
import { failureOf, type ProgramOptions, runProgram, settled } from '../program';

/** The Service as the provider knows it, once its load balancer is there. */
function balanced(ingress: readonly unknown[]): ProgramOptions {
  return {
    state: ({ type }) => (type === 'kubernetes:core/v1:Service' ? { status: { loadBalancer: { ingress } } } : {}),
  };
}

async function addressOf(args: EastWestGatewayArgs, options?: ProgramOptions) {
  const { value } = await runProgram(async () => {
    const { address } = new EastWestGateway('edge', args);
    return { address: await settled(address) };
  }, options);
  return value.address;
}

describe('EastWestGateway', () => {
  test('registers each object as a resource of its kind under the component', async () => {
    const resources = await registered(() => new EastWestGateway('edge', gatewayArgs()));
    expect(resources.map(({ type, name, parent }) => `${parent} ${type} ${name}`).sort()).toStrictEqual([
      ' meshvm:index:EastWestGateway edge',
      'edge kubernetes:apps/v1:Deployment Deployment istio-system/istio-eastwestgateway',
      'edge kubernetes:autoscaling/v2:HorizontalPodAutoscaler HorizontalPodAutoscaler istio-system/istio-eastwestgateway',
      'edge kubernetes:core/v1:Service Service istio-system/istio-eastwestgateway',
      'edge kubernetes:core/v1:ServiceAccount ServiceAccount istio-system/istio-eastwestgateway',
      'edge kubernetes:networking.istio.io/v1:Gateway Gateway istio-system/istio-eastwestgateway-istiod',
      'edge kubernetes:networking.istio.io/v1:VirtualService VirtualService istio-system/istio-eastwestgateway-istiod',
      'edge kubernetes:policy/v1:PodDisruptionBudget PodDisruptionBudget istio-system/istio-eastwestgateway',
    ]);
  });

  test('lets Pulumi wait for its Service, whose pods are real', async () => {
    const resources = await registered(() => new EastWestGateway('edge', gatewayArgs()));
    expect(JSON.stringify(resources)).not.toContain('skipAwait');
    expect(named(resources, 'Deployment istio-system/istio-eastwestgateway').dependencies).toStrictEqual([
      'ServiceAccount istio-system/istio-eastwestgateway',
    ]);
  });

  test('waits for the control plane with everything when it depends on it', async () => {
    const resources = await registered(() => {
      const controlPlane = new ControlPlane('istio', { mesh: meshArgs() });
      new EastWestGateway('edge', gatewayArgs(), { dependsOn: controlPlane });
    });
    const children = resources.filter(({ parent }) => parent === 'edge');
    expect(children).toHaveLength(7);
    for (const { name, dependencies } of children) {
      expect([name, dependencies]).toStrictEqual([
        name,
        expect.arrayContaining(['Release istio-system/istio-base', 'Release istio-system/istiod']),
      ]);
    }
  });

  test.each([
    ['an IP address', [{ ip: '10.0.0.7' }], '10.0.0.7'],
    ['a DNS name', [{ hostname: 'edge.elb.amazonaws.com' }], 'edge.elb.amazonaws.com'],
    ['the first of several', [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }], '10.0.0.7'],
  ])('tells the address of its load balancer: %s', async (_, ingress, address) => {
    expect(await addressOf(gatewayArgs(), balanced(ingress))).toBe(address);
  });

  test('has no address of its own at ports of the nodes', async () => {
    expect(await addressOf(gatewayArgs({ loadBalancer: { nodePort: {} } }))).toBe('');
  });

  test('does not know its address in a preview, but all the rest', async () => {
    const preview = { preview: true };
    expect(await addressOf(gatewayArgs(), preview)).toBeUndefined();
    const resources = await registered(
      () => new EastWestGateway('edge', gatewayArgs({ loadBalancer: { awsNlb: { subnets: ['a', unknown()] } } })),
      preview,
    );
    const { metadata, spec } = named(resources, 'Service istio-system/istio-eastwestgateway').inputs;
    expect(metadata.annotations['service.beta.kubernetes.io/aws-load-balancer-subnets']).toEqual(UNKNOWN);
    expect(metadata.annotations['service.beta.kubernetes.io/aws-load-balancer-scheme']).toBe('internal');
    expect(spec.type).toBe('LoadBalancer');
    expect(JSON.stringify(resources)).not.toContain('deferred');
  });

  test('tells what others need to know of it', async () => {
    const { value } = await runProgram(async () => {
      const edge = new EastWestGateway('edge', gatewayArgs({ name: 'istio-edge', namespace: later('gateways') }));
      return {
        serviceName: await settled(edge.serviceName),
        namespace: await settled(edge.namespace),
        selectorLabels: await settled(edge.selectorLabels),
      };
    });
    expect(value).toStrictEqual({
      serviceName: 'istio-edge',
      namespace: 'gateways',
      selectorLabels: { app: 'istio-edge', istio: 'edge' },
    });
  });

  test('puts later values in their places, secrets as secrets', async () => {
    const loadBalancer = {
      awsNlb: { subnets: [later('subnet-1'), secret('subnet-2')], sourceRanges: [later('10.0.0.0/8')] },
    };
    const resources = await registered(() => new EastWestGateway('edge', gatewayArgs({ loadBalancer })));
    const { inputs, secrets } = named(resources, 'Service istio-system/istio-eastwestgateway');
    expect(inputs.metadata.value.annotations['service.beta.kubernetes.io/aws-load-balancer-subnets']).toBe(
      'subnet-1,subnet-2',
    );
    expect(inputs.spec.loadBalancerSourceRanges).toStrictEqual(['10.0.0.0/8']);
    expect(secrets).toStrictEqual(['metadata']);
    expect(resources.filter((resource) => resource.secrets.length > 0)).toHaveLength(1);
  });

  test('stands under its own provider', async () => {
    const resources = await registered(() => {
      const provider = new k8s.Provider('far', { context: 'far' });
      new EastWestGateway('edge', gatewayArgs(), { provider });
    });
    const children = resources.filter(({ parent }) => parent === 'edge');
    expect(children.every(({ provider }) => provider.includes('::far::'))).toBe(true);
  });
});

describe('EastWestGateway refuses', () => {
  test('everything that is wrong at once, each with its path, before it registers anything', async () => {
    const args = gatewayArgs({
      mesh: meshArgs({ istiodAccess: { dnsName: 'Istiod.example.com' } }),
      name: '0-edge',
      namespace: 'Gateways',
      loadBalancer: { awsNlb: { sourceRanges: ['10.0.0.0/33'], eipAllocations: ['eip'] } },
      exposeIstiod: { istioApis: { furtherControlPlanes: [meshArgs({ meshId: 'other', revision: { named: 'x' } })] } },
      exposeServices: { istioApis: { hosts: [] } },
      minReplicas: 9,
      resources: { cpuRequest: '4' },
      tolerations: [{ effect: 'Never' }],
    });
    expect(await refusal(() => new EastWestGateway('edge', args))).toStrictEqual([
      'loadBalancer.awsNlb.sourceRanges[0] [address/cidr]',
      'loadBalancer.awsNlb.eipAllocations[0] [load-balancer/eip-allocation]',
      'loadBalancer.awsNlb.eipAllocations [load-balancer/one-address-per-subnet]',
      'loadBalancer.awsNlb.eipAllocations [load-balancer/eip-on-internal]',
      'name [name/service]',
      'namespace [name/dns-label]',
      'resources.cpuRequest [quantity/request-above-limit]',
      'minReplicas [gateway/replicas]',
      'tolerations[0].effect [toleration/form]',
      'mesh.istiodAccess.dnsName [istiod-exposure/server-name]',
      'exposeIstiod.istioApis.furtherControlPlanes[0].meshId [istiod-exposure/other-mesh]',
      'exposeServices.istioApis.hosts [service-exposure/no-hosts]',
    ]);
  });

  test('a choice that is none, or more than one', async () => {
    const args = gatewayArgs({
      loadBalancer: {},
      exposeIstiod: { istioApis: {}, none: true },
      exposeServices: { none: false },
    });
    expect(await refusal(() => new EastWestGateway('edge', args))).toStrictEqual([
      ...['loadBalancer [shape/choice]', 'exposeIstiod [shape/choice]', 'exposeServices [shape/choice]'],
    ]);
  });

  test('what a program in another language may leave out or misspell', async () => {
    const refused = (args: unknown) => refusal(() => new EastWestGateway('edge', args as never));
    expect(await refused(undefined)).toStrictEqual([' [shape/type]']);
    expect(await refused({})).toStrictEqual(['loadBalancer [shape/missing]', 'mesh [shape/missing]']);
    const mesh = { ...meshArgs(), istiodAcces: { dnsName: 'istiod.example.com' } };
    expect(await refused(gatewayArgs({ mesh }))).toStrictEqual(['mesh.istiodAcces [shape/unknown-property]']);
    const revision = '1-31-1' as never;
    expect(await refused(gatewayArgs({ mesh: meshArgs({ revision }) }))).toStrictEqual(['mesh.revision [shape/type]']);
  });

  test('two gateways that would mix up their servers, but not one whose namespace is known only later', async () => {
    await registered(() => {
      new EastWestGateway('one', gatewayArgs({ namespace: 'one' }));
      expect(() => new EastWestGateway('two', gatewayArgs({ namespace: 'two' }))).toThrow(
        'gateway/selects-other-gateway',
      );
      new EastWestGateway('three', gatewayArgs({ namespace: later('one') }));
    });
  });

  test('values that break out of an annotation when they become known', async () => {
    const loadBalancer = { awsNlb: { subnets: [later('a,b')] } };
    const errors = await failureOf(() => new EastWestGateway('edge', gatewayArgs({ loadBalancer })));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('loadBalancer.awsNlb.subnets[0]: "a,b" is not allowed'),
    );
  });
});

describe('HelmReleaseGateway', () => {
  test('registers what the gateway lets in', async () => {
    const { value, resources } = await runProgram(async () => {
      const edge = new HelmReleaseGateway('edge', { mesh: meshArgs(), releaseName: 'istio-edge' });
      return { serviceName: await settled(edge.serviceName), selectorLabels: await settled(edge.selectorLabels) };
    });
    expect(resources.map(({ type, name, parent }) => `${parent} ${type} ${name}`).sort()).toStrictEqual([
      ' meshvm:index:HelmReleaseGateway edge',
      'edge kubernetes:networking.istio.io/v1:Gateway Gateway istio-system/istio-edge-istiod',
      'edge kubernetes:networking.istio.io/v1:VirtualService VirtualService istio-system/istio-edge-istiod',
    ]);
    expect(value).toStrictEqual({ serviceName: 'istio-edge', selectorLabels: { app: 'istio-edge', istio: 'edge' } });
  });

  test('refuses everything that is wrong at once', async () => {
    const args = { mesh: meshArgs({ meshId: '' }), releaseName: 'Edge', selectorLabels: {} };
    expect(await refusal(() => new HelmReleaseGateway('edge', { ...args, exposeServices: {} }))).toStrictEqual([
      'exposeServices [shape/choice]',
    ]);
    expect(await refusal(() => new HelmReleaseGateway('edge', args))).toStrictEqual([
      'mesh.meshId [mesh/id]',
      'releaseName [name/service]',
      'selectorLabels [gateway/empty-selector]',
    ]);
  });
});
