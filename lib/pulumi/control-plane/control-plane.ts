import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { childName } from '../core/child-name';
import { dependencies, registerObjects } from '../core/register-objects';
import { planComponent } from '../machines/component-plan';
import type { ControlPlaneArgs } from './control-plane-args';
import { rememberProviders } from './control-plane-reference';
import { type PlannedChart, type PlannedControlPlane, planInstallation } from './private/control-plane-plan';
import shapes from './shapes.json';

/**
 * The control plane that accepts machines: Istio's Helm charts `base`, `istiod` and, if asked for, `gateway`, each after what it needs,
 * with the values of the cdk8s class of the same name.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments, before anything is registered.
 */
export class ControlPlane extends pulumi.ComponentResource {
  /** Namespace of the control plane. */
  public readonly namespace!: pulumi.Output<string>;
  /** Name of the revision; empty for the unrevisioned control plane. */
  public readonly revision!: pulumi.Output<string>;
  /** The DNS name of istiod that machines dial. */
  public readonly istiodHost!: pulumi.Output<string>;

  public constructor(name: string, args: ControlPlaneArgs, options?: pulumi.ComponentResourceOptions) {
    const planned = planComponent(name, args, {
      component: 'ControlPlane',
      type: 'ControlPlaneSpelling',
      shapes,
      plan: planInstallation,
    });
    const { shape } = planned;
    super('meshvm:index:ControlPlane', name, {}, options);
    const registered = registerObjects(this, name, planned, options, args.mesh);
    const before = [...dependencies(options), ...Object.values(registered)];
    registerCharts(this, (chart) => chartName(name, chart, args.mesh.clusterName), shape, before);

    this.namespace = pulumi.output(shape.namespace);
    this.revision = pulumi.output(shape.revision);
    this.istiodHost = pulumi.output(shape.istiodHost);
    rememberProviders(this, shape.providers);
    this.registerOutputs({ namespace: this.namespace, revision: this.revision, istiodHost: this.istiodHost });
  }
}

/** Each chart waits for those before it: CRDs, istiod, gateway. */
function registerCharts(
  parent: ControlPlane,
  nameOf: (chart: PlannedChart) => string,
  { charts, rendered }: PlannedControlPlane,
  before: readonly pulumi.Input<pulumi.Resource>[],
): void {
  const dependsOn = [...before];
  for (const chart of charts) {
    const options = { parent, dependsOn: [...dependsOn] };
    const name = nameOf(chart);
    dependsOn.push(rendered ? new k8s.helm.v4.Chart(name, fetched(chart), options) : release(name, chart, options));
  }
}

/** As objects are named: a component that is renamed keeps its releases, and the CRDs in them. */
function chartName(component: string, chart: PlannedChart, cluster: pulumi.Input<string>): string {
  const { releaseName: name, namespace } = chart;
  return childName(component, chart.id, { metadata: { name, namespace } }, cluster);
}

function release(name: string, chart: PlannedChart, options: pulumi.CustomResourceOptions): k8s.helm.v3.Release {
  // The namespace is there, with the labels that it needs.
  return new k8s.helm.v3.Release(name, { ...fetched(chart), createNamespace: false }, options);
}

function fetched({ releaseName, chart, repository, version, namespace, values }: PlannedChart) {
  return {
    name: releaseName,
    chart,
    ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
    version,
    namespace,
    values: { ...values },
  };
}
