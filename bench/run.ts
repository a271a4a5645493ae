/** Measures the built package: `npm run bench [-- --rounds 10 --groups 1000 --groups 10000]`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { requireBench } from './require/bench';
import { SynthBench } from './synth/bench';
import { OBJECTS_PER_GROUP } from './synth/fleet';
import { ensureHelm } from './tools/helm';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      groups: { type: 'string', multiple: true, default: ['1000', '10000'] },
    },
  });
  const rounds = Number(values.rounds);
  const compiled = compilePrograms();
  const output = mkdtempSync(join(tmpdir(), 'meshvm-bench-'));
  try {
    const bench = new SynthBench({ programs: join(compiled, 'programs'), helm: await ensureHelm(), output });
    print(`${cpus().length} x ${cpus()[0].model}, node ${process.version}; ${rounds} rounds, candidates in turn`);

    print('\nrequire');
    print(requireBench(compiled, 2 * rounds));

    bench.checkEqual(50);
    for (const groups of values.groups.map(Number)) {
      bench.checkSameBytes(groups);
      print(`\nsynth: ${count(groups)} groups, ${count(groups * OBJECTS_PER_GROUP)} objects, one chart`);
      print(bench.run(groups, rounds));
    }
    print(`\nsynth: 1,000 groups, each in a chart of its own`);
    print(bench.runManyCharts(1000, Math.min(rounds, 5)));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** The programs as JavaScript inside the package, where `require('meshvm')` finds what `npm run compile` built. */
function compilePrograms(): string {
  const target = join(__dirname, '..', 'dist', 'bench', 'synth');
  const sources = [
    join(__dirname, 'synth', 'fleet.ts'),
    ...readdirSync(join(__dirname, 'synth', 'programs')).map((name) => join(__dirname, 'synth', 'programs', name)),
  ];
  for (const source of sources) {
    const { outputText } = transpileModule(readFileSync(source, 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
    });
    const folder = basename(dirname(source)) === 'programs' ? join(target, 'programs') : target;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${basename(source, '.ts')}.js`), outputText);
  }
  return target;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
