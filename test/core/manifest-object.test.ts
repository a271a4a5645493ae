import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { ManifestObject } from '../../lib/core/manifest-object';

const NAMESPACED = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', namespace: 'team' } };
const CLUSTER_SCOPED = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };

function aChart(): Chart {
  return new Chart(new App(), 'chart', { namespace: 'payments' });
}

describe('ManifestObject', () => {
  test('renders as an ApiObject does', () => {
    const object = new ManifestObject(aChart(), 'a', NAMESPACED);
    expect(object.toJson()).toStrictEqual(new ApiObject(aChart(), 'a', NAMESPACED).toJson());
  });

  test('has no namespace without one of its own, wherever it stands', () => {
    const object = new ManifestObject(aChart(), 'a', CLUSTER_SCOPED);
    expect(object.toJson().metadata).toStrictEqual({ name: 'a' });
    expect(new ApiObject(aChart(), 'a', CLUSTER_SCOPED).toJson().metadata).toStrictEqual({
      name: 'a',
      namespace: 'payments',
    });
  });

  test('remembers its manifest', () => {
    expect(ManifestObject.manifestOf(new ManifestObject(aChart(), 'a', NAMESPACED))).toBe(NAMESPACED);
    expect(ManifestObject.manifestOf(new ManifestObject(aChart(), 'a', CLUSTER_SCOPED))).toBe(CLUSTER_SCOPED);
  });

  test.each<[string, (object: ManifestObject) => void, unknown]>([
    ['a patch', (object) => object.addJsonPatch(JsonPatch.add('/secrets', [])), { secrets: [] }],
    ['a label', (object) => object.metadata.addLabel('b', 'c'), { metadata: { labels: { b: 'c' } } }],
    ['any other metadata', (object) => object.metadata.add('b', 'c'), { metadata: { b: 'c' } }],
    [
      'metadata set behind the types',
      (object) => Object.assign(object.metadata, { namespace: 'other' }),
      { metadata: { namespace: 'other' } },
    ],
  ])('forgets its manifest with %s, which is rendered', (_, change, rendered) => {
    const object = new ManifestObject(aChart(), 'a', NAMESPACED);
    change(object);
    expect(ManifestObject.manifestOf(object)).toBeUndefined();
    expect(object.toJson()).toMatchObject(rendered as object);
  });

  test('leaves metadata readable', () => {
    const { metadata } = new ManifestObject(aChart(), 'a', NAMESPACED);
    expect([metadata.name, metadata.namespace, metadata.getLabel('b')]).toStrictEqual(['a', 'team', undefined]);
  });

  test('knows no manifest of other objects', () => {
    class Custom extends ManifestObject {
      public override toJson(): unknown {
        return {};
      }
    }
    expect(ManifestObject.manifestOf(new ApiObject(aChart(), 'a', NAMESPACED))).toBeUndefined();
    expect(ManifestObject.manifestOf(new Custom(aChart(), 'a', NAMESPACED))).toBeUndefined();
  });
});
