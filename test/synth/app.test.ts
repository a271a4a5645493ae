import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, type AppProps, Chart, type IResolver, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ManifestObject } from '../../lib/core/manifest-object';
import { MeshVmApp } from '../../lib/synth/app';

const OUTPUT_TYPES = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

/** Fills an app. */
type Program = (app: App) => void;

/** Programs of any shape: charts, plain constructs and objects in each other, some of them depending on others. */
const anyProgram: fc.Arbitrary<Program> = fc
  .record({
    nodes: fc.array(
      fc.record({
        kind: fc.constantFrom('chart', 'construct', 'object', 'object'),
        parent: fc.nat(),
        id: fc.constantFrom('a', 'b', '1', '2', 'C.d', 'x_y', 'Default'),
      }),
      { minLength: 3, maxLength: 16 },
    ),
    dependencies: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 9 })), { maxLength: 5 }),
  })
  .map(({ nodes, dependencies }) => (app) => {
    const constructs: Construct[] = [app];
    nodes.forEach(({ kind, parent, id }, index) => {
      const scope = constructs[parent % constructs.length];
      const unique = scope.node.tryFindChild(id) ? `${id}${index}` : id;
      if (kind === 'chart') constructs.push(new Chart(scope, unique));
      else if (kind === 'object' && isInChart(scope)) constructs.push(configMap(scope, unique));
      else constructs.push(new Construct(scope, unique));
    });
    for (const [from, to, luck] of dependencies) {
      const [a, b] = [from % constructs.length, to % constructs.length];
      const [source, target] = [constructs[Math.max(a, b)], constructs[Math.min(a, b)]];
      // Most programs are good ones: later constructs depend on earlier ones in charts that they don't stand in.
      const good = isInChart(source) && isInChart(target) && !source.node.scopes.includes(target);
      if (good) source.node.addDependency(target);
      else if (luck === 0 && source !== target) target.node.addDependency(source);
    }
  });

