import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, withPrograms } from '../docs/programs';

const EXAMPLES = join(__dirname, '../../examples');
const BIN = join(__dirname, '../../node_modules/.bin');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-examples-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in the example's folder; its output goes to `outdir`. */
function run(command: string, args: readonly string[], outdir: string): string {
  const { status, stdout, stderr } = spawnSync(join(BIN, command), args, {
    cwd: join(EXAMPLES, 'payment-service'),
    env: { ...process.env, CDK8S_OUTDIR: outdir, CDK8S_CHECK_UPGRADE: 'false' },
    encoding: 'utf8',
  });
  expect([status, stderr.includes('Error')]).toStrictEqual([0, false]);
  return stdout;
}

/** Runs the example where the built package is installed. */
function runInstalled(outdir: string): void {
  const example = join(EXAMPLES, 'payment-service');
  withPrograms([readFileSync(join(example, 'main.ts'), 'utf8')], ([program]) => {
    cpSync(join(example, 'cluster-ca.pem'), join(program, 'cluster-ca.pem'));
    expect(runProgram(program)).toMatchObject({ status: 0, stderr: '' });
    cpSync(join(program, 'dist'), outdir, { recursive: true });
  });
}

function contents(outdir: string): ReadonlyMap<string, string> {
  const files = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[\w-]+$/.test(file));
  return new Map(files.sort().map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
}

describe('the payment service example', () => {
  test('writes a file for each chart, numbered in the order to apply them, and what installs Istio', () => {
    const outdir = join(folder, 'demo');
    runInstalled(outdir);
    expect([...contents(outdir).keys()]).toStrictEqual([
      '0000-platform.k8s.yaml',
      '0001-payments.k8s.yaml',
      '0002-monitoring.k8s.yaml',
      'control-plane/README.txt',
      'control-plane/base.values.yaml',
      'control-plane/istio-operator.yaml',
      'control-plane/istiod.values.yaml',
      'monitoring/kube-state-metrics.values.yaml',
      'user-data/payment-service-v2.cloud-config',
      'user-data/payment-service.cloud-config',
    ]);
  });

  test('gives the same files by cdk8s synth, which reads the sources of the library', () => {
    const outdir = join(folder, 'cli');
    run('cdk8s', ['synth', '--check-upgrade', 'false', '--output', outdir], outdir);
    expect(contents(outdir)).toStrictEqual(contents(join(folder, 'demo')));
  });

  test('is summed up: charts, objects by kind, where they are, and the next step', () => {
    const outdir = join(folder, 'demo');
    const summary = run('tsx', ['--tsconfig', '../tsconfig.json', '../summary.ts', outdir], outdir);
    expect(summary).toContain('0000-platform.k8s.yaml  7 objects\n');
    expect(summary).toContain('0002-monitoring.k8s.yaml  4 objects\n');
    expect(summary).toContain('\nmonitoring/  kube-state-metrics.values.yaml\n');
    expect(summary).toContain('\n  WorkloadGroup                     payment-service, payment-service-v2\n');
    expect(summary).toMatch(/\n {2}kubectl apply -f \S+demo\/\n$/);
  });
});

describe('the page that maps the manual steps to the example', () => {
  const program = readFileSync(join(EXAMPLES, 'payment-service/main.ts'), 'utf8');
  const page = readFileSync(join(__dirname, '../../docs/from-the-manual-steps.md'), 'utf8');
  const sections = new Map(
    program
      .split(/^\/\/ (?=\d+\. )/m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('.')), section] as const),
  );
  const steps = [...page.matchAll(/^\| (\d+) \|.*\| (.*) \| ([\d, ]+) \|$/gm)].map(([, step, code, places]) => ({
    step,
    // What the step calls: constructs, factories, methods and properties.
    names: [...code.matchAll(/`(?:new |group\.)?(\w+)/g)].map(([, name]) => name),
    places: places.split(', '),
  }));

  test('has all twelve steps', () => {
    expect(steps.map(({ step }) => step)).toStrictEqual(Array.from({ length: 12 }, (_, index) => String(index + 1)));
  });

  test.each(steps)('names for step $step sections of the example that call what it says', ({ names, places }) => {
    for (const place of places) {
      const section = sections.get(place) ?? '';
      expect([place, names.filter((name) => new RegExp(`\\b${name}\\b`).test(section))]).not.toStrictEqual([place, []]);
    }
  });
});
