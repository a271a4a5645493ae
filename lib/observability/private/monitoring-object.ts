import type { Problems } from '../../core/problems';
import { checkLabels } from '../../core/values/labels';
import { checkDnsLabel, checkDnsSubdomain } from '../../core/values/names';

/** The metadata of an object for prometheus-operator or Grafana. */
export function checkMonitoringObject(
  problems: Problems,
  object: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): void {
  checkDnsSubdomain(problems, 'name', object.name);
  checkDnsLabel(problems, 'namespace', object.namespace);
  checkLabels(problems, 'labels', object.labels);
}
