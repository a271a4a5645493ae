import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Tools } from '../tools/tools';

/**
 * A folder beside the tools that is made once for each content of the file `of`. Of two that make it at the same time, the second throws
 * its own away.
 */
export function cached(tools: Tools, name: string, of: string, make: (folder: string) => void): string {
  const cache = join(tools.folder, '..');
  const key = createHash('sha256').update(readFileSync(of)).digest('hex').slice(0, 16);
  const place = join(cache, `${name}-${key}`);
  if (existsSync(place)) return place;
  const unfinished = mkdtempSync(`${place}.unfinished-`);
  make(unfinished);
  try {
    renameSync(unfinished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return place;
}
