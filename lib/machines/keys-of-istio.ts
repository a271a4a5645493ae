import { type Problems, rule } from '../core/problems';
import { APPLICATION_ANNOTATION } from './application-annotation';

const LABEL_OF_ISTIO = rule({
  id: 'label/of-istio',
  origin: 'ignored',
  allowed: 'labels that neither istio.io nor a domain below it owns, and no labels of places',
  remedy: 'remove it: Istio sets it itself, or reads it of Pods alone',
  source:
    'istio pilot/pkg/labels AugmentLabels and pkg/autoregistration: what istiod computes of a machine overwrites it',
});
const ANNOTATION_OF_ISTIO = rule({
  id: 'annotation/of-pods',
  origin: 'ignored',
  allowed: 'proxy.istio.io/config, and annotations that neither istio.io nor a domain below it owns',
  remedy: 'remove it: Istio reads it of Pods alone',
  source: 'istio pkg/kube/inject and istio-cni read annotations of Pods; a machine has none',
});
const ANNOTATION_OWNED = rule({
  id: 'annotation/owned-by-istiod',
  origin: 'ignored',
  allowed: 'annotations that neither istiod nor meshvm writes itself',
  remedy: 'remove it; with it an entry would pass for one of another group, or for one of another istiod',
  source: 'istio pilot/pkg/autoregistration: annotations of the WorkloadGroup go over those of istiod',
});

/** Labels of machines by which people mean a property, and which. */
const LABELS: Readonly<Record<string, string>> = {
  'istio-locality': 'locality',
  'istio.io/rev': "the mesh's revision",
  'topology.istio.io/cluster': "the mesh's clusterName",
  'topology.istio.io/subzone': 'locality',
  'topology.kubernetes.io/region': 'locality',
  'topology.kubernetes.io/zone': 'locality',
  'service.istio.io/workload-name': 'name',
};

/** Annotations of Pods by which people mean a property, and which. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'traffic.sidecar.istio.io/excludeInboundPorts': 'bootstrap.excludeInboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces': 'bootstrap.excludeInterfaces',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': 'bootstrap.excludeCidrs',
  'traffic.sidecar.istio.io/excludeOutboundPorts': 'bootstrap.excludeOutboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts': 'ports',
  'topology.istio.io/network': 'network',
};

const OF_ISTIO = /^(?:[a-z0-9-]+\.)*istio\.io\//;

/** Labels that Istio would take from a machine, or never look at. `owned` are told elsewhere. */
export function checkLabelsOfIstio(
  problems: Problems,
  labels: Readonly<Record<string, unknown>> = {},
  owned: Readonly<Record<string, string>>,
): void {
  for (const [key, value] of Object.entries(labels)) {
    if (Object.hasOwn(owned, key) || !(OF_ISTIO.test(key) || Object.hasOwn(LABELS, key))) continue;
    problems.add(LABEL_OF_ISTIO, `labels["${key}"]`, value, remedyOf(LABELS, key));
  }
}

/** Annotations that are istiod's or ours to write, and those that mean something on a Pod and nothing on a machine. */
export function checkAnnotationsOfIstio(problems: Problems, annotations: Readonly<Record<string, unknown>> = {}): void {
  for (const [key, value] of Object.entries(annotations)) {
    const property = `annotations["${key}"]`;
    if (OWNED_ANNOTATIONS.has(key)) problems.add(ANNOTATION_OWNED, property, value);
    else if (OF_ISTIO.test(key) && !NOT_OF_PODS.has(key)) {
      problems.add(ANNOTATION_OF_ISTIO, property, value, remedyOf(ANNOTATIONS, key));
    }
  }
}

/** What istiod writes on the entries that it registers, and what meshvm says of the application that the machines are. */
const OWNED_ANNOTATIONS: ReadonlySet<string> = new Set([
  'istio.io/autoRegistrationGroup',
  'istio.io/workloadController',
  'istio.io/connectedAt',
  'istio.io/disconnectedAt',
  'proxy.istio.io/health-checks-enabled',
  APPLICATION_ANNOTATION,
]);

/** The one that is for machines, too; of the others annotation/forbidden says what they are. */
const NOT_OF_PODS: ReadonlySet<string> = new Set([
  'proxy.istio.io/config',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
  'istio.io/dry-run',
]);

function remedyOf(properties: Readonly<Record<string, string>>, key: string): { readonly remedy?: string } {
  return Object.hasOwn(properties, key) ? { remedy: `remove it and set ${properties[key]}` } : {};
}
