import { App, Chart, Testing } from 'cdk8s';
import { ArgoCdApplications } from '../../lib/control-plane/argo-cd-applications';
import type { ArgoCdApplicationsProps } from '../../lib/control-plane/argo-cd-applications-props';
import { ChartSource } from '../../lib/control-plane/chart-source';
import { ControlPlane } from '../../lib/control-plane/control-plane';
import { LoadBalancer } from '../../lib/gateway/load-balancer';
import { aMesh, problemsOf } from '../fixtures';

const controlPlane = new ControlPlane({ mesh: aMesh(), gateway: { loadBalancer: LoadBalancer.awsNlb() } });

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about.
function applications(props: Partial<ArgoCdApplicationsProps> = {}): any[] {
  const chart = new Chart(new App(), 'platform');
  const construct = new ArgoCdApplications(chart, 'istio', { controlPlane, ...props });
  const objects = Testing.synth(chart);
  expect(objects.map(({ metadata }) => metadata.name)).toStrictEqual(construct.applicationNames);
  return objects;
}

describe('Argo CD Applications', () => {
  test('are one for each chart, CRDs before istiod before the gateway', () => {
    const waves = applications().map(({ metadata, spec }) => [
      spec.source.chart,
      metadata.name,
      metadata.annotations['argocd.argoproj.io/sync-wave'],
    ]);
    expect(waves).toStrictEqual([
      ['base', 'istio-base', '-3'],
      ['istiod', 'istiod', '-2'],
      ['gateway', 'istio-eastwestgateway', '-1'],
    ]);
  });

  test('install the release of the control plane', () => {
    const [, istiod] = applications();
    expect(istiod).toStrictEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'istiod',
        namespace: 'argocd',
        annotations: { 'argocd.argoproj.io/sync-wave': '-2' },
      },
      spec: {
        project: 'default',
        destination: { server: 'https://kubernetes.default.svc', namespace: 'istio-system' },
        source: {
          repoURL: 'https://blob.istio.io/istio-release/charts',
          chart: 'istiod',
          targetRevision: '1.31.1',
          helm: { releaseName: 'istiod', valuesObject: controlPlane.helmValues.istiod },
        },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['CreateNamespace=true', 'ServerSideApply=true', 'RespectIgnoreDifferences=true'],
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
        },
        ignoreDifferences: [
          {
            group: 'admissionregistration.k8s.io',
            kind: 'ValidatingWebhookConfiguration',
            jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle', '.webhooks[]?.failurePolicy'],
          },
          {
            group: 'admissionregistration.k8s.io',
            kind: 'MutatingWebhookConfiguration',
            jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'],
          },
        ],
      },
    });
  });

  test('never prune CRDs, and label the namespace once', () => {
    const [base, ...others] = applications();
    expect(base.spec.syncPolicy.automated).toStrictEqual({ prune: false, selfHeal: true });
    expect(base.spec.syncPolicy.managedNamespaceMetadata).toStrictEqual({
      labels: { 'topology.istio.io/network': 'vpc-prod' },
    });
    for (const { spec } of others) expect(spec.syncPolicy).not.toHaveProperty('managedNamespaceMetadata');
  });

  test('take charts from an OCI registry as Argo CD names it', () => {
    const mirrored = new ControlPlane({ mesh: aMesh(), chartSource: ChartSource.ociRegistry('r.example.com/istio') });
    const [base] = applications({ controlPlane: mirrored });
    expect(base.spec.source).toMatchObject({ repoURL: 'r.example.com/istio', chart: 'base', targetRevision: '1.31.1' });
  });

  test('follow every property', () => {
    const [istiod] = applications({
      installBase: false,
      namespace: 'gitops',
      project: 'platform',
      destinationName: 'prod-eu',
      namePrefix: 'prod-eu-',
      automatedSync: false,
    });
    expect(istiod.metadata).toMatchObject({ name: 'prod-eu-istiod', namespace: 'gitops' });
    expect(istiod.spec).toMatchObject({
      project: 'platform',
      destination: { name: 'prod-eu', namespace: 'istio-system' },
      source: { helm: { releaseName: 'istiod' } },
    });
    expect(istiod.spec.syncPolicy).not.toHaveProperty('automated');
  });

  test('are refused with every problem at once', () => {
    const props = { namespace: 'A', project: '', namePrefix: '_', destinationServer: '', destinationName: 'x' };
    expect(problemsOf(() => applications(props))).toStrictEqual([
      'namespace [name/dns-label]',
      'project [property/required]',
      'destinationServer [argo-cd/destination]',
      'namePrefix [argo-cd/application-name]',
    ]);
    expect(problemsOf(() => applications({ destinationServer: '' }))).toStrictEqual([
      'destinationServer [property/required]',
    ]);
  });
});
