import { isDeferred, type Problems, rule } from '../../core/problems';
import type { Registry } from '../../core/registry';
import { canonicalHost } from '../../core/values/names';
import { EXPORTED_HOST, isExportedTo } from '../../service-entry/exported-hosts';
import type { EgressScopeProps } from '../egress-scope-props';

const NOT_EXPORTED = rule({
  id: 'egress/host-not-exported',
  origin: 'ignored',
  allowed: "hosts that their ServiceEntry shows to the group's namespace",
  remedy: "add the group's namespace to exportTo of the entry",
  source:
    'istio SidecarScope: a host that is not exported to the namespace is no host there, and calls to it go to nowhere',
});

/** Adds a problem for each destination that no entry of the complete program shows to the group's namespace. */
export function checkVisibility(
  problems: Problems,
  program: Registry,
  { group, destinations }: EgressScopeProps,
): void {
  if (isDeferred(group.namespace)) return;
  destinations.forEach(({ host, serviceEntry }, index) => {
    for (const wanted of host === undefined ? (serviceEntry?.hosts ?? []) : [host]) {
      const entries = program.facts(EXPORTED_HOST, canonicalHost(wanted));
      if (entries.length === 0 || entries.some(({ value }) => isExportedTo(value, group.namespace))) continue;
      const [{ path, value }] = entries;
      const property = `destinations[${index}].${host === undefined ? 'serviceEntry' : 'host'}`;
      problems.add(NOT_EXPORTED, property, wanted, {
        allowed: `hosts that are shown to ${group.namespace}; ${path} has exportTo: ${JSON.stringify(value.exportTo)}`,
      });
    }
  });
}
