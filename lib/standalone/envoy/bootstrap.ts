import { adminCluster, adminInterface } from './admin';
import { serviceCluster } from './cluster';
import { inboundClusters, inboundListeners } from './inbound';
import { outboundListeners } from './listeners';
import type { EnvoySpec } from './spec';
import { STATS_CONFIG, statName } from './stats';

/** The bootstrap of an Envoy that no control plane ever speaks to. */
export function envoyBootstrap(spec: EnvoySpec): Readonly<Record<string, unknown>> {
  return {
    node: { id: spec.name, cluster: spec.identity },
    admin: adminInterface(spec),
    static_resources: {
      listeners: [...outboundListeners(spec), ...inboundListeners(spec)],
      clusters: [
        ...spec.services.map((service) => serviceCluster(spec, service)),
        ...inboundClusters(spec),
        adminCluster(spec),
      ].map((cluster) => ({ ...cluster, alt_stat_name: statName(String(cluster.name)) })),
    },
    stats_config: STATS_CONFIG,
    overload_manager: OVERLOAD,
  };
}

/** Without a limit a client that leaks connections takes the machine with it; Envoy warns of it. */
const OVERLOAD = {
  resource_monitors: [
    {
      name: 'envoy.resource_monitors.global_downstream_max_connections',
      typed_config: {
        '@type':
          'type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
        max_active_downstream_connections: '50000',
      },
    },
  ],
};
