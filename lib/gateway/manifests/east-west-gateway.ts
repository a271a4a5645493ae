import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway, GatewayWorkload } from '../gateway';
import type { ExposedServices, GatewayExposure } from '../gateway-exposure';
import { exposeApiServer } from './expose-api-server';
import { exposeIstiod, istiodRoutes } from './expose-istiod';
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
  { istiod, services, apiServer }: GatewayExposure,
): readonly KubernetesObject[] {
  return [
    ...(istiod === undefined
      ? []
      : exposeIstiod(gateway, istiodRoutes([mesh, ...istiod.furtherControlPlanes]), istiod)),
    ...(services === undefined ? [] : [serviceObject(gateway, services)]),
    ...(apiServer === undefined ? [] : exposeApiServer(gateway, mesh, apiServer)),
  ];
}

function serviceObject(gateway: Gateway, { by, hosts }: ExposedServices): KubernetesObject {
  return by === 'gatewayApi'
    ? exposeServicesWithGatewayApi(gateway, hosts)
    : exposeServicesWithIstioApis(gateway, hosts);
}