describe('MeshVmApp writes what App writes', () => {
  test.each(OUTPUT_TYPES)('output type %p', (yamlOutputType) => {
    const program: Program = (app) => {
      const first = new Chart(app, 'first', { namespace: 'one', labels: { team: 'payments' } });
      const second = new Chart(app, 'Second.Chart');
      configMap(first, 'a');
      configMap(first, 'b');
      configMap(second, 'a');
    };
    expectSame(program, { yamlOutputType });
    const { text, ...files } = synthesized(MeshVmApp, program, { yamlOutputType });
    expect(Object.keys(files)).toHaveLength([1, 2, 3, 3][yamlOutputType]);
    expect(text.split('---\n')).toHaveLength(3);
  });

  test.each(OUTPUT_TYPES)('charts and objects that depend on each other, output type %p', (yamlOutputType) => {
    const program: Program = (app) => {
      const apps = new Chart(app, 'apps');
      const platform = new Chart(app, 'platform');
      const crds = new Chart(platform, 'crds');
      const [a, b] = [configMap(apps, 'a'), configMap(apps, 'b')];
      const gateway = new Construct(platform, 'gateway');
      configMap(gateway, 'x');
      configMap(crds, 'y');
      a.addDependency(b);
      apps.addDependency(gateway);
    };
    expectSame(program, { yamlOutputType });
    if (yamlOutputType === YamlOutputType.FILE_PER_CHART) {
      const { text, ...files } = synthesized(MeshVmApp, program, { yamlOutputType });
      expect(Object.keys(files)).toStrictEqual([
        '0000-platform-crds-c8d3dc34.k8s.yaml',
        '0001-platform.k8s.yaml',
        '0002-apps.k8s.yaml',
      ]);
      expect(files['0002-apps.k8s.yaml']).toMatch(/name: apps-b.*name: apps-a/s);
    }
  });

  test('any tree of charts, constructs and objects with any dependencies', () => {
    fc.assert(
      fc.property(anyProgram, fc.constantFrom(...OUTPUT_TYPES), (program, yamlOutputType) => {
        expectSame(program, { yamlOutputType });
      }),
      { numRuns: 300 },
    );
  });

  test('an empty app, an empty chart, another extension', () => {
    expectSame(() => {}, { yamlOutputType: YamlOutputType.FILE_PER_APP });
    expectSame((app) => new Chart(app, 'empty'), { outputFileExtension: '.yml' });
  });

  test('resolvers, tokens and patches', () => {
    const shout: IResolver = {
      resolve: (context) => {
        if (context.value === 'quiet') context.replaceValue('LOUD');
      },
    };
    const program: Program = (app) => {
      const chart = new Chart(app, 'chart');
      for (const ObjectClass of [ApiObject, ManifestObject]) {
        const object = new ObjectClass(chart, ObjectClass.name, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'a', labels: { volume: 'quiet' } },
          ...{ data: { lazy: Lazy.any({ produce: () => 'late' }), volume: 'quiet' } },
        });
        object.addJsonPatch(JsonPatch.add('/data/patched', 'yes'));
        object.metadata.addAnnotation('added', 'later');
      }
    };
    expectSame(program, {});
    expectSame(program, { resolvers: [shout] });
    expect(Object.values(synthesized(MeshVmApp, program, { resolvers: [shout] }))[0]).toContain('volume: LOUD');
  });

  test('a chart that renders itself', () => {
    class ListChart extends Chart {
      public override toJson() {
        return [{ apiVersion: 'v1', kind: 'List', metadata: { name: 'all' }, items: super.toJson() }, undefined];
      }
    }
    for (const yamlOutputType of OUTPUT_TYPES) {
      expectSame((app) => void configMap(new ListChart(app, 'chart'), 'a'), { yamlOutputType });
    }
  });

  test('metadata about constructs', () => {
    const program: Program = (app) => void configMap(new Chart(app, 'chart'), 'a');
    expectSame(program, { recordConstructMetadata: true });
    const files = synthesized(MeshVmApp, program, { recordConstructMetadata: true });
    expect(files['construct-metadata.json']).toContain('"path":"chart/a"');
  });

  test('settings of cdk8s synth', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'meshvm-'));
    process.env.CDK8S_OUTDIR = outdir;
    process.env.CDK8S_RECORD_CONSTRUCT_METADATA = 'true';
    try {
      const app = new MeshVmApp();
      configMap(new Chart(app, 'chart'), 'a');
      app.synth();
      expect(Object.keys(read(outdir))).toStrictEqual(['chart.k8s.yaml', 'construct-metadata.json']);
    } finally {
      delete process.env.CDK8S_OUTDIR;
      delete process.env.CDK8S_RECORD_CONSTRUCT_METADATA;
      rmSync(outdir, { recursive: true });
    }
  });

  test('after a chart was rendered, and a second time', () => {
    const program: Program = (app) => {
      const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
      a.addDependency(b);
      configMap(a, 'x');
      configMap(b, 'y');
      a.toJson();
      app.synth();
    };
    expectSame(program, {});
  });

  test.each(OUTPUT_TYPES)('the example with all its constructs, output type %p', (yamlOutputType) => {
    const [fast, plain] = ['MeshVmApp', 'App'].map((className) => {
      const outdir = mkdtempSync(join(tmpdir(), 'meshvm-'));
      try {
        jest.isolateModules(() => {
          const cdk8s = require('cdk8s') as typeof import('cdk8s');
          const meshvm = jest.requireActual<typeof import('meshvm')>('meshvm');
          const AppClass = className === 'App' ? cdk8s.App : meshvm.MeshVmApp;
          class ExampleApp extends AppClass {
            public constructor() {
              super({ outdir, yamlOutputType });
            }
          }
          jest.doMock('meshvm', () => ({ ...meshvm, MeshVmApp: ExampleApp }));
          const stringify = jest.spyOn(cdk8s.Yaml, 'stringify');
          require('../../examples/payment-service/main');
          // cdk8s prints the objects of the one, and a few scalars of the other.
          const kinds = stringify.mock.calls.flat().map((document) => document?.kind);
          expect(kinds.includes('WorkloadGroup')).toBe(className === 'App');
        });
        return read(outdir);
      } finally {
        jest.dontMock('meshvm');
        rmSync(outdir, { recursive: true });
      }
    });
    expect(fast).toStrictEqual(plain);
    expect(Object.keys(fast).length).toBeGreaterThan(yamlOutputType);
  });

  test('order of chart names that are numbers', () => {
    expectSame(
      (app) => {
        const group = new Construct(app, '7');
        for (const scope of [
          new Chart(app, 'z'),
          new Chart(group, 'inner'),
          new Chart(app, '10'),
          new Chart(app, '9'),
        ]) {
          configMap(scope, 'a');
        }
      },
      { yamlOutputType: YamlOutputType.FILE_PER_APP },
    );
  });
});

