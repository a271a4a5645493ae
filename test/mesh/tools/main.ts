/** `npm run test:mesh:tools [-- NAME...]`: makes all tools of the mesh tests, or those of the names. */

import { TOOLS, type ToolName } from './catalog';
import { ensureTools } from './ensure-tools';

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in TOOLS));
  if (unknown.length > 0) {
    throw new Error(`There is no tool ${unknown.join(', ')}; there are ${Object.keys(TOOLS).join(', ')}.`);
  }
  await ensureTools(names.length === 0 ? undefined : (names as readonly ToolName[]));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
