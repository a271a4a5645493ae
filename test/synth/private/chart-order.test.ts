import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { chartOrder } from '../../../lib/synth/private/chart-order';

// That the order is that of cdk8s, for any tree and dependencies, is what test/app.test.ts is about.

function object(scope: Construct, id: string): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'Thing' });
}

/** The order as paths. */
function paths(app: App): unknown {
  const order = chartOrder(app);
  return (
    order && {
      dependent: order.dependent,
      charts: order.charts.map(({ chart, objects }) => [chart.node.path, ...objects.map(({ node }) => node.path)]),
    }
  );
}

describe('chartOrder', () => {
  test('is the order of the tree without dependencies', () => {
    const app = new App();
    const a = new Chart(app, 'a');
    object(new Construct(a, 'group'), 'x');
    object(new Chart(app, 'b'), 'y');
    object(a, 'z');
    expect(paths(app)).toStrictEqual({
      dependent: false,
      charts: [
        ['a', 'a/group/x', 'a/z'],
        ['b', 'b/y'],
      ],
    });
  });

  test('keeps charts in their order when only objects of one chart depend on each other', () => {
    const app = new App();
    const a = new Chart(app, 'a');
    const [x, y] = [object(a, 'x'), object(a, 'y')];
    new Chart(app, 'b');
    x.addDependency(y);
    expect(paths(app)).toStrictEqual({ dependent: false, charts: [['a', 'a/y', 'a/x'], ['b']] });
  });

  test('puts charts after those that something in them depends on, and objects after all objects of a construct', () => {
    const app = new App();
    const a = new Chart(app, 'a');
    const platform = new Chart(app, 'platform');
    const gateway = new Construct(platform, 'gateway');
    const first = object(platform, 'first');
    object(gateway, 'x');
    object(gateway, 'y');
    first.addDependency(gateway);
    object(a, 'z').addDependency(gateway);
    expect(paths(app)).toStrictEqual({
      dependent: true,
      charts: [
        ['platform', 'platform/gateway/x', 'platform/gateway/y', 'platform/first'],
        ['a', 'a/z'],
      ],
    });
  });

  test('sees constructs that a validation adds', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const validate = () => {
      if (chart.node.children.length === 0) object(chart, 'late');
      return [];
    };
    chart.node.addValidation({ validate });
    expect(paths(app)).toStrictEqual({ dependent: false, charts: [['chart', 'chart/late']] });
  });

  test.each<[string, (app: App) => void]>([
    ['invalid constructs', (app) => app.node.addValidation({ validate: () => ['wrong'] })],
    [
      'cycles',
      (app) => {
        const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
        a.addDependency(b);
        b.addDependency(a);
      },
    ],
    ['dependencies of what stands in no chart', (app) => app.node.addDependency(new Chart(app, 'a'))],
    ['dependencies on another app', (app) => new Chart(app, 'a').addDependency(new Chart(new App(), 'b'))],
  ])('leaves %s to cdk8s', (_, fill) => {
    const app = new App();
    fill(app);
    expect(chartOrder(app)).toBeUndefined();
  });
});
