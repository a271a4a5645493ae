import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from '../../lib/cli/exit-code';
import { graphCommand } from '../../lib/cli/graph-command';
import { GRAPH_HELP } from '../../lib/cli/graph-help';

let folder: string;
let input: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshvm-command-'));
  input = join(folder, 'input.yaml');
  writeFileSync(
    input,
    [
      'apiVersion: v1\nkind: Service\nmetadata: { name: pay }',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }',
    ].join('\n---\n'),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0),
  ];
  const code = graphCommand(args);
  for (const stream of streams) stream.mockRestore();
  return { code, out: out.join(''), err: err.join('') };
}

const MERMAID = `flowchart LR
  accTitle: Environment
  subgraph namespace_shop["namespace shop"]
    service_shop_pay(["Service<br/><b>pay</b>"])
  end
  notes["Not drawn: 1 ConfigMap"]
`;

test('Mermaid on standard output, and on standard error what is not drawn', () => {
  expect(run(input, '-n', 'shop')).toStrictEqual({
    code: ExitCode.DONE,
    out: MERMAID,
    err: 'meshvm graph: Not drawn: 1 ConfigMap\n',
  });
});

test('the format is as the name of the output, unless it is given', () => {
  const [picture, text] = [join(folder, 'a.svg'), join(folder, 'b.svg')];
  expect(run(input, '--output', picture, '--title', 'T')).toMatchObject({ code: ExitCode.DONE, out: '' });
  expect(readFileSync(picture, 'utf8')).toContain('<title id="title">T</title>');
  run(input, '-n', 'shop', '-o', text, '-f', 'mermaid');
  expect(readFileSync(text, 'utf8')).toBe(MERMAID);
});

test('help', () => {
  expect(run('--help')).toStrictEqual({ code: ExitCode.DONE, out: GRAPH_HELP, err: '' });
});

test.each([
  [[], 'name files or folders to draw, or - for standard input'],
  [['x', '--format', 'png'], '--format is "png"; it may be mermaid or svg'],
  [['x', '--frmat', 'svg'], "Unknown option '--frmat'"],
])('the command line %j is refused', (args, message) => {
  const { code, out, err } = run(...args);
  expect([code, out]).toStrictEqual([ExitCode.USAGE, '']);
  expect(err).toContain(`meshvm graph: ${message}`);
  expect(err).toContain('"meshvm graph --help" shows how to use it.\n');
});

test('broken input writes nothing', () => {
  const [broken, output] = [join(folder, 'broken.yaml'), join(folder, 'none.svg')];
  writeFileSync(broken, 'kind: [\n');
  const { code, out, err } = run(input, broken, '--output', output);
  expect([code, out, existsSync(output)]).toStrictEqual([ExitCode.INPUT, '', false]);
  expect(err).toMatch(/broken\.yaml:\d: .*correct the YAML there\n/);
});

test('an output that can not be written', () => {
  const { code, err } = run(input, '--output', join(folder, 'absent', 'a.svg'));
  expect(code).toBe(ExitCode.INPUT);
  expect(err).toContain("a.svg can't be written: ENOENT");
});
