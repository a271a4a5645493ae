import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems, rule } from '../core/problems';
import { checkDnsLabel, checkRequired, isDnsSubdomain } from '../core/values/names';
import type { ControlPlane } from './control-plane';
import { type ArgoCdSettings, argoCdApplication } from './manifests/argo-cd-application';

const DESTINATION = rule({
  id: 'argo-cd/destination',
  origin: 'ignored',
  allowed: 'destinationServer or destinationName, not both',
  remedy: 'remove one of the two',
  source: 'argo-cd util/argo GetDestinationCluster: an Application with both is never synced',
});

const APPLICATION_NAME = rule({
  id: 'argo-cd/application-name',
  origin: 'kubernetes',
  allowed: 'a-z, 0-9, "-" and ".", first a letter or digit; with the name of the release at most 253 characters',
  remedy: 'choose such a prefix, or an empty one',
  source: 'k8s.io/apimachinery validation.IsDNS1123Subdomain, for names of custom resources',
});

/** Properties of ArgoCdApplications. */
export interface ArgoCdApplicationsProps {
  /** The control plane to install. */
  readonly controlPlane: ControlPlane;

  /**
   * Whether to install the chart `base`: CRDs that all control planes of a cluster share. Of several control planes in one cluster
   * only one installs it.
   * @default true
   */
  readonly installBase?: boolean;

  /**
   * Namespace of Argo CD, where its Applications are.
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * Argo CD project of the Applications.
   * @default 'default'
   */
  readonly project?: string;

  /**
   * API server of the cluster to install in, as Argo CD knows it.
   * @default 'https://kubernetes.default.svc', the cluster of Argo CD itself, unless destinationName is set
   */
  readonly destinationServer?: string;

  /**
   * Name of the cluster to install in, as Argo CD knows it.
   * @default - destinationServer says it
   */
  readonly destinationName?: string;

  /**
   * What stands before the names of the Applications (`istio-base`, `istiod`, the gateway's), such as `prod-eu-`, where one Argo CD
   * serves several clusters.
   * @default ''
   */
  readonly namePrefix?: string;

  /**
   * Whether Argo CD applies changes, and undoes those made by hand, without being told. CRDs are never pruned.
   * @default true
   */
  readonly automatedSync?: boolean;
}

/**
 * An Argo CD Application for each of a control plane's Helm charts.
 *
 * CRDs, istiod and the gateway stand in sync waves -3, -2 and -1. For the waves to wait for each other, the Applications must be
 * synced by an Application of their own, and Argo CD must be told how healthy an Application is
 * (`resource.customizations.health.argoproj.io_Application`, absent by default since 1.8); without that, Argo CD retries until the
 * charts before are there. Deleting the Applications leaves Istio in place: they have no finalizer.
 *
 * @throws ValidationError with every problem of the properties.
 */
export class ArgoCdApplications extends Construct {
  /** Names of the Applications in the order of their waves. */
  public readonly applicationNames: readonly string[];

  public constructor(scope: Construct, id: string, props: ArgoCdApplicationsProps) {
    super(scope, id);
    const { controlPlane } = props;
    const settings = resolve(props);
    const releases = controlPlane.releases.filter(({ chart }) => chart !== 'base' || (props.installBase ?? true));

    const problems = new Problems();
    checkDnsLabel(problems, 'namespace', settings.namespace);
    checkDnsLabel(problems, 'project', settings.project);
    if (props.destinationServer !== undefined && props.destinationName !== undefined) {
      problems.add(DESTINATION, 'destinationServer', props.destinationServer);
    }
    for (const [key, value] of Object.entries(settings.destination)) {
      checkRequired(problems, key === 'name' ? 'destinationName' : 'destinationServer', value);
    }
    const applications = releases.map((release) => argoCdApplication(settings, release));
    this.applicationNames = applications.map(({ metadata }) => metadata.name);
    if (!this.applicationNames.every(isDnsSubdomain)) problems.add(APPLICATION_NAME, 'namePrefix', props.namePrefix);
    problems.throwIfAny(this.node.path);

    for (const [index, application] of applications.entries()) emit(this, releases[index].chart, application);
  }
}

function resolve(props: ArgoCdApplicationsProps): ArgoCdSettings {
  const { controlPlane, destinationName, destinationServer } = props;
  return {
    namespace: props.namespace ?? 'argocd',
    namePrefix: props.namePrefix ?? '',
    project: props.project ?? 'default',
    destination:
      destinationName === undefined
        ? { server: destinationServer ?? 'https://kubernetes.default.svc' }
        : { name: destinationName },
    automatedSync: props.automatedSync ?? true,
    namespaceLabels: controlPlane.namespaceLabels,
    charts: controlPlane.chartSource,
    version: controlPlane.mesh.istioVersion,
  };
}
