import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { toolFolder } from '../tools/tools';

/** A mesh configuration and `meshNetworks`, as istiod would read them. */
export interface Question {
  readonly mesh: unknown;
  readonly networks: unknown;
}

/** What istiod says: an error each, or the empty string. */
export interface Answer {
  readonly mesh: string;
  readonly networks: string;
  /** Of an extension provider that istiod would log and leave unused. */
  readonly providers: string;
  /** The mesh configuration with istiod's defaults. */
  readonly config: unknown;
}

/** istiod's own reading of mesh configurations, without the rest of istiod. */
export class MeshConfigOracle {
  static async open(): Promise<MeshConfigOracle> {
    const command = join(await toolFolder('mesh-config'), 'mesh-config');
    // istiod's warnings go to standard error: nobody reads them here.
    return new MeshConfigOracle(spawn(command, { stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  private readonly waiting: Waiting[] = [];

  private constructor(private readonly process: ChildProcessWithoutNullStreams) {
    process.stderr.resume();
    createInterface({ input: process.stdout }).on('line', (line) => this.answer(line));
    process.once('exit', (code) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`mesh-config ended with exit code ${code}`));
    });
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  private answer(line: string): void {
    const waiting = this.waiting.shift();
    try {
      waiting?.resolve(JSON.parse(line) as Answer);
    } catch {
      waiting?.reject(new Error(`mesh-config answered ${line}`));
    }
  }

  close(): void {
    this.process.stdin.end();
  }
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}
