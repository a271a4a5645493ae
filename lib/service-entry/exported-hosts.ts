import { isDeferred } from '../core/problems';
import { FactKind, type Registry } from '../core/registry';
import { canonicalHost } from '../core/values/names';
import type { ServiceEntry } from './service-entry';

/** A host, and whom its entry shows it to. */
export interface ExportedHost {
  readonly host: string;
  /** Namespace of the entry. */
  readonly namespace: string;
  /** Namespaces, "." for its own, "*" for all, "~" for none. */
  readonly exportTo: readonly string[];
}

/** Hosts of ServiceEntries in lower case. */
export const EXPORTED_HOST = new FactKind<ExportedHost>('host of a ServiceEntry', ({ host }) => host);

/** Records to whom an entry shows its hosts. */
export function declareExports(
  program: Registry,
  path: string,
  { hosts, namespace, exportTo = ['*'] }: ServiceEntry,
): void {
  for (const host of hosts) {
    if (!isDeferred(host)) program.declare(EXPORTED_HOST, path, { host: canonicalHost(host), namespace, exportTo });
  }
}

/** Whether proxies of a namespace know a host of an entry; what isn't known yet is taken for a yes. */
export function isExportedTo(exported: ExportedHost, namespace: string): boolean {
  return exported.exportTo.some(
    (entry) =>
      entry === '*' || entry === namespace || isDeferred(entry) || (entry === '.' && exported.namespace === namespace),
  );
}
