import type { Mesh } from '../mesh/mesh';
import { ApiServerExposure } from './api-server-exposure';
import { IstiodExposure } from './istiod-exposure';
import { ServiceExposure } from './service-exposure';

/** What an east-west gateway exposes, every default filled in. */
export interface GatewayExposure {
  /** Undefined when istiod isn't exposed. */
  readonly istiod: ExposedIstiod | undefined;
  /** Undefined when no services are exposed. */
  readonly services: ExposedServices | undefined;
  /** Undefined when the API server isn't exposed. */
  readonly apiServer: ExposedApiServer | undefined;
}

/** How istiod is exposed. */
export interface ExposedIstiod {
  readonly by: ExposingApi;
  /** Control planes besides the mesh's own. */
  readonly furtherControlPlanes: readonly Mesh[];
  /** Whether port 15017 leads to istiod's webhooks. */
  readonly webhook: boolean;
}

/** How services are exposed. */
export interface ExposedServices {
  readonly by: ExposingApi;
  /** Hosts that may be reached. */
  readonly hosts: readonly string[];
}

/** How the API server is exposed. */
export interface ExposedApiServer {
  readonly by: ExposingApi;
  /** Ranges in CIDR notation that connections may come from. */
  readonly sourceRanges: readonly string[];
}

/** Whose objects tell the gateway what to let in, as the property says it. */
export type ExposingApi = 'istioApis' | 'gatewayApi';

/** Fills in the defaults of what is exposed. */
export function resolveExposure({
  exposeIstiod = IstiodExposure.istioApis(),
  exposeServices = ServiceExposure.none(),
  exposeApiServer = ApiServerExposure.none(),
}: {
  readonly exposeIstiod?: IstiodExposure;
  readonly exposeServices?: ServiceExposure;
  readonly exposeApiServer?: ApiServerExposure;
}): GatewayExposure {
  const istiod = chosen(exposeIstiod);
  const services = chosen(exposeServices);
  return {
    istiod: istiod && {
      by: istiod.by,
      furtherControlPlanes: istiod.furtherControlPlanes ?? [],
      webhook: istiod.webhook ?? false,
    },
    services: services && { by: services.by, hosts: services.hosts ?? ['*.local'] },
    apiServer: chosen(exposeApiServer),
  };
}

/** The options of the API that exposes something, if one does. */
function chosen<Options extends object>({
  istioApis,
  gatewayApi,
}: {
  readonly istioApis?: Options;
  readonly gatewayApi?: Options;
}): (Options & { readonly by: ExposingApi }) | undefined {
  if (gatewayApi !== undefined) return { ...gatewayApi, by: 'gatewayApi' };
  return istioApis && { ...istioApis, by: 'istioApis' };
}
