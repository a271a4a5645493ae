import type * as pulumi from '@pulumi/pulumi';
import type { ControlPlaneProps } from '../../../control-plane/control-plane-props';
import { type ChartRelease, chartReleases } from '../../../control-plane/manifests/helm-values';
import { checkControlPlane, resolveControlPlane } from '../../../control-plane/private/control-plane';
import { providersIn } from '../../../control-plane/provider-kinds';
import type { KubernetesObject } from '../../../core/kubernetes-object';
import { namespace } from '../../../core/namespace';
import type { PlainData } from '../../../core/plain-data';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import { type ControlPlaneArgs, ControlPlaneDelivery } from '../control-plane-args';
import { controlPlanePropsOf } from '../convert/control-plane';

/** All that a control plane consists of. */
export interface PlannedControlPlane {
  readonly objects: Readonly<Record<string, KubernetesObject>>;
  /** In the order of their installation. */
  readonly charts: readonly PlannedChart[];
  /** Whether the charts are rendered, rather than installed as releases. */
  readonly rendered: boolean;
  readonly namespace: string;
  readonly revision: string;
  readonly istiodHost: string;
  /** Its extension providers. */
  readonly providers: readonly PlannedProvider[];
}

/** An extension provider, as Telemetry sees it. */
export interface PlannedProvider {
  /** In lower case. */
  readonly name: string;
  readonly kind: string;
}

/** A chart, and where it comes from. */
export interface PlannedChart {
  /** `base`, `istiod` or `gateway`. */
  readonly id: string;
  /** What Helm calls the chart: its name in a repository, or the whole address in an OCI registry. */
  readonly chart: string;
  readonly repository: string | undefined;
  readonly version: string;
  readonly releaseName: string;
  readonly namespace: string;
  readonly values: PlainData;
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planControlPlane(name: string, args: ControlPlaneArgs): Plan<PlannedControlPlane> {
  return plan(args, (known, run) => {
    const problems = new ArgumentProblems(run);
    const {
      createNamespace = true,
      installBase = true,
      delivery,
      ...others
    } = known as pulumi.Unwrap<ControlPlaneArgs>;
    if (delivery !== undefined && !Object.hasOwn(ControlPlaneDelivery, delivery)) {
      const allowed = Object.keys(ControlPlaneDelivery).join(', ');
      problems.add('delivery', `${JSON.stringify(delivery)} is not allowed; allowed: ${allowed}`);
    }
    const props = controlPlanePropsOf(problems, others);
    const settings = resolveControlPlane(props);
    checkControlPlane(problems.problems, props, settings);
    problems.throwIfAny(`ControlPlane ${name}`);
    const labels = { 'topology.istio.io/network': settings.network };
    const objects: PlannedControlPlane['objects'] = createNamespace
      ? { Namespace: namespace(settings.namespace, labels) }
      : {};
    const releases = chartReleases(settings);
    return {
      objects,
      charts: releases
        .filter(({ chart }) => installBase || chart !== 'base')
        .map(({ chart, ...release }) => ({
          ...release,
          ...addressOf(props.chartSource, chart),
          id: chart,
          version: settings.istioVersion,
        })),
      rendered: delivery === ControlPlaneDelivery.HelmTemplate,
      namespace: settings.namespace,
      revision: settings.revision,
      istiodHost: props.mesh.istiodHost,
      providers: providersOf(releases),
    };
  });
}

function providersOf(releases: readonly ChartRelease[]): readonly PlannedProvider[] {
  const known = providersIn(releases.find(({ chart }) => chart === 'istiod')?.values ?? {});
  return [...known].map(([name, kind]) => ({ name, kind }));
}

/** Helm takes an address with a scheme for the chart itself, so an OCI registry is no repository to it. */
function addressOf({ oci, location }: NonNullable<ControlPlaneProps['chartSource']>, chart: string) {
  return oci ? { chart: `oci://${location}/${chart}`, repository: undefined } : { chart, repository: location };
}
