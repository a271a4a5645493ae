import { Problems } from '../../../lib/core/problems';
import {
  checkAnnotations,
  checkIstioAnnotations,
  checkLabels,
  checkLabelValue,
  checkMachineLabels,
} from '../../../lib/core/values/labels';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('labels', () => {
  test.each(['', 'v1', 'A_b.c-d', 'x'.repeat(63)])('value %p is allowed', (value) => {
    expect(verdict((p) => checkLabelValue(p, 'version', value))).toStrictEqual([]);
  });

  test.each(['-a', 'a b', 'x'.repeat(64), 'ü', 7, null])('value %p is refused', (value) => {
    expect(verdict((p) => checkLabelValue(p, 'version', value))).toStrictEqual(['version [label/value]']);
  });

  test('keys and values are judged, each under its key', () => {
    const labels = { 'example.com/team': 'payments', 'bad key': 'x', ok: 'not ok' };
    expect(verdict((p) => checkLabels(p, 'labels', labels))).toStrictEqual([
      'labels["bad key"] [label/key]',
      'labels["ok"] [label/value]',
    ]);
  });

  test.each(['/a', 'UPPER.com/a', 'a/b/c', 'x'.repeat(64), `${'x'.repeat(254)}/a`])('key %p is refused', (key) => {
    expect(verdict((p) => checkLabels(p, 'labels', { [key]: '' }))).toStrictEqual([`labels["${key}"] [label/key]`]);
  });
});

describe('labels of machines', () => {
  const owned = { app: 'canonicalService' };

  test('a label that a property owns is refused, and the property named', () => {
    const problems = new Problems();
    checkMachineLabels(problems, 'labels', { app: 'x' }, owned);
    expect(problems.all).toMatchObject([{ id: 'label/owned-by-meshvm', remedy: 'remove it and set canonicalService' }]);
  });

  test.each([
    ['UP.com/x', 'v', 'labels["UP.com/x"] [label/machine-not-selectable]'],
    ['x', 'v'.repeat(64), 'labels["x"] [label/machine-not-selectable]'],
    ['a b', 'v', 'labels["a b"] [label/machine]'],
    ['k'.repeat(64), 'v', `labels["${'k'.repeat(64)}"] [label/machine]`],
    ['x', '-v', 'labels["x"] [label/machine]'],
  ])('%p: %p is refused', (key, value, expected) => {
    expect(verdict((p) => checkMachineLabels(p, 'labels', { [key]: value }, owned))).toStrictEqual([expected]);
  });

  test.each([
    ['example.com/team', 'payments'],
    ['x', ''],
  ])('%p: %p is allowed', (key, value) => {
    expect(verdict((p) => checkMachineLabels(p, 'labels', { [key]: value }, owned))).toStrictEqual([]);
  });
});

describe('annotations', () => {
  test('values are free text, keys are not', () => {
    const annotations = {
      'example.com/note': 'any text: ü',
      'Example.com/mixed-case-is-allowed-in-annotations': '',
      'a b': '',
    };
    expect(verdict((p) => checkAnnotations(p, 'annotations', annotations))).toStrictEqual([
      'annotations["a b"] [annotation/key]',
    ]);
  });

  test('numbers are refused, not converted', () => {
    expect(verdict((p) => checkAnnotations(p, 'annotations', { a: 1 }))).toStrictEqual([
      'annotations["a"] [annotation/value]',
    ]);
  });

  test("Istio's own annotations are refused: by Istio on its objects, elsewhere because nobody reads them", () => {
    const annotations = { 'internal.istio.io/parents': 'x' };
    expect(verdict((p) => checkIstioAnnotations(p, 'annotations', annotations))).toStrictEqual([
      'annotations["internal.istio.io/parents"] [annotation/forbidden]',
    ]);
    expect(verdict((p) => checkAnnotations(p, 'annotations', annotations))).toStrictEqual([
      'annotations["internal.istio.io/parents"] [annotation/misplaced]',
    ]);
  });

  test('more than 256 KiB together are refused', () => {
    const half = 'x'.repeat(128 * 1024);
    expect(verdict((p) => checkAnnotations(p, 'annotations', { a: half, b: half }))).toStrictEqual([
      'annotations [annotation/value]',
    ]);
  });
});
