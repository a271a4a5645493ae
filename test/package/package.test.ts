import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** The package as it would be installed: package.json and JavaScript of its sources, in a folder of its own. */
const ROOT = join(__dirname, '../..');
const PULUMI = ['@pulumi/pulumi', '@pulumi/kubernetes'];
const PULUMI_AWS = [...PULUMI, '@pulumi/aws'];
const CDK8S = ['cdk8s', 'constructs'];

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshvm-package-')));
  const sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ts$/.test(name),
  );
  for (const source of sources) {
    const { outputText } = transpileModule(readFileSync(join(ROOT, 'lib', source), 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
    });
    const output = join(folder, 'node_modules/meshvm/dist/lib', source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, outputText);
  }
  writeFileSync(join(folder, 'node_modules/meshvm/package.json'), readFileSync(join(ROOT, 'package.json')));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['meshvm', ['cdk8s', 'constructs'], [...CDK8S, 'yaml']],
  ['meshvm/pulumi', ['@pulumi/kubernetes', '@pulumi/pulumi'], [...PULUMI, 'yaml']],
  ['meshvm/pulumi/aws', ['@pulumi/aws', '@pulumi/kubernetes', '@pulumi/pulumi'], [...PULUMI_AWS, 'yaml']],
])('%s loads %j, and needs nothing else', (name, loaded, installed) => {
  expect(load(name, installed)).toStrictEqual(loaded);
});

test.each([
  ['meshvm', CDK8S],
  ['meshvm/pulumi', PULUMI],
])('%s loads no other peer although it is there', (name, peers) => {
  expect(load(name, [...CDK8S, ...PULUMI_AWS, 'yaml'])).toStrictEqual([...peers].sort());
});

test.each([
  ['meshvm/pulumi', [...CDK8S, 'yaml'], /^Cannot find module '@pulumi\/(pulumi|kubernetes)/],
  ['meshvm/pulumi/aws', [...CDK8S, ...PULUMI, 'yaml'], /^Cannot find module '@pulumi\/aws/],
  ['meshvm', [...PULUMI, 'yaml'], /^Cannot find module '(cdk8s|constructs)'/],
])('%s without its peers says which module is not there', (name, installed, message) => {
  expect(load(name, installed)).toStrictEqual(['MODULE_NOT_FOUND', expect.stringMatching(message)]);
});

/** The peers that a program loads with a name, where these packages are installed; or what the error says. */
function load(name: string, installed: readonly string[]): readonly string[] {
  const modules = join(folder, 'node_modules');
  for (const other of readdirSync(modules)) if (other !== 'meshvm') rmSync(join(modules, other), { recursive: true });
  for (const dependency of installed) {
    mkdirSync(dirname(join(modules, dependency)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', dependency), join(modules, dependency));
  }
  const args = ['-e', PROGRAM, name, ...CDK8S, ...PULUMI_AWS];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
}

const PROGRAM = `
const [name, ...peers] = process.argv.slice(1);
const loaded = (peer) => Object.keys(require.cache).some((file) => file.includes('/node_modules/' + peer + '/'));
try {
  require(name);
  console.log(JSON.stringify(peers.filter(loaded).sort()));
} catch ({ code, message }) {
  console.log(JSON.stringify([code, message.split('\\n')[0]]));
}
`;
