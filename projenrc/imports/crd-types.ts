import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { CrdSource } from './sources';

/**
 * TypeScript of a source's kinds, made by `cdk8s import`: content by file name.
 *
 * @param dir Where the source's module is.
 */
export function crdTypes(source: CrdSource, dir: string): Map<string, string> {
  const documents = source.files.flatMap((file) => parseAllDocuments(readFileSync(join(dir, file), 'utf8')));
  const definitions = documents.map((document) => document.toJS() as unknown).filter(isDefinition);
  const wanted = source.kinds.map((kind) => {
    const found = definitions.filter((definition) => definition.spec.names.kind === kind);
    if (found.length !== 1) {
      throw new Error(`${source.module.path} ${source.module.version} defines ${kind} ${found.length} times, not once`);
    }
    return withoutDescriptions(withVersion1(found[0] as Definition));
  });
  return runCdk8sImport(wanted);
}

/** Version of the generator that the result depends on. */
export function cdk8sCliVersion(): string {
  return (require('cdk8s-cli/package.json') as { readonly version: string }).version;
}

interface Definition {
  readonly kind: 'CustomResourceDefinition';
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string }[];
  };
}

function isDefinition(document: unknown): document is Definition {
  return (document as { readonly kind?: unknown } | null)?.kind === 'CustomResourceDefinition';
}

/** With one version left, cdk8s gives the types their bare names. */
function withVersion1(definition: Definition): Definition {
  const versions = definition.spec.versions.filter((version) => version.name === 'v1');
  if (versions.length !== 1) throw new Error(`${definition.spec.names.kind} has no version v1`);
  return { ...definition, spec: { ...definition.spec, versions } };
}

/** A property that is called description has a schema as its value, never a string. */
function withoutDescriptions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDescriptions);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => !(key === 'description' && typeof value === 'string'));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDescriptions(value)]));
}

function runCdk8sImport(definitions: readonly unknown[]): Map<string, string> {
  const work = mkdtempSync(join(tmpdir(), 'meshvm-imports-'));
  try {
    const input = join(work, 'crds.yaml');
    writeFileSync(input, definitions.map((definition) => JSON.stringify(definition)).join('\n---\n'));
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const options = ['--language', 'typescript', '--output', 'out', '--check-upgrade', 'false', '--save', 'false'];
    execFileSync(process.execPath, [cli, 'import', input, ...options], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const out = join(work, 'out');
    return new Map(readdirSync(out).map((name) => [name, repaired(readFileSync(join(out, name), 'utf8'))]));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Undoes what cdk8s does to names, so that the types describe the objects the API server reads. */
function repaired(text: string): string {
  // Enum keys are mangled since cdk8s-cli 2.178 (cdk8s-team/cdk8s-cli#1802): MESH_UNDERSCORE_INTERNAL.
  const named = withJsonNames(text.replaceAll('_UNDERSCORE_', '_'));
  return `${named.trimEnd()}\n`;
}

/**
 * cdk8s turns property names into camel case and back again in `toJson_<Type>`. Builders write the object itself, so a type that says
 * `mirrorPercent` for `mirror_percent` would let them write a field that nobody reads.
 */
function withJsonNames(text: string): string {
  let result = text;
  for (const [, type, body] of text.matchAll(/^export function toJson_(\w+)\(.*\n([\s\S]*?)^}/gm)) {
    for (const [, jsonName, name] of (body as string).matchAll(/^ {4}'([^']+)': .*?\bobj\.(\w+)/gm)) {
      if (jsonName !== name) result = renameProperty(result, type as string, name as string, jsonName as string);
    }
  }
  return result;
}

function renameProperty(text: string, type: string, from: string, to: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(to))
    throw new Error(`${type}.${from} is ${to} in JSON, which needs quoting: not supported yet`);
  const inType = new RegExp(`(^export interface ${type} \\{[\\s\\S]*?^  readonly )${from}(\\??: )`, 'm');
  const inFunction = new RegExp(`(^export function toJson_${type}\\([\\s\\S]*?^ {4}'${to}': .*)`, 'm');
  return text
    .replace(inType, `$1${to}$2`)
    .replace(inFunction, (line) => line.replaceAll(new RegExp(`\\bobj\\.${from}\\b`, 'g'), `obj.${to}`));
}
