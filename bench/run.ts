/** Measures the built package: `npm run bench [-- --rounds 10 --groups 1000 --groups 10000]`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { toolFolder } from '../test/mesh/tools/tools';
import { requireBench } from './require/bench';
import { SynthBench } from './synth/bench';
import { OBJECTS_PER_GROUP } from './synth/fleet';

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
    const bench = new SynthBench({
      programs: join(compiled, 'synth/programs'),
      helm: join(await toolFolder('helm'), 'helm'),
      output,
    });
    print(`${cpus().length} x ${cpus()[0].model}, node ${process.version}; ${rounds} rounds, candidates in turn`);

    print('\nrequire');
    print(requireBench(join(compiled, 'require/programs'), 2 * rounds));

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
  const target = join(__dirname, '..', 'dist', 'bench');
  for (const source of ['synth/fleet.ts', ...programs('synth'), ...programs('require')]) {
    const { outputText } = transpileModule(readFileSync(join(__dirname, source), 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
    });
    const output = join(target, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, outputText);
  }
  return target;
}

function programs(benchmark: string): readonly string[] {
  return readdirSync(join(__dirname, benchmark, 'programs')).map((name) => join(benchmark, 'programs', name));
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
