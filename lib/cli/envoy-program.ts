import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { envoyInFolder } from '../standalone/envoy/envoy-in-folder';
import { envoyFiles } from '../standalone/envoy/files';
import type { EnvoySpec } from '../standalone/envoy/spec';

/** Where the program is that the user names, or the first `envoy` on the PATH; undefined where there is none. */
export function findEnvoy(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (given !== undefined) return isProgram(given) ? given : undefined;
  const name = process.platform === 'win32' ? 'envoy.exe' : 'envoy';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** What to say where there is no Envoy. */
export function noEnvoy(given: string | undefined): string {
  const where =
    given === undefined ? 'there is no program envoy on the PATH' : `${given} is no program that can be run`;
  return `${where}\n  fix: install Envoy, or say with --envoy where it is`;
}

/**
 * What Envoy has against a configuration; undefined when it takes it. The configuration is tried in a folder of its own, because here there
 * may be neither the folder nor the certificates of the machine.
 */
export function validate(program: string, spec: EnvoySpec): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'meshvm-check-'));
  try {
    mkdirSync(join(folder, 'certificates'));
    const files = envoyFiles(envoyInFolder(spec, folder.replaceAll('\\', '/')));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const args = ['--mode', 'validate', '--log-level', 'error', '-c', join(folder, 'envoy.yaml')];
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status === 0) return undefined;
    return `${program} refuses the configuration: ${error?.message ?? `${stderr}${stdout}`.trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
