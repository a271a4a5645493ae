import { ControlPlane } from '../../../lib/control-plane/control-plane';
import { LoadBalancer } from '../../../lib/gateway/load-balancer';
import { Revision } from '../../../lib/mesh/revision';
import { aMesh } from '../../fixtures';

interface Operator {
  readonly metadata: object;
  readonly spec: { readonly values: Record<string, unknown>; readonly [field: string]: unknown };
}

function operator(props: Partial<ConstructorParameters<typeof ControlPlane>[0]> = {}): Operator {
  return new ControlPlane({ mesh: aMesh(), ...props }).istioOperator() as unknown as Operator;
}

describe('the file for istioctl', () => {
  test('says what the Helm values say, with those of istiod under pilot', () => {
    const controlPlane = new ControlPlane({ mesh: aMesh() });
    const { global, meshConfig, ...pilot } = controlPlane.helmValues.istiod;
    expect(controlPlane.istioOperator()).toStrictEqual({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: 'istio', namespace: 'istio-system' },
      spec: { profile: 'minimal', values: { global, pilot, meshConfig } },
    });
  });

  test('names the revision once, at its own place', () => {
    const { metadata, spec } = operator({ mesh: aMesh({ revision: Revision.tag('prod') }), revision: '1-31-1' });
    expect(metadata).toStrictEqual({ name: 'istio-1-31-1', namespace: 'istio-system' });
    expect(spec.revision).toBe('1-31-1');
    expect(spec.values).toMatchObject({ revisionTags: ['prod'] });
    expect(spec.values).not.toHaveProperty('revision');
  });

  test('keeps apart the values that istioctl may not know', () => {
    const { spec } = operator({ istiodValues: { pdb: { maxUnavailable: 1 } } });
    expect(spec.unvalidatedValues).toStrictEqual({ pdb: { maxUnavailable: 1 } });
    expect(spec.values.pilot).not.toHaveProperty('pdb');
  });

  test('has the gateway, with injection', () => {
    const { spec } = operator({ gateway: { loadBalancer: LoadBalancer.awsNlb(), namespace: 'machines' } });
    expect(spec.components).toMatchObject({
      ingressGateways: [
        {
          name: 'istio-eastwestgateway',
          namespace: 'machines',
          enabled: true,
          label: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' },
          k8s: {
            service: { type: 'LoadBalancer', ports: [{ port: 15021 }, { port: 15012 }] },
            hpaSpec: { minReplicas: 2, maxReplicas: 5 },
          },
        },
      ],
    });
    expect(spec.values.gateways).toStrictEqual({ 'istio-ingressgateway': { injectionTemplate: 'gateway' } });
  });
});
