import { existsSync } from 'node:fs';
import { cacheFolder, makeOnce, placeOf } from './cache';
import { TOOLS, type ToolName } from './catalog';
import { requireCommands } from './command';
import { withProgress } from './progress';
import type { Tool } from './tool';

/** Makes what is missing of some tools, and says how far it is. Default: all but those that must be asked for by name. */
export async function ensureTools(names: readonly ToolName[] = DEFAULT): Promise<void> {
  requireCommands(['go', 'python3', 'ip']);
  const all = await Promise.all(withOthers(names).map(async (name) => ({ name, folder: await placeOf(TOOLS, name) })));
  const missing = all.filter(({ folder }) => !existsSync(folder));
  for (const [index, { name }] of missing.entries()) {
    await withProgress(`mesh tools ${index + 1}/${missing.length}: ${name}`, () => makeOnce(TOOLS, name));
  }
  process.stderr.write(`mesh tools: all ${all.length} are in ${cacheFolder()}\n`);
}

const DEFAULT = (Object.keys(TOOLS) as ToolName[]).filter((name) => !(TOOLS[name] as Tool).onDemand);

/** The names, each after those of the tools that it is made with. */
function withOthers(names: readonly string[]): readonly string[] {
  const catalog: Readonly<Record<string, Tool>> = TOOLS;
  return [...new Set(names.flatMap((name) => [...withOthers(catalog[name].madeWith ?? []), name]))];
}
