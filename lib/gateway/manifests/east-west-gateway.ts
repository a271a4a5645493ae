import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import type { Gateway, GatewayWorkload } from '../gateway';
import type { ExposedIstiod, ExposedServices, GatewayExposure } from '../gateway-exposure';
import { exposeApiServer } from './expose-api-server';
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
  { istiod, services, apiServer }: GatewayExposure,
): readonly KubernetesObject[] {
  return [
    ...(istiod === undefined ? [] : istiodObjects(gateway, mesh, istiod)),
    ...(services === undefined ? [] : [serviceObject(gateway, services)]),
    ...(apiServer === undefined ? [] : exposeApiServer(gateway, mesh, apiServer)),
  ];
}

function istiodObjects(gateway: Gateway, mesh: Mesh, exposed: ExposedIstiod): readonly KubernetesObject[] {
  const routes = istiodRoutes([mesh, ...exposed.furtherControlPlanes]);
  return exposed.by === 'gatewayApi'
    ? exposeIstiodWithGatewayApi(gateway, routes, exposed.webhook)
    : exposeIstiodWithIstioApis(gateway, routes, exposed.webhook);
}

function serviceObject(gateway: Gateway, { by, hosts }: ExposedServices): KubernetesObject {
  return by === 'gatewayApi'
    ? exposeServicesWithGatewayApi(gateway, hosts)
    : exposeServicesWithIstioApis(gateway, hosts);
}
