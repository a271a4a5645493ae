import { type Problems, rule } from '../../core/problems';
import { isDnsLabel, isIstioDnsLabel } from '../../core/values/names';
import type { ServiceEntry } from '../service-entry';

const EXPORT_TO = rule({
  id: 'service-entry/export-to',
  origin: 'istio',
  allowed: 'names of namespaces, ".", "*" or "~"',
  remedy: 'give the names of the namespaces whose proxies shall know the hosts',
  source: 'istio pkg/config/visibility Instance.Validate',
});
const EXPORT_TO_NAMESPACE = rule({
  id: 'service-entry/export-to-no-namespace',
  origin: 'ignored',
  allowed: 'a-z, 0-9 and "-": names that a namespace can have',
  remedy: 'write the name of the namespace as Kubernetes has it',
  source: 'istio accepts capitals; no namespace has any',
});
const EXPORT_TO_TWICE = rule({
  id: 'service-entry/export-to-twice',
  origin: 'istio',
  allowed: 'each namespace once; "." is the namespace of the entry',
  remedy: 'remove one of the two',
  source: 'istio validateExportTo: duplicate entries',
});
const EXPORT_TO_ALONE = rule({
  id: 'service-entry/export-to-alone',
  origin: 'istio',
  allowed: '"*" and "~" alone',
  remedy: 'remove the other entries, or name the namespaces',
  source: 'istio validateExportTo',
});
const EXPORT_TO_EMPTY = rule({
  id: 'service-entry/export-to-empty',
  origin: 'ignored',
  allowed: 'at least one entry',
  remedy: 'leave exportTo out for the default of the mesh; ["~"] hides the hosts from all',
  source: 'istio reads an empty list as none: the hosts are exported as the mesh says, as a rule to all namespaces',
});

/** The webhook's rules for `exportTo`, and a list that says nothing. */
export function checkExportTo(problems: Problems, { exportTo, namespace }: ServiceEntry): void {
  if (exportTo === undefined) return;
  if (exportTo.length === 0) problems.add(EXPORT_TO_EMPTY, 'exportTo', exportTo);
  const seen = new Set<unknown>();
  exportTo.forEach((given, index) => {
    problems.known(given, (entry) => {
      const property = `exportTo[${index}]`;
      const key = entry === '.' ? namespace : entry;
      if (seen.has(key)) problems.add(EXPORT_TO_TWICE, property, entry);
      seen.add(key);
      if (entry === '*' || entry === '~') {
        if (exportTo.length > 1) problems.add(EXPORT_TO_ALONE, property, entry);
      } else if (entry !== '.') checkNamespace(problems, property, entry);
    });
  });
}

function checkNamespace(problems: Problems, property: string, name: string): void {
  if (!isIstioDnsLabel(name)) problems.add(EXPORT_TO, property, name);
  else if (!isDnsLabel(name)) problems.add(EXPORT_TO_NAMESPACE, property, name);
}
