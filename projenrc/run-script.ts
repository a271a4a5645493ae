/**
 * Runs `main` with the arguments of the command line, if its file is the one that was started. An error is its message on stderr, and
 * exit code 1.
 *
 * @param script The `module` of the file.
 */
export function runScript(script: NodeJS.Module, main: (args: readonly string[]) => void): void {
  if (require.main !== script) return;
  try {
    main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
