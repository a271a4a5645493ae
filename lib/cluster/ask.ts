/** What an API server answers to a GET. */
export type Answer =
  | { readonly body: unknown }
  /** There is no such object, or no such API. */
  | { readonly missing: true }
  /** Whoever asks may not read it. */
  | { readonly forbidden: string };

/**
 * Asks an API server for a path, such as `/api/v1/namespaces/istio-system`.
 *
 * @throws Error when there is no answer at all.
 */
export type Ask = (path: string) => Promise<Answer>;

/** Asks for each path once, however often it is wanted: groups of a namespace want the same lists, and objects of a kind the same API. */
export function askOnce(ask: Ask): Ask {
  const answers = new Map<string, Promise<Answer>>();
  return (path) => {
    const known = answers.get(path);
    if (known !== undefined) return known;
    const asked = ask(path);
    answers.set(path, asked);
    return asked;
  };
}
