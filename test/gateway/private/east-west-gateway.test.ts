import { IstiodExposure, LoadBalancer, Revision, ServiceExposure } from 'meshvm';
import { resolveEastWestGateway, resolveHelmReleaseGateway } from '../../../lib/gateway/private/east-west-gateway';
import { aMesh } from '../../fixtures';

const loadBalancer = LoadBalancer.metalLb();

describe('resolveEastWestGateway', () => {
  test('fills in every default', () => {
    const selector = { app: 'istio-eastwestgateway', istio: 'eastwestgateway' };
    expect(resolveEastWestGateway({ mesh: aMesh(), loadBalancer })).toStrictEqual({
      name: 'istio-eastwestgateway',
      namespace: 'istio-system',
      selector,
      labels: {
        ...selector,
        'app.kubernetes.io/name': 'istio-eastwestgateway',
        'app.kubernetes.io/part-of': 'istio',
      },
      revision: '',
      network: undefined,
      webhook: false,
      loadBalancer: { type: 'LoadBalancer', annotations: {} },
      serviceAnnotations: {},
      podAnnotations: {},
      resources: { cpuRequest: '100m', memoryRequest: '128Mi', cpuLimit: '2', memoryLimit: '1Gi' },
      minReplicas: 2,
      maxReplicas: 5,
      targetCpuUtilizationPercent: 80,
      drainSeconds: 30,
      nodeSelector: {},
      tolerations: [],
      priorityClassName: undefined,
      readSecrets: false,
    });
  });

  test('takes network, webhook and revision from where they are said', () => {
    const mesh = aMesh({ revision: Revision.tag('prod'), controlPlaneNamespace: 'mesh' });
    const exposeIstiod = IstiodExposure.gatewayApi({ webhook: true });
    const exposeServices = ServiceExposure.gatewayApi();
    expect(resolveEastWestGateway({ mesh, loadBalancer, exposeIstiod, exposeServices })).toMatchObject({
      namespace: 'mesh',
      revision: 'prod',
      network: 'vpc-prod',
      webhook: true,
    });
  });

  test('makes something of anything', () => {
    expect(() => resolveEastWestGateway({ mesh: aMesh(), loadBalancer, name: '', minReplicas: -1 })).not.toThrow();
    expect(() => resolveEastWestGateway({ mesh: aMesh(), loadBalancer, name: 7 as never })).not.toThrow();
  });
});

test('resolveHelmReleaseGateway names things as the chart does', () => {
  expect(resolveHelmReleaseGateway({ mesh: aMesh(), releaseName: 'istio-edge' })).toStrictEqual({
    name: 'istio-edge',
    namespace: 'istio-system',
    selector: { app: 'istio-edge', istio: 'edge' },
    labels: {
      app: 'istio-edge',
      istio: 'edge',
      'app.kubernetes.io/name': 'istio-edge',
      'app.kubernetes.io/part-of': 'istio',
    },
    revision: '',
  });
});
