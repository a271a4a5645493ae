import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ConstructGraph, numbersFirst } from '../../../lib/synth/private/construct-graph';

describe('ConstructGraph', () => {
  test('orders two charts of a thousand objects that depend on each other without a million edges', () => {
    const app = new App();
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
    for (const chart of [a, b]) {
      for (let index = 0; index < 1000; index++) new ApiObject(chart, `o${index}`, { apiVersion: 'v1', kind: 'Thing' });
    }
    a.addDependency(b);
    const graph = ConstructGraph.of(app.node.findAll()) as ConstructGraph;
    expect(graph.charts()).toStrictEqual([b, a]);
    expect(graph.objects(a)).toHaveLength(1000);
    // It looks, and changes nothing: cdk8s adds a dependency for each pair of objects.
    expect(a.node.dependencies).toStrictEqual([b]);
    expect(a.apiObjects.flatMap(({ node }) => node.dependencies)).toStrictEqual([]);
  });

  test('orders long chains of charts', () => {
    const app = new App();
    const charts = Array.from({ length: 12 }, (_, index) => new Chart(app, `chart-${index}`));
    for (const chart of charts) {
      for (let index = 0; index < 10; index++) new ApiObject(chart, `o${index}`, { apiVersion: 'v1', kind: 'Thing' });
    }
    charts.slice(1).forEach((chart, index) => {
      charts[index].addDependency(chart);
    });
    // cdk8s would walk each of 10^12 paths through the objects.
    expect(ConstructGraph.of(app.node.findAll())?.charts()).toStrictEqual([...charts].reverse());
  });

  test('finds a cycle that nothing depends on', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    const [a, b] = [new Construct(chart, 'a'), new Construct(chart, 'b')];
    a.node.addDependency(b);
    b.node.addDependency(a);
    expect(ConstructGraph.of(app.node.findAll())?.charts()).toBeUndefined();
  });
});

test('ConstructGraph finds a cycle through an object that depends on the construct around it', () => {
  const chart = new Chart(new App(), 'chart');
  const [c, d] = [new Construct(chart, 'c'), new Construct(chart, 'd')];
  const [v, w] = [c, d].map((scope) => new ApiObject(scope, 'object', { apiVersion: 'v1', kind: 'Thing' }));
  v.addDependency(c, d);
  w.addDependency(c);
  // Something to enter the cycle from.
  new ApiObject(chart, 'object', { apiVersion: 'v1', kind: 'Thing' }).addDependency(v);
  expect(ConstructGraph.of(chart.node.root.node.findAll())?.charts()).toBeUndefined();
});

test('numbersFirst puts whole numbers among the direct children of the app first', () => {
  const app = new App();
  const constructs = ['b', '10', '9', '01', '1.5'].map((id) => new Construct(app, id));
  const inner = new Construct(constructs[0], '1');
  const order = numbersFirst([app, ...app.node.children, inner], (construct) => construct);
  expect(order.map(({ node }) => node.path)).toStrictEqual(['9', '10', '', 'b', '01', '1.5', 'b/1']);
});
