import ts from 'typescript';
import { ENTRY_POINT, openInEditor } from './library-service';
import { type ApiFindings, inspectPublicApi } from './public-api';

// Programs read these; nobody writes them.
const MEANT = ['RuleOrigin', 'ValidationProblem.origin'];

describe('the public API', () => {
  let findings: ApiFindings;

  beforeAll(() => {
    const program = openInEditor({}).getProgram();
    if (!program) throw new Error('the compiler has no program');
    findings = inspectPublicApi(program, ENTRY_POINT, MEANT);
  });

  test('says of every optional property what its default is', () => {
    expect(findings.defaults).toStrictEqual([]);
  });

  test('has no any, function, generic, string union or generated type', () => {
    expect(findings.leaks).toStrictEqual([]);
  });

  test('has read-only properties', () => {
    expect(findings.writable).toStrictEqual([]);
  });
});

describe('inspectPublicApi', () => {
  const files = {
    '/fixture/imports/generated.ts':
      'export interface Spec { readonly host?: Host } export interface Host { readonly name: string }',
    '/fixture/lib/index.ts': "export * from './api';",
  };

  function inspect(api: string, allowed?: readonly string[]) {
    return inspectPublicApi(programOf({ ...files, '/fixture/lib/api.ts': api }), '/fixture/lib/index.ts', allowed);
  }

  test('finds optional properties without a default, and defaults of required ones', () => {
    const findings = inspect(`
      export interface Props {
        /** @default 1 */ readonly fine?: number;
        /** Text. */ readonly missing?: number;
        /** @default */ readonly empty?: number;
        /** @default 1 */ readonly required: number;
      }
      export class Value {
        /** No word. */ public readonly missing?: number;
        private readonly hidden?: number;
        constructor() { this.hidden; }
      }
      export class Choice {
        declare public readonly one?: number;
        declare public readonly other?: number;
        private constructor(choice: Choice) { Object.assign(this, choice); }
      }
      export class Place {
        declare public readonly region: string;
        declare public readonly zone?: string;
        private constructor(place: Place) { Object.assign(this, place); }
      }
      interface NotExported { readonly missing?: number }
    `);
    expect(findings.defaults).toStrictEqual([
      'Place.zone: optional, without @default',
      'Props.empty: optional, without @default',
      'Props.missing: optional, without @default',
      'Props.required: required, with @default',
      'Value.missing: optional, without @default',
    ]);
  });

  test('finds any, functions, generics and string unions wherever a type can stand', () => {
    const findings = inspect(`
      export interface Props<T> {
        readonly callback: () => void;
        readonly list: readonly any[];
        readonly global: Function;
        readonly map: Readonly<Record<string, 'a' | 'b'>>;
        readonly nested: { readonly inner: { readonly value: any } };
        readonly value: T;
      }
      export class Value {
        public static of(make: (name: string) => void) { return JSON.parse(String(make)); }
        public get inferred() { return JSON.parse(''); }
        public readonly pair: readonly [string, () => void] = ['', () => undefined];
        public constructor(kind: 'a' | 'b') { String(kind); }
      }
      export function free<T>(value: T): Promise<any> { return Promise.resolve(value); }
      export type Choice = 'a' | 'b';
      export const constant = (x: number) => x;
    `);
    expect(findings.leaks).toStrictEqual([
      'Choice: union of strings',
      'Props.callback: function',
      'Props.global: function',
      'Props.list: any',
      'Props.map: union of strings',
      'Props.nested: any',
      'Props<T>: generic',
      'Value.constructor(kind): union of strings',
      'Value.inferred: any',
      'Value.of(): any',
      'Value.of(make): function',
      'Value.pair: function',
      'constant: function',
      'free(): any',
      'free<T>: generic',
    ]);
  });

  test('finds generated types, also behind mapped types and as bases', () => {
    const findings = inspect(`
      import type { Host, Spec } from '../imports/generated';
      type Plain<T> = T extends object ? { readonly [K in keyof T]: Plain<T[K]> } : T;
      export interface Props extends Host {
        readonly direct: Spec;
        readonly mapped: Plain<Spec>;
        readonly element: readonly Host[];
      }
    `);
    expect(findings.leaks).toStrictEqual([
      'Props extends: generated type Host',
      'Props.direct: generated type Spec',
      'Props.element: generated type Host',
      'Props.mapped: generated property host',
    ]);
  });

  test('finds properties that can be assigned to', () => {
    const findings = inspect('export interface Props { open: number; readonly closed: number }');
    expect(findings.writable).toStrictEqual(['Props.open: not readonly']);
  });

  test('leaves alone what is private, internal, plain, or allowed by name', () => {
    const findings = inspect(
      `
      export interface Props {
        readonly names: readonly string[];
        readonly labels: Readonly<Record<string, string>>;
        readonly port: string | number;
        readonly anything: unknown;
        readonly mode: 'a' | 'b';
        /** @internal */ readonly secret: any;
      }
      export class Value {
        private constructor(private readonly hidden: any, public readonly shown: string) { String(this.hidden); }
        protected readonly callback = () => undefined;
        #hard: any;
        public method(): boolean { return this.#hard; }
      }
      /** @internal */ export type Internal = any;
    `,
      ['Props.mode'],
    );
    expect(findings).toStrictEqual({ defaults: [], leaks: [], writable: [] });
  });
});

const OPTIONS: ts.CompilerOptions = { strict: true, target: ts.ScriptTarget.ES2022, types: [], noEmit: true };
const ofTheLanguage = new Map<string, ts.SourceFile | undefined>();

function programOf(files: Readonly<Record<string, string>>): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (name) => name in files || fileExists(name);
  host.directoryExists = () => true;
  host.readFile = (name) => files[name] ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    if (files[name] !== undefined) return ts.createSourceFile(name, files[name], ts.ScriptTarget.ES2022, true);
    if (!ofTheLanguage.has(name)) ofTheLanguage.set(name, getSourceFile(name, ...rest));
    return ofTheLanguage.get(name);
  };
  return ts.createProgram(Object.keys(files), OPTIONS, host);
}
