import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseObjects, readObjects } from '../../lib/cli/read-objects';

const NAMED = 'apiVersion: v1\nkind: Service\nmetadata: { name: NAME }\n';
const named = (name: string) => NAMED.replace('NAME', name);
const object = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } });

describe('a text', () => {
  test('of several documents, empty ones among them', () => {
    expect(parseObjects('f', `---\n${named('a')}---\n# nothing\n---\n${named('b')}`)).toStrictEqual({
      objects: [object('a'), object('b')],
      problems: [],
    });
  });

  test('of JSON, and a list as kubectl prints it', () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object('a'), object('b')] });
    expect(parseObjects('f', list)).toStrictEqual({ objects: [object('a'), object('b')], problems: [] });
  });

  test('of nothing', () => {
    expect(parseObjects('f', '')).toStrictEqual({ objects: [], problems: [] });
  });

  test.each([
    ['a: b: c\n', 'f:1: Nested mappings are not allowed in compact mappings; correct the YAML there'],
    [`${named('a')}---\na: 1\na: 2\n`, 'f:6: Map keys must be unique; correct the YAML there'],
    ['metadata:\n  {{- if .x }}\n  name: a\n', 'render it first, as with helm template'],
    ['just text\n', 'f:1: this is no Kubernetes object but a text, number or list; leave it out'],
    [
      '# values\nreplicas: 2\n',
      'f:2: a Kubernetes object needs apiVersion and kind; add it, or leave the file out (values for Helm are no objects)',
    ],
    ['apiVersion: v1\nkind: Service\n', 'f:1: this Service needs metadata.name; add it'],
    ['kind: List\nitems:\n  - 7\n', 'f:3: this is no Kubernetes object but a text, number or list; leave it out'],
  ])('%j is refused with file, line and what to do', (text, expected) => {
    const { problems } = parseObjects('f', text);
    expect(problems[0]).toContain(expected);
  });

  test('whose aliases would fill the memory is refused', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`);
    const { objects, problems } = parseObjects('f', ['a0: &a0 [x]', ...levels].join('\n'));
    expect([objects.length, problems]).toStrictEqual([
      0,
      ['f:1: Excessive alias count indicates a resource exhaustion attack; write it out without aliases'],
    ]);
  });
});

describe('paths', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshvm-read-'));
    mkdirSync(join(folder, 'deep'));
    for (const file of ['b.yaml', 'a.yml', 'c.JSON', 'deep/d.yaml', 'e.txt']) {
      const name = file.replace(/\W/g, '-').toLowerCase();
      writeFileSync(join(folder, file), file.endsWith('JSON') ? JSON.stringify(object(name)) : named(name));
    }
    writeFileSync(join(folder, 'deep', 'README.txt'), 'not: [yaml');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a folder stands for its YAML and JSON, in the order of the names', () => {
    expect(readObjects([folder], false).objects).toStrictEqual([object('a-yml'), object('b-yaml'), object('c-json')]);
  });

  test('folders within it are asked for, and a file is read whatever its name', () => {
    expect(readObjects([folder], true).objects).toContainEqual(object('deep-d-yaml'));
    expect(readObjects([join(folder, 'e.txt')], false).objects).toStrictEqual([object('e-txt')]);
  });

  test('all problems of all paths are told', () => {
    const [absent, broken] = [join(folder, 'absent'), join(folder, 'deep', 'README.txt')];
    expect(readObjects([absent, broken], false).problems).toStrictEqual([
      `${absent}: there is no such file or folder; check the path`,
      expect.stringMatching(/README\.txt:1: .*; correct the YAML there$/),
    ]);
  });

  test('no objects at all are a problem', () => {
    writeFileSync(join(folder, 'e.txt'), '# nothing\n');
    expect(readObjects([join(folder, 'e.txt')], false).problems).toStrictEqual([
      `${join(folder, 'e.txt')}: no objects in there; name the files or folders that hold the YAML`,
    ]);
  });
});
