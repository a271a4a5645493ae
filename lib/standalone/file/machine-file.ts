import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { Problems } from '../../core/problems';
import type { ValidationProblem } from '../../core/validation-error';
import type { EnvoySpec } from '../envoy/spec';
import { inData } from '../private/in-data';
import { checkStandalone, resolveStandalone } from '../resolve-standalone';
import { readMachine } from './machine-fields';

/** What a command says beside the file. */
export interface MachineFileOptions {
  /** Folder of the configuration on the machine, whatever the file says. */
  readonly directory?: string;
  /** Folder of the configuration where the file says nothing. */
  readonly defaultDirectory?: string;
}

/** A machine as its file describes it, or everything that is wrong with the file: each with its line, and what to do. */
export interface MachineFile {
  readonly spec?: EnvoySpec;
  readonly problems: readonly string[];
}

/**
 * Reads a machine file: the properties of StandaloneEnvoy in YAML. What checks them is what checks the construct.
 *
 * @param name How messages name the file.
 */
export function parseMachineFile(name: string, text: string, options: MachineFileOptions = {}): MachineFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const lineOf = (offset: number) => `${name}:${counter.linePos(offset).line}`;
  const broken = document.errors.map(({ pos, message }) => `${lineOf(pos[0])}: ${message.split('\n', 1)[0]}`);
  if (broken.length > 0) return { problems: broken.map((text) => `${text}\n  fix: correct the YAML there`) };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases that would fill the memory.
    return { problems: [`${name}:1: ${(error as Error).message}\n  fix: write it out without aliases`] };
  }
  const { spec, problems } = machineOf(value, options);
  if (problems.length === 0) return { spec, problems: [] };
  const placed = problems.map((problem) => ({ problem, offset: offsetOf(document, problem.property) }));
  placed.sort((one, other) => one.offset - other.offset);
  return { problems: placed.map(({ problem, offset }) => describe(lineOf(offset), problem)) };
}

function machineOf(value: unknown, { directory, defaultDirectory }: MachineFileOptions) {
  const read = new Problems();
  const given = readMachine(read, value);
  const props = { ...given, directory: directory ?? given.directory ?? defaultDirectory };
  const resolved = resolveStandalone(props, '', '', undefined);
  const checked = new Problems();
  checkStandalone(checked, props, resolved, undefined);
  // A stand-in for what could not be read is no problem of the file.
  const paths = read.all.map(({ property }) => property);
  const others = checked.all.filter(
    ({ property }) => !paths.some((path) => holds(path, property) || holds(property, path)),
  );
  // One that could not be read, and what a factory says of its stand-in.
  const first = read.all.filter(({ property }, index) => !paths.slice(0, index).some((path) => holds(path, property)));
  return { spec: resolved.spec, problems: [...first, ...others] };
}

/** Whether `inner` is, or lies in, what `outer` names. */
function holds(outer: string, inner: string): boolean {
  return inner === outer || outer === '' || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)));
}

function describe(place: string, { id, property, value, allowed, remedy }: ValidationProblem): string {
  const shown = value === undefined ? 'missing' : `${shorten(JSON.stringify(value))} is not allowed`;
  const subject = property === '' ? 'the file' : property;
  return `${place}: ${subject}: ${shown} [${id}]\n  allowed: ${inData(allowed)}\n  fix: ${inData(remedy)}`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Where in the text the property stands, or the nearest thing around it. */
function offsetOf(document: Document.Parsed, property: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const step of property.split(/[.[\]]+/).filter((part) => part !== '')) {
    const pair = stepInto(document, node, step);
    if (pair === undefined) return offset;
    offset = pair.offset;
    node = pair.node;
  }
  return offset;
}

function stepInto(document: Document.Parsed, from: unknown, step: string) {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item as unknown, offset: startOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = pairOf(node.items, step) ?? throughChoice(document, node.items, step);
  return pair && { node: pair.value as unknown, offset: startOf(pair.key) };
}

/** Properties of a choice stand in the file below the name of the choice. */
function throughChoice(document: Document.Parsed, pairs: readonly Pair[], step: string): Pair | undefined {
  if (pairs.length !== 1) return undefined;
  const inner: unknown = pairs[0].value;
  const map = isAlias(inner) ? inner.resolve(document) : inner;
  return isMap(map) ? pairOf(map.items, step) : undefined;
}

function pairOf(pairs: readonly Pair[], name: string): Pair | undefined {
  return pairs.find(({ key }) => isScalar(key) && String(key.value) === name);
}

function startOf(node: unknown): number {
  return (node as { readonly range?: readonly number[] } | null)?.range?.[0] ?? 0;
}
