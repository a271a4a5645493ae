/** Helm values, or another piece of configuration whose form is another program's. */
export type PlainData = Readonly<Record<string, unknown>>;
