/** What was measured, in the order of measuring: for the reader, no test depends on it. */
export class Times {
  private readonly rows: (readonly [string, string])[] = [];

  /** Runs something and notes how long it took. */
  async of<T>(what: string, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await run();
    this.note(what, `${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  }

  note(what: string, value: string): void {
    this.rows.push([what, value]);
    if (process.env.MESHVM_TIMES) process.stderr.write(`${what}: ${value}\n`);
  }

  /** A Markdown table. */
  get table(): string {
    const width = Math.max(...this.rows.map(([what]) => what.length));
    return this.rows.map(([what, value]) => `| ${what.padEnd(width)} | ${value.padStart(8)} |\n`).join('');
  }
}
