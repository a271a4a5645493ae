import { isDeferred } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { canonicalHost } from '../../core/values/names';
import { type Warnings, warning } from '../../core/warnings';
import { EXPORTED_HOST } from '../exported-hosts';
import type { ServiceEntry } from '../service-entry';

const EXPORTED_TWICE = warning({
  id: 'service-entry/host-exported-twice',
  says: 'another namespace exports the host to all, too: in a third one Istio chooses between the two entries',
  remedy: 'name in exportTo the namespaces that each is for, or make them one entry',
  source: 'istio initServiceRegistry, SidecarScope: of the services of a host that a namespace sees, one is used',
});

/** Warns of hosts that an entry of another namespace exports to all, too. */
export function warnOfExports(
  warnings: Warnings,
  program: Registry,
  { hosts, namespace, exportTo = ['*'] }: ServiceEntry,
): void {
  if (!exportTo.includes('*')) return;
  hosts.forEach((given, index) => {
    if (isDeferred(given)) return;
    const other = program
      .facts(EXPORTED_HOST, canonicalHost(given))
      .find(({ value }) => value.namespace !== namespace && value.exportTo.includes('*'));
    if (other !== undefined) {
      warnings.add(EXPORTED_TWICE, `hosts[${index}]`, given, `${EXPORTED_TWICE.says}; the other is ${other.path}`);
    }
  });
}
