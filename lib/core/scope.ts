/** Where something is declared, as far as checks need to know: a construct, or a Pulumi component. */
export interface Scope {
  readonly node: {
    /** Path, for messages. */
    readonly path: string;
    /** The program that it belongs to. */
    readonly root: object;
  };
}
