import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse, stringify } from 'yaml';
import { MACHINE_FILE_HELP } from '../../../lib/cli/machine-file-help';
import type { Shapes } from '../../../lib/core/spec/shape';
import { parseMachineFile } from '../../../lib/standalone/file/machine-file';
import { mutationsOf, sampleOf } from '../../spec/mutations';
import { laptop } from '../fixtures';

const ROOT = join(__dirname, '..', '..', '..');
const FILE = join(ROOT, 'schemas', 'machine-file.schema.json');
const schema = JSON.parse(readFileSync(FILE, 'utf8')) as Shapes;

/** What editors go by. */
function validator(): ValidateFunction {
  const ajv = new Ajv({ strict: true, strictRequired: false });
  expect(ajv.validateSchema(schema)).toBe(true);
  return ajv.compile(schema);
}

const isValid = validator();

/** Whether the file is one as far as its shape tells, to the schema and to the reader. */
function verdicts(data: unknown): readonly [boolean, boolean] {
  const { problems } = parseMachineFile('m.yaml', stringify(data));
  return [isValid(data), !problems.some((problem) => /\[(shape|machine-file)\//.test(problem))];
}

/** Machine files in the documentation: YAML with services and gateways. */
const shown = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => [...readFileSync(join(ROOT, 'docs', name), 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)])
  .map(([, text]) => text)
  .filter((text) => /^gateways:/m.test(text) && /^services:/m.test(text));

test('takes the files of the documentation, of the help and of programs', () => {
  expect(shown.length).toBeGreaterThan(0);
  const help = MACHINE_FILE_HELP.split('\n').filter((line) => line.startsWith('  '));
  for (const text of [...shown, help.join('\n'), laptop().machineFile()]) {
    expect(verdicts(parse(text))).toStrictEqual([true, true]);
  }
});

test('refuses whatever the reader refuses for its shape, one thing at a time', () => {
  expect(verdicts(sampleOf(schema, 'MachineFileProps', 'data'))).toStrictEqual([true, true]);
  for (const { what, data } of mutationsOf(schema, 'MachineFileProps', { references: true, values: 'data' })) {
    // What is undefined is not there in a file.
    const written = JSON.parse(JSON.stringify({ data })).data as unknown;
    expect([what, ...verdicts(written)]).toStrictEqual([what, false, false]);
  }
});

test('says of every field what it is', () => {
  const definitions = schema.definitions as Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, { readonly description?: string }>> }>
  >;
  const silent = Object.entries(definitions).flatMap(([type, { properties = {} }]) =>
    Object.entries(properties).flatMap(([name, { description }]) =>
      description === undefined || /\{@|^- /.test(description) ? [`${type}.${name}`] : [],
    ),
  );
  expect(silent).toStrictEqual([]);
});
