import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Candidate, type Measurement, measure, median, table } from '../measure';

const ROOT = join(__dirname, '../..');
const PEERS = ['@pulumi/pulumi', '@pulumi/kubernetes', '@pulumi/aws'];

export interface ImportBenchProps {
  /** How often each program runs. */
  readonly rounds: number;
}

/**
 * What `meshvm/pulumi/aws` costs those who import it, beside what they import anyway: in the compiler and at run time. The programs stand
 * in a project of their own, where the built package is installed as npm would install it.
 */
export class ImportBench {
  public constructor(private readonly props: ImportBenchProps) {}

  /** Type checks against a program that imports @pulumi/aws/ec2 alone, each in a process of its own. */
  public typeCheck(skipLibCheck: boolean): string {
    return inProject((project) => {
      const compiler = join(ROOT, 'node_modules/@typescript/old/bin/tsc');
      const candidate = (title: string, program: string): Candidate => {
        const config = join(project, `tsconfig.${program}.json`);
        const compilerOptions = {
          target: 'es2022',
          module: 'node16',
          moduleResolution: 'node16',
          strict: true,
          noEmit: true,
          skipLibCheck,
          types: ['node'],
        };
        writeFileSync(join(project, `${program}.ts`), readFileSync(join(__dirname, 'programs', `${program}.ts`)));
        writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${program}.ts`] }));
        return { title, argv: [process.execPath, compiler, '--project', config] };
      };
      const alone = '@pulumi/aws/ec2 alone';
      const [ec2, meshvm] = measure(
        [candidate(alone, 'ec2'), candidate('and meshvm/pulumi/aws', 'meshvm')],
        this.props.rounds,
      );
      return `${table([ec2, meshvm], ec2)}\nmeshvm/pulumi/aws adds ${extra(meshvm, ec2)} (medians of pairs)`;
    });
  }

  /** `require` against requiring what it requires of its peers, each in a process of its own. */
  public require(): string {
    return inProject((project) => {
      const peers = join(project, 'peers.js');
      const meshvm = join(project, 'meshvm.js');
      writeFileSync(meshvm, "require('meshvm/pulumi/aws');\n");
      writeFileSync(
        peers,
        peerModules()
          .map((name) => `require('${name}');\n`)
          .join(''),
      );
      const both = join(project, 'both.js');
      writeFileSync(both, `${readFileSync(peers, 'utf8')}${readFileSync(meshvm, 'utf8')}`);
      const node = (title: string, program: string) => ({ title, argv: [process.execPath, program] });
      const measurements = measure(
        [node('its peers', peers), node("and require('meshvm/pulumi/aws')", both)],
        4 * this.props.rounds,
      );
      const [alone, withMeshvm] = measurements;
      return `${table(measurements, alone)}\nmeshvm/pulumi/aws adds ${extra(withMeshvm, alone)} (medians of pairs)`;
    });
  }
}

/** A project of somebody who has installed the package and its peers. */
function inProject(work: (folder: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-bench-'));
  try {
    const installed = (name: string) => join(folder, 'node_modules', name);
    for (const name of [...PEERS, '@types/node']) {
      mkdirSync(dirname(installed(name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), installed(name));
    }
    mkdirSync(join(installed('meshvm'), 'dist'), { recursive: true });
    for (const part of ['package.json', 'dist/lib', 'dist/imports']) {
      symlinkSync(join(ROOT, part), join(installed('meshvm'), part));
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the built package requires of its peers. */
function peerModules(): readonly string[] {
  // The package is a bundle: what several of its ways in need stands in files of its own.
  const folder = join(ROOT, 'dist/lib');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return [...new Set([...text.matchAll(/require\("(@pulumi\/[^"]+)"\)/g)].map(([, name]) => name))].sort();
}

/** What a program takes more than another: by the clock, and of the processor, which other work on the machine touches less. */
function extra(measurement: Measurement, reference: Measurement): string {
  const more = (kind: 'seconds' | 'cpuSeconds') =>
    median(measurement.samples.map((sample, index) => sample[kind] - reference.samples[index][kind]));
  return `${(1000 * more('seconds')).toFixed(0)} ms, ${(1000 * more('cpuSeconds')).toFixed(0)} ms of CPU`;
}
