import { blockYaml } from '../../core/block-yaml';
import type { MachineBundle } from './machine-bundle';
import { proxyConfig } from './proxy-config';

/** `mesh.yaml`: the ProxyConfig of the machines as the agent reads it from /etc/istio/config/mesh. */
export function meshYaml(bundle: MachineBundle): string {
  return blockYaml({ defaultConfig: byKey(proxyConfig(bundle)) });
}

/** The keys of a message in one order, whatever wrote them; what stands below is in the order of its builder. */
function byKey(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'proxyMetadata' ? byKey(value as never) : value]),
  );
}
