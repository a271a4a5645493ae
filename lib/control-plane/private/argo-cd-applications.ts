import type { KubernetesObject } from '../../core/kubernetes-object';
import type { DataPlace } from '../../core/place';
import { type Problems, rule } from '../../core/problems';
import { checkDnsLabel, checkRequired, isDnsSubdomain } from '../../core/values/names';
import type { ArgoCdApplicationsProps } from '../argo-cd-applications-props';
import { type ArgoCdSettings, argoCdApplication } from '../manifests/argo-cd-application';
import { chartLocation } from './chart-source';

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

/** The objects by the charts that they install, and their names in the order of installation. */
export interface PlannedReleases {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  readonly names: readonly string[];
}

/** From the spec to the objects. @throws ValidationError with everything that is wrong. */
export function planArgoCdApplications(spec: ArgoCdApplicationsProps, { path, problems }: DataPlace): PlannedReleases {
  const { controlPlane, installBase = true } = spec;
  const settings = resolveArgoCd(spec);
  const releases = controlPlane.releases.filter(({ chart }) => chart !== 'base' || installBase);
  const applications = releases.map((release) => argoCdApplication(settings, release));
  const names = applications.map(({ metadata }) => metadata.name);
  checkArgoCd(problems, spec, settings);
  if (!names.every(isDnsSubdomain)) problems.add(APPLICATION_NAME, 'namePrefix', spec.namePrefix);
  problems.throwIfAny(path);
  return { objects: Object.fromEntries(releases.map(({ chart }, index) => [chart, applications[index]])), names };
}

function checkArgoCd(
  problems: Problems,
  { destinationServer, destinationName }: ArgoCdApplicationsProps,
  { namespace, project, destination }: ArgoCdSettings,
): void {
  checkDnsLabel(problems, 'namespace', namespace);
  checkDnsLabel(problems, 'project', project);
  if (destinationServer !== undefined && destinationName !== undefined) {
    problems.add(DESTINATION, 'destinationServer', destinationServer);
  }
  for (const [key, value] of Object.entries(destination)) {
    checkRequired(problems, key === 'name' ? 'destinationName' : 'destinationServer', value);
  }
}

function resolveArgoCd(props: ArgoCdApplicationsProps): ArgoCdSettings {
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
    charts: chartLocation(controlPlane.chartSource),
    version: controlPlane.mesh.istioVersion,
  };
}
