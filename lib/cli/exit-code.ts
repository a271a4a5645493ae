/** What the shell is told. */
export enum ExitCode {
  DONE = 0,
  /** The input can't be read, or isn't what it should be; or the output can't be written. */
  INPUT = 1,
  /** The command line isn't understood. */
  USAGE = 2,
}
