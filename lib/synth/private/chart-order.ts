import { ApiObject, type App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ConstructGraph, numbersFirst } from './construct-graph';

/** A chart and the objects of its file, in their order. */
export interface OrderedChart {
  readonly chart: Chart;
  readonly objects: readonly ApiObject[];
}

/** Everything an app writes, in its order. */
export interface ChartOrder {
  readonly charts: readonly OrderedChart[];
  /** Whether a chart depends on another, so that file names carry the order. */
  readonly dependent: boolean;
}

/**
 * The order of charts and objects that cdk8s arrives at, in time that grows with the app and not with its square: cdk8s resolves
 * and validates the whole app again for each chart, and walks every path through the dependencies of its objects.
 *
 * @returns undefined for an app that cdk8s refuses (an invalid construct, a cycle, a dependency outside of charts) or that
 * depends on constructs of another app: there cdk8s finds the words, or the order.
 */
export function chartOrder(app: App): ChartOrder | undefined {
  // Apart from the survey: a validation may be where a construct completes its children.
  if (!isValid(app)) return undefined;
  const survey = new Survey();
  survey.visit(app, undefined);
  if (survey.independent) return { charts: numbersFirst(survey.charts, ({ chart }) => chart), dependent: false };
  const graph = ConstructGraph.of(survey.constructs);
  const charts = graph?.charts();
  if (graph === undefined || charts === undefined) return undefined;
  return { charts: charts.map((chart) => ({ chart, objects: graph.objects(chart) })), dependent: graph.dependent };
}

function isValid({ node }: IConstruct): boolean {
  return node.validate().length === 0 && node.children.every(isValid);
}

/** One walk over the tree, parents first. */
class Survey {
  public readonly constructs: IConstruct[] = [];
  public readonly charts: { readonly chart: Chart; readonly objects: ApiObject[] }[] = [];
  /** Whether nothing depends on anything. */
  public independent = true;

  public visit(construct: IConstruct, objects: ApiObject[] | undefined): void {
    const { node } = construct;
    this.constructs.push(construct);
    if (node.dependencies.length > 0) this.independent = false;
    let inside = objects;
    if (construct instanceof Chart) {
      if (node.scope instanceof Chart) this.independent = false;
      inside = [];
      this.charts.push({ chart: construct, objects: inside });
    } else if (construct instanceof ApiObject) {
      inside?.push(construct);
    }
    for (const child of node.children) this.visit(child, inside);
  }
}
