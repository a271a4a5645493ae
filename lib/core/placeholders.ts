/**
 * Strings that stand in for values which are known only at deployment, while a component finds out which objects it will declare.
 * Builders pass them on like any other string; checks don't judge what holds one, because the value itself is judged once it is known.
 */
export class Placeholders {
  private static used = 0;
  private static inUse = 0;

  /** Whether a value is, or holds, a placeholder. Never outside of `during`: what a user writes is no placeholder. */
  public static in(value: unknown): boolean {
    if (Placeholders.inUse === 0) return false;
    if (typeof value === 'string') return PATTERN.test(value);
    if (Array.isArray(value)) return value.some((item) => Placeholders.in(item));
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some((entry) => Placeholders.in(entry));
  }

  /** The placeholders in a string; none in anything else. */
  public static namesIn(value: unknown): readonly string[] {
    return typeof value === 'string' ? [...new Set(value.match(ALL))] : [];
  }

  /** The string with other names for its placeholders. */
  public static rename(text: string, names: ReadonlyMap<string, string>): string {
    return text.replace(ALL, (name) => names.get(name) ?? name);
  }

  /** Runs `build` with placeholders of its own. */
  public static during<T>(build: (placeholders: Placeholders) => T): T {
    Placeholders.inUse += 1;
    try {
      return build(new Placeholders());
    } finally {
      Placeholders.inUse -= 1;
    }
  }

  private constructor() {}

  /** A string that was never used before. It has the form of a DNS label, so that it passes through whatever cuts names. */
  public next(): string {
    Placeholders.used += 1;
    return `deferred-${Placeholders.used}-of-meshvm`;
  }
}

const PATTERN = /deferred-\d+-of-meshvm/;
const ALL = new RegExp(PATTERN, 'g');
