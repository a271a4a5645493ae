import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway, GatewayWorkload } from '../gateway';
import type { IstiodExposure } from '../istiod-exposure';
import type { ServiceExposure } from '../service-exposure';
import { exposeIstiodWithGatewayApi, exposeIstiodWithIstioApis, istiodRoutes } from './expose-istiod';
import { exposeServicesWithGatewayApi, exposeServicesWithIstioApis } from './expose-services';
import { gatewayRole, gatewayRoleBinding, gatewayServiceAccount } from './gateway-access';
import { gatewayDeployment } from './gateway-deployment';
import { gatewayAutoscaler, gatewayDisruptionBudget } from './gateway-scaling';
import { gatewayService } from './gateway-service';

/** Everything that runs an east-west gateway. */
export function gatewayWorkloadObjects(gateway: GatewayWorkload): readonly KubernetesObject[] {
  return [
    gatewayServiceAccount(gateway),
    ...(gateway.readSecrets ? [gatewayRole(gateway), gatewayRoleBinding(gateway)] : []),
    gatewayDeployment(gateway),
    gatewayAutoscaler(gateway),
    gatewayDisruptionBudget(gateway),
    gatewayService(gateway),
  ];
}

/** Everything that tells an east-west gateway what to let in. */
export function gatewayExposureObjects(
  gateway: Gateway,
  mesh: Mesh,
  istiod: IstiodExposure,
  services: ServiceExposure,
): readonly KubernetesObject[] {
  return [...istiodObjects(gateway, mesh, istiod), ...serviceObjects(gateway, services)];
}

function istiodObjects(gateway: Gateway, mesh: Mesh, exposure: IstiodExposure): readonly KubernetesObject[] {
  if (!exposure.exposed) return [];
  const routes = istiodRoutes([mesh, ...exposure.furtherControlPlanes]);
  return exposure.usesGatewayApi
    ? exposeIstiodWithGatewayApi(gateway, routes, exposure.webhook)
    : exposeIstiodWithIstioApis(gateway, routes, exposure.webhook);
}

function serviceObjects(gateway: Gateway, exposure: ServiceExposure): readonly KubernetesObject[] {
  if (exposure.hosts === undefined) return [];
  return exposure.usesGatewayApi
    ? [exposeServicesWithGatewayApi(gateway, exposure.hosts)]
    : [exposeServicesWithIstioApis(gateway, exposure.hosts)];
}
