import {
  type ApiObject,
  type App,
  type Chart,
  ImplicitTokenResolver,
  LazyResolver,
  NumberStringUnionResolver,
} from 'cdk8s';
import { ManifestObject } from '../../core/manifest-object';
import { printManifest } from './manifest-printer';
import { printYaml } from './yaml-printer';

/** Prints the objects of one app as cdk8s does. Objects that are a builder's plain data need no rendering before. */
export class ObjectPrinter {
  private readonly printsManifests: boolean;
  private chart: Chart | undefined;
  private chartLabels: Readonly<Record<string, string>> = {};

  public constructor(app: App) {
    this.printsManifests = rendersPlainData(app);
  }

  /** The YAML document of an object. */
  public print(object: ApiObject): string {
    const manifest = this.printsManifests ? ManifestObject.manifestOf(object) : undefined;
    const text = manifest && printManifest(manifest, this.labelsOf(object.chart));
    return text ?? printYaml(object.toJson());
  }

  private labelsOf(chart: Chart): Readonly<Record<string, string>> {
    if (chart !== this.chart) {
      this.chart = chart;
      this.chartLabels = chart.labels;
    }
    return this.chartLabels;
  }
}

/** Whether cdk8s looks for nothing but its own tokens in the objects, and sorts the keys. */
function rendersPlainData({ resolvers }: App): boolean {
  return (
    resolvers.length === BUILT_IN_RESOLVERS.length &&
    BUILT_IN_RESOLVERS.every((builtIn, index) => resolvers[index].constructor === builtIn) &&
    !process.env.CDK8S_DISABLE_SORT
  );
}

const BUILT_IN_RESOLVERS = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];
