import { Placeholders } from './placeholders';
import { type RuleOrigin, ValidationError, type ValidationProblem } from './validation-error';

/** A rule that properties can violate. Declared once, beside the check that applies it. */
export interface Rule {
  readonly id: string;
  readonly origin: RuleOrigin;
  /** What is allowed, when it doesn't depend on the other properties. */
  readonly allowed: string;
  /** What to do, when it doesn't depend on the other properties. */
  readonly remedy: string;
  /** The upstream statement behind the rule: a file and function, or a page of documentation. */
  readonly source: string;
}

const declared = new Map<string, Rule>();

/** Declares a rule. Ids are public contract (docs/rules.md): unique and never reused. */
export function rule(definition: Rule): Rule {
  if (declared.has(definition.id)) throw new Error(`rule ${definition.id} is declared twice`);
  declared.set(definition.id, definition);
  return definition;
}

/** Every declared rule, for the documentation and its test. */
export function allRules(): readonly Rule[] {
  return [...declared.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Collects all the problems of one construct, so that its author sees them at once. */
export class Problems {
  private readonly list: ValidationProblem[];

  public constructor(
    private readonly property = '',
    private readonly parent?: Problems,
  ) {
    this.list = parent ? parent.list : [];
  }

  /** A view for the properties under `property`: problems added to it land in this collection. */
  public at(property: string): Problems {
    return new Problems(property, this);
  }

  /**
   * Adds a problem. `property` may be empty when the view itself names it. A value with a placeholder in it isn't known yet, and is no
   * problem yet.
   */
  public add(
    violated: Rule,
    property: string,
    value: unknown,
    specifics: { readonly allowed?: string; readonly remedy?: string } = {},
  ): void {
    if (Placeholders.in(value)) return;
    this.list.push({
      id: violated.id,
      origin: violated.origin,
      property: this.pathTo(property),
      value,
      allowed: specifics.allowed ?? violated.allowed,
      remedy: specifics.remedy ?? violated.remedy,
    });
  }

  /**
   * Looks at a value by several rules. What is left out, and what isn't known yet, is not looked at: this is the one place where that is so.
   *
   * @param look Adds what is wrong with a value that is known.
   */
  public known<T>(value: T | undefined, look: (value: T) => void): void {
    if (value !== undefined && !isDeferred(value)) look(value);
  }

  /**
   * Adds a problem unless the value is good, or isn't known yet.
   *
   * @param good Whether a value that is known keeps the rule.
   * @param specifics `shown`: what messages show of a value that may hold a secret.
   */
  public check<T>(
    kept: Rule,
    property: string,
    value: T | undefined,
    good: (value: T) => boolean,
    specifics?: { readonly allowed?: string; readonly remedy?: string; readonly shown?: unknown },
  ): void {
    this.known(value, (known) => {
      if (!good(known)) this.add(kept, property, specifics?.shown ?? known, specifics);
    });
  }

  /**
   * Adds what is wrong with something that was made of the properties. Where one of them is known to be wrong, nothing more is said of it.
   *
   * @param place The property here that stands behind one of those; undefined for what is checked elsewhere.
   */
  public addFrom(others: Problems, place: (property: string) => string | undefined): void {
    for (const problem of others.all) {
      const property = place(problem.property);
      if (property === undefined) continue;
      const path = this.pathTo(property);
      if (!this.list.some((known) => known.property === path)) this.list.push({ ...problem, property: path });
    }
  }

  public get all(): readonly ValidationProblem[] {
    return [...this.list];
  }

  /** @throws ValidationError when anything was added. */
  public throwIfAny(path: string): void {
    if (this.list.length > 0) throw new ValidationError(path, this.all);
  }

  /** Joined only for a problem: most programs have none. */
  private pathTo(property: string): string {
    const path = join(this.property, property);
    return this.parent ? this.parent.pathTo(path) : path;
  }
}

/**
 * A value that is known only later: a placeholder, a Pulumi Output, a promise, or cdk8s' Lazy.
 * Checks skip it; builders pass it through.
 */
export function isDeferred(value: unknown): boolean {
  if (typeof value === 'string') return Placeholders.in(value);
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as { readonly __pulumiOutput?: unknown; readonly then?: unknown; readonly produce?: unknown };
  return (
    [candidate.then, candidate.produce].some((method) => typeof method === 'function') ||
    candidate.__pulumiOutput === true
  );
}

function join(prefix: string, property: string): string {
  if (prefix === '') return property;
  if (property === '') return prefix;
  return property.startsWith('[') ? prefix + property : `${prefix}.${property}`;
}
