import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../../lib/core/emit';
import { problemsOf } from '../fixtures';

describe('emit', () => {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'payments' } };

  test("keeps the chart's namespace off an object that has none", () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'payments' });
    emit(chart, 'Namespace', object);
    expect(Testing.synth(chart)).toStrictEqual([object]);
  });

  test("adds the chart's labels, as cdk8s does", () => {
    const chart = new Chart(new App(), 'chart', { labels: { team: 'x' } });
    emit(chart, 'Namespace', object);
    expect(Testing.synth(chart)).toStrictEqual([{ ...object, metadata: { name: 'payments', labels: { team: 'x' } } }]);
  });

  test('refuses an object that another construct declared, in whichever chart', () => {
    const app = new App();
    emit(new Chart(app, 'a'), 'Namespace', object);
    const inner = new Construct(new Chart(app, 'b'), 'inner');
    expect(problemsOf(() => emit(inner, 'Namespace', object))).toStrictEqual(['name [object/declared-twice]']);
  });
});
