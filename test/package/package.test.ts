import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as meshvm from 'meshvm';
import * as meshvmPulumi from 'meshvm/pulumi';
import { builtPackage } from './built-package';

const ROOT = join(__dirname, '../..');
const PULUMI = ['@pulumi/pulumi', '@pulumi/kubernetes'];
const PULUMI_AWS = [...PULUMI, '@pulumi/aws'];
const CDK8S = ['cdk8s', 'constructs'];

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshvm-package-')));
  // A copy, because a link would find what is installed beside its target.
  cpSync(builtPackage(), join(folder, 'node_modules/meshvm'), { recursive: true });
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

test('a program that imports two has what they share once', () => {
  const same = (names: readonly string[], one: object, other: object) =>
    names.filter((name) => Reflect.get(one, name) !== undefined && Reflect.get(one, name) === Reflect.get(other, name));
  const shared = same(Object.keys(meshvm), meshvm, meshvmPulumi);
  expect(shared).toContain('MutualTlsMode');
  install([...CDK8S, ...PULUMI, 'yaml']);
  const program = `
    const [meshvm, pulumi] = [require('meshvm'), require('meshvm/pulumi')];
    console.log(JSON.stringify(Object.keys(meshvm).filter((name) => meshvm[name] === pulumi[name])));`;
  expect(JSON.parse(node(['-e', program])).sort()).toStrictEqual([...shared].sort());
});

test('its names can be imported by an ES module', () => {
  install([...CDK8S, 'yaml']);
  const names = Object.keys(meshvm).join(', ');
  expect(node(['--input-type=module', '-e', `import { ${names} } from 'meshvm'; console.log(typeof Mesh)`])).toBe(
    'function\n',
  );
});

/** The peers that a program loads with a name, where these packages are installed; or what the error says. */
function load(name: string, installed: readonly string[]): readonly string[] {
  install(installed);
  return JSON.parse(node(['-e', PROGRAM, name, ...CDK8S, ...PULUMI_AWS]));
}

/** Has these packages installed, and no others. */
function install(packages: readonly string[]): void {
  const modules = join(folder, 'node_modules');
  for (const other of readdirSync(modules)) if (other !== 'meshvm') rmSync(join(modules, other), { recursive: true });
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}

function node(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
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
