/** Shows what is being done and for how long: one line that rewrites itself on a terminal, a line now and then in a log. */
export async function withProgress<T>(label: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  const terminal = process.stderr.isTTY === true;
  const show = (text: string): void => {
    process.stderr.write(terminal ? `\r\u001b[K${text}` : `${text}\n`);
  };
  show(`${label} ...`);
  const timer = setInterval(() => show(`${label} ... ${seconds()} s`), terminal ? 1_000 : 20_000);
  try {
    const result = await work();
    show(`${label}: done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
    if (terminal) process.stderr.write('\n');
  }
}
