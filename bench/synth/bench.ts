import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { type Candidate, measure, table } from '../measure';
import { OBJECTS_PER_GROUP } from './fleet';

/** Where the compiled programs are, and the tools they are held against. */
export interface SynthBenchProps {
  /** Folder of the compiled programs. */
  readonly programs: string;
  /** The helm command. */
  readonly helm: string;
  /** Folder for what the programs write. */
  readonly output: string;
}

/** Time and memory from a program to YAML files: meshvm, bare cdk8s and `helm template`, for the same objects. */
export class SynthBench {
  public constructor(private readonly props: SynthBenchProps) {}

  /** @throws Error when the candidates don't write the same objects. */
  public checkEqual(groups: number): void {
    const [first, ...others] = this.candidates(groups).map((candidate) => {
      this.write(candidate);
      return { title: candidate.title, objects: readObjects(candidate.folder) };
    });
    if (first.objects.size !== groups * OBJECTS_PER_GROUP) {
      throw new Error(`${first.title} wrote ${first.objects.size} objects for ${groups} groups`);
    }
    for (const { title, objects } of others) {
      for (const key of new Set([...first.objects.keys(), ...objects.keys()])) {
        if (isDeepStrictEqual(first.objects.get(key), objects.get(key))) continue;
        throw new Error(`${title} and ${first.title} differ in ${key}`);
      }
    }
  }

  /** @throws Error when MeshVmApp and App don't write the same bytes. */
  public checkSameBytes(groups: number): void {
    const [fast, plain] = [this.meshvm('MeshVmApp', groups, 'one'), this.meshvm('App', groups, 'one')].map(
      (candidate) => {
        this.write(candidate);
        return readdirSync(candidate.folder).map((name) => readFileSync(join(candidate.folder, name)));
      },
    );
    if (!isDeepStrictEqual(fast, plain)) throw new Error('MeshVmApp and App wrote different bytes');
  }

  /** All objects in one chart, as Helm has them. */
  public run(groups: number, rounds: number): string {
    const measurements = measure(this.candidates(groups), rounds);
    return table(measurements, measurements[measurements.length - 1]);
  }

  /** Each group in a chart of its own, which Helm has no counterpart for. */
  public runManyCharts(groups: number, rounds: number): string {
    const measurements = measure(
      [this.meshvm('MeshVmApp', groups, 'many'), this.meshvm('App', groups, 'many')],
      rounds,
    );
    return table(measurements, measurements[1]);
  }

  private candidates(groups: number): readonly SynthCandidate[] {
    return [
      this.meshvm('MeshVmApp', groups, 'one'),
      this.meshvm('App', groups, 'one'),
      this.node('bare ApiObjects', 'bare.js', [String(groups)], `bare-${groups}`),
      this.template(groups),
    ];
  }

  private meshvm(app: 'MeshVmApp' | 'App', groups: number, charts: 'one' | 'many'): SynthCandidate {
    return this.node(`meshvm, ${app}`, 'meshvm.js', [app, String(groups), charts], `${app}-${charts}-${groups}`);
  }

  private node(title: string, program: string, args: readonly string[], folder: string): SynthCandidate {
    const output = this.folder(folder);
    return { title, folder: output, argv: [process.execPath, join(this.props.programs, program), ...args, output] };
  }

  private template(groups: number): SynthCandidate {
    const folder = this.folder(`helm-${groups}`);
    const chart = join(__dirname, 'chart');
    const argv = [this.props.helm, 'template', 'bench', chart, '--set', `groups=${groups}`];
    return { title: 'helm template', folder, argv, stdout: join(folder, 'fleet.yaml') };
  }

  private folder(name: string): string {
    const folder = join(this.props.output, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  private write({ argv, stdout }: SynthCandidate): void {
    measure([{ title: '', argv, stdout }], 0);
  }
}

interface SynthCandidate extends Candidate {
  /** Folder of the files. */
  readonly folder: string;
}

function readObjects(folder: string): ReadonlyMap<string, unknown> {
  const objects = new Map<string, unknown>();
  for (const name of readdirSync(folder)) {
    for (const document of parseAllDocuments(readFileSync(join(folder, name), 'utf8'), { version: '1.1' })) {
      const object = document.toJS();
      if (object === null) continue;
      const { apiVersion, kind, metadata } = object;
      objects.set([apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' '), object);
    }
  }
  return objects;
}
