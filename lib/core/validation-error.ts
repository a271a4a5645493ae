import { withRulesPage } from './rules-page';
import { shownValue } from './shown-value';

/**
 * Where a rule comes from, and so when its violation would show without meshvm.
 *
 * - `kubernetes`: the API server refuses the object.
 * - `istio`: Istio's validating webhook refuses the object.
 * - `ignored`: both accept the object, and Istio then ignores it or does something else than was asked for.
 * - `meshvm`: the combination of properties makes no sense to meshvm itself.
 */
export type RuleOrigin = 'kubernetes' | 'istio' | 'ignored' | 'meshvm';

/** One thing that is wrong with the properties of a construct or value. */
export interface ValidationProblem {
  /** Stable identifier of the violated rule, such as `port/name-selects-no-protocol`. Listed in docs/rules.md. */
  readonly id: string;
  /** Who would have noticed without meshvm. */
  readonly origin: RuleOrigin;
  /** The property as its author wrote it, such as `ports[0].name`. */
  readonly property: string;
  /** The value received. */
  readonly value: unknown;
  /** What is allowed instead. */
  readonly allowed: string;
  /** What to do. */
  readonly remedy: string;
}

/**
 * Thrown when the properties of a construct or value would be refused, or silently ignored, by Kubernetes or Istio later.
 * It carries every problem of that construct, not just the first.
 */
export class ValidationError extends Error {
  /**
   * Makes the error of one construct or value.
   *
   * @param path Path of the construct in its tree, or the name of the value's class.
   * @param problems At least one problem.
   */
  public constructor(
    public readonly path: string,
    public readonly problems: readonly ValidationProblem[],
  ) {
    super(describe(path, problems));
    this.name = 'ValidationError';
  }
}

function describe(path: string, problems: readonly ValidationProblem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.map((p) =>
    [
      `  ${p.property === '' ? '' : `${p.property}: `}${shownValue(p.value)} is not allowed [${p.id}]`,
      `    allowed: ${p.allowed}`,
      `    fix: ${p.remedy}`,
    ].join('\n'),
  );
  return [`${path}: ${count}`, ...withRulesPage(lines)].join('\n');
}
