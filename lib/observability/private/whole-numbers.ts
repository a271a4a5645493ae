import type { Problems, Rule } from '../../core/problems';
import { isWhole } from '../../core/values/counts';

/** Adds a problem for what is no whole number from 1. */
export function checkWhole(problems: Problems, kept: Rule, property: string, value: number | undefined): void {
  problems.check(kept, property, value, (count) => isWhole(count, 1));
}
