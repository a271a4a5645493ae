import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { copyTree } from './module-files';

/** Something that mesh tests run or read: a folder that is made once for each content of its ingredients. */
export interface Tool {
  /** The tools that it is made with, by name; they are made before it. */
  readonly madeWith?: readonly string[];
  /** Everything else that decides what comes out. A change makes this tool again, and those that are made with it. */
  readonly ingredients: () => Promise<readonly (string | Buffer)[]>;
  /** Makes it in an empty folder. `others` are the folders of the tools that it is made with. */
  readonly make: (folder: string, others: Readonly<Record<string, string>>) => Promise<void>;
  /** Made only when it is asked for by name. Default: false. */
  readonly onDemand?: boolean;
}

export interface GoToolOptions {
  /** The folder here whose go.mod and go.sum pin it. */
  readonly module: string;
  /** What to build, as `go build` takes it in that folder. */
  readonly target: string;
  /** Files of our own that it is built from, as the folder of the module sees them. */
  readonly sources?: readonly string[];
  /** A folder of CRDs of a dependency, which is copied to `crds` beside the command. */
  readonly crds?: { readonly dependency: string; readonly folder: string };
  readonly onDemand?: boolean;
}

/** A command that is built from Go sources; it lies in its folder under `name`. */
export function goTool(name: string, options: GoToolOptions): Tool {
  const module = moduleFolder(options.module);
  const sources = (options.sources ?? []).map((file) => join(module, file));
  return {
    ingredients: async () => [
      name,
      options.target,
      ...GO_FLAGS,
      JSON.stringify(options.crds ?? {}),
      ...(await goIngredients(module)),
      ...sources.map((file) => readFileSync(file)),
    ],
    make: async (folder) => {
      await run('go', ['build', ...GO_FLAGS, '-o', join(folder, name), options.target], module);
      if (options.crds === undefined) return;
      const { dependency, folder: crds } = options.crds;
      copyTree(join(await dependencyFolder(module, dependency), crds), join(folder, 'crds'));
    },
    ...(options.onDemand && { onDemand: true }),
  };
}

/** An environment of Python with exactly the packages of a requirements file here; `bin/python` runs it. */
export function pythonTool(requirementsFile: string): Tool {
  const requirements = join(__dirname, requirementsFile);
  return {
    ingredients: async () => [readFileSync(requirements), await run('python3', ['--version'], __dirname)],
    make: async (folder) => {
      await run('python3', ['-m', 'venv', folder], folder);
      const pinned = ['--require-hashes', '--requirement', requirements];
      const pip = ['-m', 'pip', '--quiet', '--disable-pip-version-check', 'install'];
      await run(join(folder, 'bin/python'), [...pip, ...pinned], folder);
    },
  };
}

/** The folder of a pinned Go module. */
export function moduleFolder(module: string): string {
  return join(__dirname, module);
}

/** Where the sources of a dependency of a pinned Go module are on this computer, downloaded when they are not there. */
export async function dependencyFolder(module: string, name: string): Promise<string> {
  const answer = await run('go', ['mod', 'download', '-json', name], module);
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}

/** What a Go module's own files and the toolchain decide. */
export async function goIngredients(module: string): Promise<readonly (string | Buffer)[]> {
  const files = ['go.mod', 'go.sum'].map((file) => readFileSync(join(module, file)));
  return [...files, await toolchain(module)];
}

/** Without symbols and paths of this computer. */
export const GO_FLAGS = ['-trimpath', '-ldflags', '-s -w'] as const;

const toolchains = new Map<string, Promise<string>>();

/** Asked in the module's folder: its `go` line may select another toolchain than the one on the PATH. */
function toolchain(module: string): Promise<string> {
  const known = toolchains.get(module);
  if (known !== undefined) return known;
  const asked = run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH', 'CGO_ENABLED'], module);
  toolchains.set(module, asked);
  return asked;
}
