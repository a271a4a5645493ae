import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { Problems, type Rule, rule } from '../../core/problems';
import { Registry } from '../../core/registry';
import { shownValue } from '../../core/shown-value';
import { readSpec } from '../../core/spec/spec';
import { ValidationError, type ValidationProblem } from '../../core/validation-error';
import { Mesh } from '../../mesh/mesh';
import type { EnvoySpec } from '../envoy/spec';
import { checkMachine, resolveMachine } from '../private/machine';
import shapes from '../shapes.json';
import type { MachineFileProps } from './machine-file-props';

const MESH_SIDE = rule({
  id: 'machine-file/mesh-side',
  origin: 'meshvm',
  allowed: 'what the machine itself needs',
  remedy:
    'remove it: it belongs into the ServiceEntry and the DestinationRule of the machine, which a program with a StandaloneEnvoy makes, or you',
  source: 'meshvm: a machine file makes nothing in a cluster, and nothing would come of it on the machine',
});
const VAULT = rule({
  id: 'machine-file/vault-certificates',
  origin: 'meshvm',
  allowed: 'files',
  remedy:
    'say where the files are: files: { certificateChain: identity.pem, privateKey: identity.pem }; Vault Agent, whose configuration certificateFiles() of a StandaloneEnvoy makes, puts them there',
  source: 'meshvm: the file describes what Envoy reads, not what fetches its certificate',
});
const CERT_MANAGER = rule({
  id: 'machine-file/cert-manager-certificates',
  origin: 'meshvm',
  allowed: 'files',
  remedy:
    'say where the files are: files: { certificateChain: identity.pem, privateKey: identity.pem }; the Certificate in the cluster, and the program that fetches it (certificateFiles()), are made by a StandaloneEnvoy',
  source: 'meshvm: a machine file makes nothing in a cluster',
});

/** What a command says beside the file. */
export interface MachineFileOptions {
  /** Folder of the configuration on the machine, whatever the file says. */
  readonly directory?: string;
  /** Folder of the configuration where the file says nothing. */
  readonly defaultDirectory?: string;
}

/** A machine as its file describes it, or everything that is wrong with the file: each with its line and column, and what to do. */
export interface MachineFile {
  readonly spec?: EnvoySpec;
  readonly problems: readonly string[];
}

/**
 * Reads a machine file: the properties of StandaloneEnvoy in YAML. Its shape is read as that of every spec, and what checks it is what
 * checks the construct.
 *
 * @param name How messages name the file.
 */
export function parseMachineFile(name: string, text: string, options: MachineFileOptions = {}): MachineFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const placeAt = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const broken = document.errors.map(({ pos, message }) => `${placeAt(pos[0])}: ${message.split('\n', 1)[0]}`);
  if (broken.length > 0) return { problems: broken.map((text) => `${text}\n  fix: correct the YAML there`) };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases that would fill the memory.
    return { problems: [`${name}:1:1: ${(error as Error).message}\n  fix: write it out without aliases`] };
  }
  try {
    return { spec: machineOf(value, options), problems: [] };
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const placed = error.problems.map((problem) => ({ problem, offset: offsetOf(document, problem.property) }));
    placed.sort((one, other) => one.offset - other.offset);
    return { problems: placed.map(({ problem, offset }) => describe(placeAt(offset), problem)) };
  }
}

/** @throws ValidationError with everything that is wrong: with its shape first, and alone. */
function machineOf(value: unknown, { directory, defaultDirectory }: MachineFileOptions): EnvoySpec {
  const { mesh, ...file } = read(value);
  const problems = new Problems();
  const props = {
    ...file,
    mesh: meshOf(problems, mesh?.trustDomain),
    directory: directory ?? file.directory ?? defaultDirectory,
  };
  const { name, namespace, serviceAccount = name } = file;
  const owner = { name, namespace, serviceAccount };
  const nothingElse = new Registry();
  const spec = resolveMachine(props, owner, nothingElse);
  checkMachine(problems, props, owner, spec, nothingElse);
  problems.throwIfAny(name);
  return spec;
}

function read(value: unknown): MachineFileProps {
  try {
    return readSpec('file', value as MachineFileProps, shapes, 'MachineFileProps');
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(error.path, error.problems.map(saidElsewhere));
  }
}

/** What a StandaloneEnvoy has and a file has not is no mistake of spelling: there is more to say of it. */
function saidElsewhere(problem: ValidationProblem): ValidationProblem {
  const elsewhere = ELSEWHERE.get(problem.property.replaceAll(/\[\d+\]/g, ''));
  if (elsewhere === undefined || problem.value === undefined) return problem;
  const { id, origin, allowed, remedy } = elsewhere;
  return { ...problem, id, origin, allowed, remedy };
}

const ELSEWHERE: ReadonlyMap<string, Rule> = new Map([
  ['certificates.vault', VAULT],
  ['certificates.certManager', CERT_MANAGER],
  ...[
    ...['host', 'virtualAddresses', 'exportTo', 'traffic'],
    ...['dnsName', 'certificateName', 'caCertificates'].map((name) => `exposure.httpsLoadBalancer.${name}`),
    ...['name', 'port', 'exposedPort'].map((name) => `ports.${name}`),
  ].map((name): [string, Rule] => [`inbound.${name}`, MESH_SIDE]),
]);

/** Nothing but the trust domain ever gets from a mesh into the files of a machine. */
function meshOf(problems: Problems, trustDomain: string | undefined): Mesh {
  const names = { meshId: 'any', clusterName: 'any', network: 'any', istioVersion: '1.31.0' };
  try {
    return new Mesh({ ...names, trustDomain });
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const { property, value, ...violated } = error.problems[0];
    problems.at('mesh').add({ ...violated, source: '' }, property, value);
    return new Mesh(names);
  }
}

function describe(place: string, { id, property, value, allowed, remedy }: ValidationProblem): string {
  const shown = value === undefined ? 'missing' : `${shownValue(value)} is not allowed`;
  const subject = property === '' ? 'the file' : property;
  return `${place}: ${subject}: ${shown} [${id}]\n  allowed: ${allowed}\n  fix: ${remedy}`;
}

/** Where in the text the property stands, or the nearest thing around it. */
function offsetOf(document: Document.Parsed, property: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [, quoted, plain] of property.matchAll(/\["(.*?)"\]|([^.[\]]+)/g)) {
    const pair = stepInto(document, node, quoted ?? plain);
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
  const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return pair && { node: pair.value as unknown, offset: startOf(pair.key) };
}

function startOf(node: unknown): number {
  return (node as { readonly range?: readonly number[] } | null)?.range?.[0] ?? 0;
}
