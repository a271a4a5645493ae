import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentSource, PROGRAM_FILES } from '../lib/join/agent-source';

/** Writes the programs that run on machines: `tsx projenrc/agent-programs.ts FOLDER`. */
const [folder] = process.argv.slice(2);
const programs = agentSource();
mkdirSync(folder, { recursive: true });
for (const kind of ['agent', 'firstStage', 'certificate'] as const) {
  const path = join(folder, PROGRAM_FILES[kind]);
  writeFileSync(path, programs[kind]);
  chmodSync(path, 0o755);
}
