import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { FluxHelmReleasesProps } from './flux-helm-releases-props';
import { planFluxHelmReleases } from './private/flux-helm-releases';
import shapes from './shapes.json';

/**
 * A Flux HelmRelease for each of a control plane's Helm charts, each waiting for the one before, and the sources that they come from.
 * Needs helm-controller 1.4 and source-controller 1.6 or later, which come with Flux 2.7.
 *
 * @throws ValidationError with every problem of the properties.
 */
export class FluxHelmReleases extends Construct {
  /** Names of the HelmReleases in the order of installation. */
  public readonly releaseNames: readonly string[];

  public constructor(scope: Construct, id: string, props: FluxHelmReleasesProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'FluxHelmReleasesProps');
    const planned = planFluxHelmReleases(spec, placeOf(this));

    this.releaseNames = planned.names;

    emitAll(this, planned.objects);
  }
}
