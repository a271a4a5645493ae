import type { ServiceEntrySpec } from '../../../imports/networking.istio.io';
import type { KubernetesObject, Plain } from '../../core/kubernetes-object';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import type { ServiceEntry } from '../service-entry';

/** Builds the ServiceEntry that makes hosts a service of the mesh without a Kubernetes Service. */
export function serviceEntry(entry: ServiceEntry): KubernetesObject<Plain<ServiceEntrySpec>> {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: compact({
      name: entry.name,
      namespace: entry.namespace,
      labels: nonEmpty(entry.labels),
      annotations: nonEmpty(entry.annotations),
    }),
    spec: compact({
      hosts: entry.hosts,
      addresses: entry.addresses,
      ports: entry.ports.map((port) => compact({ ...port })),
      location: entry.location as Plain<ServiceEntrySpec>['location'],
      resolution: entry.resolution as Plain<ServiceEntrySpec>['resolution'],
      endpoints: entry.endpoints?.map((endpoint) =>
        compact({ ...endpoint, ports: nonEmpty(endpoint.ports), labels: nonEmpty(endpoint.labels) }),
      ),
      workloadSelector: entry.workloadLabels && { labels: entry.workloadLabels },
      exportTo: entry.exportTo,
      subjectAltNames: entry.subjectAltNames,
    }),
  };
}
