import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

test('the program in README works as it stands', () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  // Inside the repository, where the package is found under its own name.
  const folder = mkdtempSync(join(ROOT, 'examples', 'readme-'));
  try {
    writeFileSync(join(folder, 'main.ts'), program);
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    const { status, stderr } = spawnSync(tsx, ['--tsconfig', '../tsconfig.json', 'main.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr.includes('Error')]).toStrictEqual([0, false]);
    expect(readdirSync(join(folder, 'dist')).sort()).toStrictEqual(['payments.k8s.yaml', 'platform.k8s.yaml']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
