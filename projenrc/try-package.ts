import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does what README and the examples say to do in a folder of one's own, with the package that `npm run package` made. */
const ROOT = join(__dirname, '..');

function main(): void {
  tryReadme();
  for (const example of ['aws-payments', 'onprem-payments']) tryExample(example);
}

function tryReadme(): void {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, install] = blocks(readme, 'sh');
  const [program] = blocks(readme, 'ts');
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-try-'));
  try {
    const run = (command: string, args: readonly string[]) =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    for (const line of install.trim().split('\n')) run('sh', ['-c', line.replace('<checkout>', ROOT)]);
    writeFileSync(join(folder, 'main.ts'), program);
    run(join(ROOT, 'node_modules/.bin/tsc'), [...TYPE_CHECK, 'main.ts']);
    run('npx', ['tsx', 'main.ts']);
    expect('the program wrote dist/payments.k8s.yaml', existsSync(join(folder, 'dist/payments.k8s.yaml')));
    expect('meshvm graph draws it', run('npx', ['meshvm', 'graph', 'dist/']).includes('payment-service'));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
    expect('meshvm --version says it', run('npx', ['meshvm', '--version']) === `${version}\n`);
    expect('docs/rules.md is there', existsSync(join(folder, 'node_modules/meshvm/docs/rules.md')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Installs a Pulumi example and checks its types, beside the package as in a checkout. */
function tryExample(name: string): void {
  const checkout = mkdtempSync(join(tmpdir(), 'meshvm-try-'));
  try {
    cpSync(join(ROOT, 'artifacts'), join(checkout, 'artifacts'), { recursive: true });
    const folder = join(checkout, 'examples', name);
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'tsconfig.json', 'index.ts'])
      copyFileSync(join(ROOT, 'examples', name, file), join(folder, file));
    const run = (command: string, args: readonly string[]) =>
      spawnSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
    // Pulumi's packages fetch their plugins when they are installed.
    const installed = run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']);
    expect(`examples/${name} is installed`, installed);
    expect(`examples/${name} has the types that it needs`, installed && run('npx', ['tsc', '-p', '.']));
    expect("Pulumi's provider for other languages starts", installed && startsProvider(folder));
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

/** It reads its schema, and tells the engine the port that it listens at. */
function startsProvider(folder: string): boolean {
  const command = 'node_modules/.bin/pulumi-resource-meshvm';
  const { stdout } = spawnSync(command, ['127.0.0.1:1'], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 10_000 },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const schema = readFileSync(join(folder, 'node_modules/meshvm/dist/provider/schema.json'), 'utf8');
  return (
    /^\d+\n$/.test(stdout) && 'meshvm:index:MeshVmGroup' in (JSON.parse(schema) as { resources: object }).resources
  );
}

const TYPE_CHECK = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16'];

/** Texts of a page's blocks of code. */
function blocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text);
}

function expect(what: string, holds: boolean): void {
  process.stdout.write(`${holds ? 'yes' : 'NO '}  ${what}\n`);
  if (!holds) process.exitCode = 1;
}

main();
