import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { runScript } from '../run-script';
import { isSpelledOtherwise, SPECS } from './concepts';
import { choicesIn, valuesIn } from './lib-types';
import { MACHINE_FILE_SCHEMA, machineFileSchema } from './machine-file-schema';
import { ARGS_HEADER, PulumiArgs } from './pulumi-args';
import { JsonSchemas, withoutProse } from './shapes';

const ROOT = join(__dirname, '..', '..');

/** Everything that is generated from the types of the spec, by path below the root. */
function specFiles(): ReadonlyMap<string, string> {
  const program = libProgram();
  const schemas = new JsonSchemas(ROOT, choicesIn(program, ROOT), valuesIn(program, ROOT));
  const args = new PulumiArgs(program, handwrittenArgs(), ROOT);
  const files = new Map<string, string>();
  for (const [concept, types] of Object.entries(SPECS)) {
    for (const type of types) if (!isSpelledOtherwise(concept, type)) args.add(type);
    const definitions = withoutProse(Object.assign({}, ...types.map((type) => schemas.of(type))));
    files.set(`lib/${concept}/shapes.json`, JSON.stringify({ definitions }));
  }
  for (const { path, text } of args.written) files.set(path, text);
  files.set(MACHINE_FILE_SCHEMA, machineFileSchema(schemas, program, ROOT));
  return formatted(files);
}

/** As the rest of the code is: all in one run, because to start the formatter takes longer than to format. */
function formatted(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-spec-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    copyFileSync(join(ROOT, 'biome.jsonc'), join(folder, 'biome.jsonc'));
    execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['check', '--write', '--vcs-enabled=false', '.'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Map([...files.keys()].map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function libProgram(): ts.Program {
  const file = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createProgram(fileNames, { ...options, noEmit: true });
}

/** Interfaces of Pulumi's arguments that somebody wrote, by name, with their files. */
function handwrittenArgs(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(ROOT, 'lib', 'pulumi'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(join(ROOT, 'lib', 'pulumi', name), 'utf8');
    if (text.startsWith(ARGS_HEADER)) continue;
    for (const [, declared] of text.matchAll(/^export (?:interface|enum) (\w+)/gm))
      found.set(declared, `lib/pulumi/${name}`);
  }
  return found;
}

function main(args: readonly string[]): void {
  const stale: string[] = [];
  for (const [path, text] of specFiles()) {
    const file = join(ROOT, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (!args.includes('--check')) writeFileSync(file, text);
  }
  if (args.includes('--check') && stale.length > 0) {
    throw new Error(`${stale.join(', ')}: not what the types in lib say; run \`npm run spec\``);
  }
}

runScript(module, main);
