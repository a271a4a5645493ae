import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { withRulesPage } from '../core/rules-page';
import { isDnsLabel } from '../core/values/names';
import { type MachineFile, type MachineFileOptions, parseMachineFile } from '../standalone/file/machine-file';

/** Reads a machine file, or standard input for `-`. */
export function readMachineFile(path: string, options: MachineFileOptions): MachineFile {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    return {
      problems: [`${path} can't be read: ${(error as Error).message}\n  fix: name the file that describes the machine`],
    };
  }
  const { spec, problems } = parseMachineFile(path === '-' ? 'standard input' : path, text, options);
  return { spec, problems: withRulesPage(problems) };
}

/** The name of a machine, whatever else stands in its file; undefined where there is none. */
export function readMachineName(path: string): string | undefined {
  try {
    const { name } = (parse(readFileSync(path, 'utf8')) ?? {}) as { readonly name?: unknown };
    return typeof name === 'string' && isDnsLabel(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
