import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { ArgoCdApplicationsProps } from './argo-cd-applications-props';
import { planArgoCdApplications } from './private/argo-cd-applications';
import shapes from './shapes.json';

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
    const spec = readSpec(this.node.path, props, shapes, 'ArgoCdApplicationsProps');
    const planned = planArgoCdApplications(spec, placeOf(this));

    this.applicationNames = planned.names;

    emitAll(this, planned.objects);
  }
}
