import { ApiObject, App, Chart, type IResolver, Yaml } from 'cdk8s';
import { ManifestObject } from '../../../lib/core/manifest-object';
import { ObjectPrinter } from '../../../lib/synth/private/object-printer';

const MANIFEST = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { b: 'quiet', a: undefined } };

afterEach(() => {
  delete process.env.CDK8S_DISABLE_SORT;
});

/** How often objects were rendered while a printer printed a ManifestObject and an ApiObject as cdk8s does. */
function rendered(app: App): number {
  const printer = new ObjectPrinter(app);
  let count = 0;
  for (const [index, ObjectClass] of [ManifestObject, ApiObject].entries()) {
    const chart = new Chart(app, `chart-${index}`, { labels: { chart: String(index) }, namespace: 'team' });
    const object = new ObjectClass(chart, 'a', { ...MANIFEST, metadata: { name: 'a', namespace: 'team' } });
    const toJson = jest.spyOn(object, 'toJson');
    const printed = printer.print(object);
    count += toJson.mock.calls.length;
    expect(printed).toBe(Yaml.stringify(object.toJson()));
    expect(printed).toContain(`chart: "${index}"`);
  }
  return count;
}

describe('ObjectPrinter', () => {
  test('prints manifests without rendering them', () => {
    expect(rendered(new App())).toBe(1);
  });

  test('lets resolvers of the app see manifests', () => {
    const shout: IResolver = { resolve: (context) => context.value === 'quiet' && context.replaceValue('LOUD') };
    const app = new App({ resolvers: [shout] });
    expect(rendered(app)).toBe(2);
    expect(new ObjectPrinter(app).print(new ManifestObject(new Chart(app, 'chart'), 'a', MANIFEST))).toContain(
      'b: LOUD',
    );
  });

  test('keeps the order of keys when cdk8s is told to', () => {
    process.env.CDK8S_DISABLE_SORT = '1';
    expect(rendered(new App())).toBe(2);
  });

  test('prints an object that is rendered by its own class', () => {
    class Custom extends ManifestObject {
      public override toJson(): unknown {
        return { custom: true };
      }
    }
    const app = new App();
    const object = new Custom(new Chart(app, 'chart'), 'a', MANIFEST);
    expect(new ObjectPrinter(app).print(object)).toBe('custom: true\n');
  });
});
