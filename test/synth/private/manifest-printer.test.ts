import { ApiObject, type ApiObjectProps, App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import type { KubernetesObject } from '../../../lib/core/kubernetes-object';
import { printManifest } from '../../../lib/synth/private/manifest-printer';
import { documents, text } from './yaml-values';

/** What cdk8s makes of the manifest in a chart with these labels. */
function byCdk8s(manifest: KubernetesObject, labels: Record<string, string> = {}): string {
  const chart = new Chart(new App(), 'chart', { labels });
  return Yaml.stringify(new ApiObject(chart, 'object', structuredCloneOf(manifest)).toJson());
}

/** cdk8s empties the metadata that it is given of nothing, but it is the caller's object. */
function structuredCloneOf(manifest: KubernetesObject): ApiObjectProps {
  return { ...manifest, metadata: { ...manifest.metadata } };
}

const labels = fc.dictionary(text, text, { maxKeys: 12, noNullPrototype: true });
const anyManifest: fc.Arbitrary<KubernetesObject> = fc.record(
  {
    apiVersion: fc.constantFrom('v1', 'networking.istio.io/v1'),
    kind: fc.constantFrom('Service', 'WorkloadGroup', '8'),
    metadata: fc.record(
      { name: text, namespace: fc.option(text, { nil: undefined }), labels, annotations: labels },
      { requiredKeys: ['name'], noNullPrototype: true },
    ),
    spec: documents(false),
    data: fc.dictionary(text, documents(false), { noNullPrototype: true }),
    automountServiceAccountToken: fc.boolean(),
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata'], noNullPrototype: true },
);

describe('printManifest', () => {
  test('prints any manifest as cdk8s renders and prints it, or leaves it', () => {
    const RUNS = 1000;
    let printed = 0;
    fc.assert(
      fc.property(anyManifest, fc.oneof(fc.constant({}), labels), (manifest, chartLabels) => {
        const yaml = printManifest(manifest, chartLabels);
        if (yaml === undefined) return;
        printed++;
        expect(yaml).toBe(byCdk8s(manifest, chartLabels));
      }),
      { numRuns: RUNS },
    );
    expect(printed).toBeGreaterThan(RUNS / 4);
  });

  test('sorts keys, leaves out what is not there, and puts apiVersion, kind and metadata first', () => {
    const selector = { version: 'v1', app: 'payments' };
    const manifest = {
      spec: { selector, labels: selector, weight: undefined, list: [null, {}], empty: {}, nothing: null },
      metadata: { name: 'payments', annotations: {}, labels: { app: 'payments' } },
      kind: 'WorkloadGroup',
      apiVersion: 'networking.istio.io/v1',
      automountServiceAccountToken: false,
    };
    expect(printManifest(manifest, { team: 'money', app: 'chart' })).toBe(
      [
        'apiVersion: networking.istio.io/v1',
        'kind: WorkloadGroup',
        'metadata:',
        '  labels:',
        '    app: payments',
        '    team: money',
        '  name: payments',
        'automountServiceAccountToken: false',
        'spec:',
        '  empty: {}',
        '  labels:',
        '    app: payments',
        '    version: v1',
        '  list:',
        '    - null',
        '    - {}',
        '  selector:',
        '    app: payments',
        '    version: v1',
        '',
      ].join('\n'),
    );
    expect(printManifest(manifest, { team: 'money', app: 'chart' })).toBe(
      byCdk8s(manifest, { team: 'money', app: 'chart' }),
    );
  });

  test('puts keys that are whole numbers first, and by size, as objects do', () => {
    const portLevelMtls = { http: 1, '95': 2, '9090': 3, '08': 4, '': 5 };
    const manifest = { apiVersion: 'v1', kind: 'PeerAuthentication', metadata: { name: 'a' }, spec: { portLevelMtls } };
    const keys = printManifest(manifest, {})?.match(/(?<=^ {4})\S+(?=: \d$)/gm);
    expect(keys).toStrictEqual(['"95"', '"9090"', '""', '"08"', 'http']);
    expect(printManifest(manifest, {})).toBe(byCdk8s(manifest));
  });

  test('sorts maps of many keys too', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `key-${(index * 17) % 40}`);
    const manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: Object.fromEntries(keys.map((k) => [k, k])),
    };
    expect(printManifest(manifest, {})).toBe(byCdk8s(manifest));
  });

  test.each<[string, unknown]>([
    ['a class', { spec: new Map() }],
    ['a function', { spec: { resolve: () => 'late' } }],
    ['a list with methods of its own', { spec: { list: new (class extends Array {})() } }],
    ['a key that cdk8s loses', { spec: JSON.parse('{"__proto__": {"a": 1}}') }],
    ['metadata beyond what builders write', { metadata: { name: 'a', finalizers: ['b'] } }],
    ['metadata without a name', { metadata: {} }],
    ['a namespace that is no text', { metadata: { name: 'a', namespace: { b: 1 } } }],
    ['a manifest with a number for a key', { '8': 1 }],
    ['labels that are no text', { metadata: { name: 'a', labels: { b: null } } }],
  ])('leaves %s to cdk8s', (_, part) => {
    const manifest = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, ...(part as object) };
    expect(printManifest(manifest, {})).toBeUndefined();
  });

  test('leaves everything to a cdk8s that prints with other settings', () => {
    jest.isolateModules(() => {
      const cdk8s = require('cdk8s') as typeof import('cdk8s');
      jest.spyOn(cdk8s.Yaml, 'stringify').mockReturnValue('other: settings\n');
      const isolated =
        require('../../../lib/synth/private/manifest-printer') as typeof import('../../../lib/synth/private/manifest-printer');
      expect(isolated.printManifest({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' } }, {})).toBeUndefined();
    });
  });
});
