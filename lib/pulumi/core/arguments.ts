import type * as pulumi from '@pulumi/pulumi';
import { Problems } from '../../core/problems';
import { withRulesPage } from '../../core/rules-page';
import { shownValue } from '../../core/shown-value';
import { ValidationError, type ValidationProblem } from '../../core/validation-error';
import { inputError } from './input-error';
import type { Run } from './plan';

/** Collects everything that is wrong with a component's arguments, so that its author sees all of it at once. */
export class ArgumentProblems {
  /** For the checks of the builders. */
  public readonly problems = new Problems();
  private readonly collected: Complaint[] = [];
  private readonly names: (readonly [string, string])[] = [];

  /** @param run The run of the plan that the arguments are checked in. */
  public constructor(private readonly run?: Run) {}

  /** Adds a problem that only Pulumi's form of the arguments can have. */
  public add(propertyPath: string, reason: string): void {
    this.collected.push({ propertyPath, reason, rule: reason });
  }

  /** Says where the property that the builders' checks call `property` stands among the arguments. */
  public rename(property: string, path: string): void {
    this.names.push([property, path]);
  }

  /** Makes a value of the library from the argument at `path`; undefined when the argument is wrong, which is noted. */
  public convert<T>(path: string, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      this.collected.push(...error.problems.map((problem) => this.details(problem, path)));
      return undefined;
    }
  }

  /**
   * Makes one of several kinds of value: exactly one key of `choices` must be set in `args`. A key that is `false` says no more than
   * leaving it out.
   */
  public one<Args extends object, T>(
    path: string,
    args: Args,
    choices: { readonly [Key in keyof Args]-?: (chosen: NonNullable<Args[Key]>, path: string) => T | undefined },
  ): T | undefined {
    const allowed = Object.keys(choices) as (keyof Args & string)[];
    const given = Object.entries(args ?? {}).filter(([, value]) => value !== undefined && value !== false);
    const set = given.map(([key]) => key) as typeof allowed;
    const [only] = set;
    if (set.length !== 1 || !allowed.includes(only)) {
      const found = set.length === 0 ? 'none' : set.join(', ');
      this.add(path, `exactly one of ${allowed.join(', ')} must be set, found ${found}`);
      return undefined;
    }
    return choices[only](args[only] as NonNullable<Args[typeof only]>, `${path}.${only}`);
  }

  /** @throws InputPropertiesError with everything that was noted, but for what an earlier run of the plan has told. */
  public throwIfAny(component: string): void {
    const all = [...this.collected, ...this.problems.all.map((problem) => this.details(problem, ''))].map(
      (complaint) => ({ ...complaint, propertyPath: this.pathOf(complaint.propertyPath) }),
    );
    if (all.length === 0) return;
    const told = this.run?.told ?? new Map<string, pulumi.InputPropertiesError>();
    const fresh = all.filter((complaint) => !told.has(keyOf(complaint)));
    // Pulumi reports one error once, wherever it surfaces.
    if (fresh.length === 0) throw told.get(keyOf(all[0]));
    const errors = fresh.map(({ propertyPath, reason }) => ({ propertyPath, reason }));
    const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`;
    const lines = errors.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
    const error = inputError([`${component}: ${count}`, ...withRulesPage(lines)].join('\n'), errors);
    for (const complaint of fresh) told.set(keyOf(complaint), error);
    throw error;
  }

  private details(problem: ValidationProblem, path: string): Complaint {
    const { property, value, allowed, remedy, id } = problem;
    const separator = property === '' || property.startsWith('[') || path === '' ? '' : '.';
    return {
      propertyPath: `${path}${separator}${property}`,
      // Messages are written down in the open.
      reason: `${this.run?.secret ? 'a value' : shownValue(value)} is not allowed; allowed: ${allowed}; fix: ${remedy} [${id}]`,
      rule: id,
    };
  }

  private pathOf(property: string): string {
    const found = this.names.find(
      ([name]) => property === name || (property.startsWith(name) && /^[.[]/.test(property.slice(name.length))),
    );
    return found === undefined ? property : found[1] + property.slice(found[0].length);
  }
}

interface Complaint extends pulumi.InputPropertyErrorDetails {
  /** What tells it from others of the same property, whether or not values may be shown. */
  readonly rule: string;
}

function keyOf({ propertyPath, rule }: Complaint): string {
  return JSON.stringify([propertyPath, rule]);
}
