import type { KubernetesObject } from '../../../lib/core/kubernetes-object';
import { resolveExposure } from '../../../lib/gateway/gateway-exposure';
import { IstiodExposure } from '../../../lib/gateway/istiod-exposure';
import { gatewayExposureObjects, gatewayWorkloadObjects } from '../../../lib/gateway/manifests/east-west-gateway';
import { ServiceExposure } from '../../../lib/gateway/service-exposure';
import { aMesh } from '../../fixtures';
import { gateway } from './gateway';

const names = (objects: readonly KubernetesObject[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
const exposed = (exposeIstiod: IstiodExposure, exposeServices: ServiceExposure) =>
  names(gatewayExposureObjects(gateway, aMesh(), resolveExposure({ exposeIstiod, exposeServices })));

test('a workload comes without a role', () => {
  expect(names(gatewayWorkloadObjects(gateway))).toStrictEqual([
    'ServiceAccount edge',
    'Deployment edge',
    'HorizontalPodAutoscaler edge',
    'PodDisruptionBudget edge',
    'Service edge',
  ]);
});

test('a workload that reads secrets has the role and its binding', () => {
  expect(names(gatewayWorkloadObjects({ ...gateway, readSecrets: true }))).toEqual(
    expect.arrayContaining(['Role edge', 'RoleBinding edge']),
  );
});

test('each exposure has its own objects, and none has none', () => {
  expect(exposed(IstiodExposure.none(), ServiceExposure.none())).toStrictEqual([]);
  expect(exposed(IstiodExposure.istioApis(), ServiceExposure.gatewayApi())).toStrictEqual([
    'Gateway edge-istiod',
    'VirtualService edge-istiod',
    'Gateway edge-services',
  ]);
  expect(exposed(IstiodExposure.gatewayApi(), ServiceExposure.istioApis())).toStrictEqual([
    'Gateway edge-istiod',
    'TLSRoute gateways.edge-istiod',
    'Gateway edge-services',
  ]);
});
