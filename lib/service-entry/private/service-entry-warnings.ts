import { isDeferred } from '../../core/problems';
import { FactKind, type Registry } from '../../core/registry';
import { type Warnings, warning } from '../../core/warnings';
import type { ServiceEntry } from '../service-entry';

const EXPORTED_TWICE = warning({
  id: 'service-entry/host-exported-twice',
  says: 'another namespace exports the host to all, too: in a third one Istio chooses between the two entries',
  remedy: 'name in exportTo the namespaces that each is for, or make them one entry',
  source: 'istio initServiceRegistry, SidecarScope: of the services of a host that a namespace sees, one is used',
});

/** A host that an entry shows to every namespace. */
interface ExportedHost {
  readonly host: string;
  readonly namespace: string;
}

const EXPORTED = new FactKind<ExportedHost>('host exported to all', ({ host }) => host);

/** Warns of hosts that entries of two namespaces export to all, and records those of this one. */
export function warnOfExports(
  warnings: Warnings,
  program: Registry,
  path: string,
  { hosts, namespace, exportTo = ['*'] }: ServiceEntry,
): void {
  if (!exportTo.includes('*')) return;
  hosts.forEach((given, index) => {
    if (isDeferred(given)) return;
    const host = given.toLowerCase();
    const other = program.facts(EXPORTED, host).find(({ value }) => value.namespace !== namespace);
    if (other !== undefined) {
      warnings.add(EXPORTED_TWICE, `hosts[${index}]`, given, `${EXPORTED_TWICE.says}; the other is ${other.path}`);
    }
    program.declare(EXPORTED, path, { host, namespace });
  });
}
