import type { KubernetesObject } from '../../core/kubernetes-object';
import type { Mesh } from '../../mesh/mesh';
import { GATEWAY_PORTS, type Gateway } from '../gateway';
import type { ExposedIstiod } from '../gateway-exposure';
import { passTls, type TlsPort, type TlsRoute } from './pass-tls';

/**
 * Which name leads to which istiod. A name that several certificates carry belongs to the control plane whose machines dial it, else
 * to the first that carries it; a control plane whose machines dial a name that is taken gets none.
 *
 * @param controlPlanes The mesh's own first, further ones after it.
 */
export function istiodRoutes(controlPlanes: readonly Mesh[]): readonly TlsRoute[] {
  const owners = new Map<string, Mesh>();
  const claim = (host: string, mesh: Mesh) => {
    if (!owners.has(host)) owners.set(host, mesh);
  };
  for (const mesh of controlPlanes) claim(mesh.istiodHost, mesh);
  for (const mesh of controlPlanes) for (const host of mesh.istiodCertificateNames) claim(host, mesh);
  return controlPlanes
    .map((mesh) => ({
      hosts: mesh.istiodCertificateNames.filter((host) => owners.get(host) === mesh),
      serviceName: mesh.istiodServiceName,
      namespace: mesh.controlPlaneNamespace,
      serviceHost: mesh.istiodServiceHost,
    }))
    .filter(({ hosts }) => hosts.length > 0);
}

/** Name of the Gateway and VirtualService that expose istiod. */
export function istiodGatewayName(gateway: Gateway): string {
  return `${gateway.name}-istiod`;
}

/** What passes TLS on to each istiod by its names. */
export function exposeIstiod(
  gateway: Gateway,
  routes: readonly TlsRoute[],
  { by, webhook }: Pick<ExposedIstiod, 'by' | 'webhook'>,
): readonly KubernetesObject[] {
  return passTls(by, gateway, istiodGatewayName(gateway), routes, istiodPorts(webhook));
}

function istiodPorts(webhook: boolean): readonly TlsPort[] {
  const xds = { ...GATEWAY_PORTS.istiod, servicePort: 15012 };
  return webhook ? [xds, { ...GATEWAY_PORTS.webhook, servicePort: 443, suffix: '-webhook' }] : [xds];
}
