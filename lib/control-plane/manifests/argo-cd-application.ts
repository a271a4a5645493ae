import { compact, type KubernetesObject } from '../../core/kubernetes-object';
import type { PlainData } from '../../core/plain-data';
import type { ChartLocation } from './control-plane';
import type { ChartRelease } from './helm-values';

/** What the Applications of one control plane have in common. */
export interface ArgoCdSettings {
  /** Namespace of Argo CD's Applications. */
  readonly namespace: string;
  /** What stands before the name of each release in the name of its Application. */
  readonly namePrefix: string;
  readonly project: string;
  /** `{server}` or `{name}`. */
  readonly destination: PlainData;
  readonly automatedSync: boolean;
  /** Labels of the control plane's namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly charts: ChartLocation;
  readonly version: string;
}

/** Where a chart's own objects are changed by istiod once they are there. */
const VALIDATING_WEBHOOKS = {
  group: 'admissionregistration.k8s.io',
  kind: 'ValidatingWebhookConfiguration',
  // istiod writes its certificate, and turns Ignore into Fail when it is ready (istio pkg/webhooks/validation/controller).
  jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle', '.webhooks[]?.failurePolicy'],
};
const MUTATING_WEBHOOKS = {
  group: 'admissionregistration.k8s.io',
  kind: 'MutatingWebhookConfiguration',
  jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'],
};

/** Waves of the charts: all before what has no wave, such as the objects that need Istio's CRDs. */
const SYNC_WAVES: ReadonlyMap<string, string> = new Map([
  ['base', '-3'],
  ['istiod', '-2'],
  ['gateway', '-1'],
]);

/** An Argo CD Application for one Helm release of a control plane. */
export function argoCdApplication(settings: ArgoCdSettings, release: ChartRelease): KubernetesObject<PlainData> {
  const { charts, destination } = settings;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: `${settings.namePrefix}${release.releaseName}`,
      namespace: settings.namespace,
      annotations: { 'argocd.argoproj.io/sync-wave': SYNC_WAVES.get(release.chart) ?? '0' },
    },
    spec: compact({
      project: settings.project,
      destination: { ...destination, namespace: release.namespace },
      source: {
        // Argo CD takes a location without a scheme for an OCI registry (argo-cd util/helm IsHelmOciRepo).
        repoURL: charts.location,
        chart: release.chart,
        targetRevision: settings.version,
        helm: { releaseName: release.releaseName, valuesObject: release.values },
      },
      syncPolicy: syncPolicy(settings, release),
      ignoreDifferences: ignoreDifferences(release),
    }),
  };
}

function syncPolicy(settings: ArgoCdSettings, { chart }: ChartRelease): PlainData {
  return compact({
    // Pruning the base chart deletes CRDs, and with a CRD every object of its kind.
    automated: settings.automatedSync ? { prune: chart !== 'base', selfHeal: true } : undefined,
    syncOptions: [
      'CreateNamespace=true',
      // What istiod writes into its webhooks stays istiod's.
      'ServerSideApply=true',
      'RespectIgnoreDifferences=true',
    ],
    // One Application may own the labels of a namespace; the first of the three comes first.
    managedNamespaceMetadata: chart === 'base' ? { labels: settings.namespaceLabels } : undefined,
    retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
  });
}

function ignoreDifferences({ chart }: ChartRelease): readonly PlainData[] | undefined {
  if (chart === 'base') return [VALIDATING_WEBHOOKS];
  return chart === 'istiod' ? [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS] : undefined;
}