describe('MeshVmApp refuses what App refuses', () => {
  test('constructs that fail their validation, without writing anything', () => {
    const program: Program = (app) => {
      const object = configMap(new Chart(app, 'chart'), 'a');
      object.node.addValidation({ validate: () => ['too small', 'too blue'] });
    };
    expectSame(program, {});
    expect(synthesized(MeshVmApp, program, {})).toStrictEqual({
      error: 'Error: Validation failed with the following errors:\n  [chart/a] too small\n  [chart/a] too blue',
    });
  });

  test('cycles', () => {
    const program: Program = (app) => {
      const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
      configMap(a, 'x').addDependency(configMap(b, 'y'));
      b.addDependency(a);
    };
    expectSame(program, {});
    expect(synthesized(MeshVmApp, program, {})).toStrictEqual({
      error: expect.stringContaining('Dependency cycle detected'),
    });
  });

  test('dependencies outside of charts', () => {
    expectSame((app) => {
      app.node.addDependency(configMap(new Chart(app, 'chart'), 'a'));
    }, {});
  });

  test('objects that cannot be rendered', () => {
    expectSame((app) => {
      const chart = new Chart(app, 'chart');
      new ManifestObject(chart, 'a', { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec: new Map() });
    }, {});
  });
});

test('a dependency on another app is left to cdk8s', () => {
  const other = configMap(new Chart(new App(), 'other'), 'a');
  expectSame((app) => configMap(new Chart(app, 'chart'), 'a').addDependency(other), {});
});

test('constructs are validated once, however many charts there are', () => {
  const app = new MeshVmApp();
  const platform = new Chart(app, 'platform');
  configMap(platform, 'a');
  const validate = jest.fn(() => []);
  for (let index = 0; index < 100; index++) {
    const chart = new Chart(app, `chart-${index}`);
    chart.addDependency(platform);
    configMap(chart, 'a').node.addValidation({ validate });
  }
  expect(app.synthYaml().split('---\n')).toHaveLength(101);
  expect(validate).toHaveBeenCalledTimes(100);
});

function isInChart(construct: Construct): boolean {
  return construct.node.scopes.some((around) => around instanceof Chart);
}

function configMap(scope: Construct, id: string): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...{ data: { id, port: '8080', text: 'a\nb\n' } },
  });
}

function expectSame(program: Program, props: AppProps): void {
  expect(synthesized(MeshVmApp, program, props)).toStrictEqual(synthesized(App, program, props));
}

/** The files of an app and its text, or the error. */
function synthesized(AppClass: typeof App, program: Program, props: AppProps): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'meshvm-'));
  try {
    const app = new AppClass({ ...props, outdir });
    program(app);
    app.synth();
    const again = new AppClass({ ...props, outdir });
    program(again);
    return { ...read(outdir), text: again.synthYaml() };
  } catch (error) {
    return { error: String(error) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function read(directory: string): Record<string, string> {
  const names = (readdirSync(directory, { recursive: true }) as string[]).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}
