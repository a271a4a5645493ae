import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentSource, PROGRAM_FILES } from '../lib/join/agent-source';

/** Writes the programs that run on machines into a folder. To read them: `tsx projenrc/agent-programs.ts FOLDER`. */
export function writeAgentPrograms(folder: string): void {
  const programs = agentSource();
  mkdirSync(folder, { recursive: true });
  for (const kind of ['agent', 'firstStage', 'certificate'] as const) {
    const path = join(folder, PROGRAM_FILES[kind]);
    writeFileSync(path, programs[kind]);
    chmodSync(path, 0o755);
  }
}

if (require.main === module) writeAgentPrograms(process.argv[2]);
