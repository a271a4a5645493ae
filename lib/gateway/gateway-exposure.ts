import type { Mesh } from '../mesh/mesh';
import type { ApiServerExposure } from './api-server-exposure';
import type { IstiodExposure } from './istiod-exposure';
import type { ServiceExposure } from './service-exposure';

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
export function resolveExposure(props: {
  readonly exposeIstiod?: IstiodExposure;
  readonly exposeServices?: ServiceExposure;
  readonly exposeApiServer?: ApiServerExposure;
}): GatewayExposure {
  return {
    istiod: exposedIstiod(props.exposeIstiod),
    services: exposedServices(props.exposeServices),
    apiServer: exposedApiServer(props.exposeApiServer),
  };
}

function exposedIstiod({
  none,
  istioApis,
  gatewayApi,
}: Readonly<Partial<IstiodExposure>> = {}): ExposedIstiod | undefined {
  if (none) return undefined;
  const { furtherControlPlanes = [], webhook = false } = gatewayApi ?? istioApis ?? {};
  return { by: gatewayApi === undefined ? 'istioApis' : 'gatewayApi', furtherControlPlanes, webhook };
}

function exposedServices(exposure: ServiceExposure | undefined): ExposedServices | undefined {
  if (exposure === undefined || exposure.none) return undefined;
  const { istioApis, gatewayApi } = exposure;
  const { hosts = ['*.local'] } = gatewayApi ?? istioApis ?? {};
  return { by: gatewayApi === undefined ? 'istioApis' : 'gatewayApi', hosts };
}

function exposedApiServer({
  istioApis,
  gatewayApi,
}: Readonly<Partial<ApiServerExposure>> = {}): ExposedApiServer | undefined {
  if (gatewayApi !== undefined) return { by: 'gatewayApi', sourceRanges: gatewayApi.sourceRanges };
  if (istioApis !== undefined) return { by: 'istioApis', sourceRanges: istioApis.sourceRanges };
  return undefined;
}
