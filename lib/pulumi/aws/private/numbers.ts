import { isDeferred } from '../../../core/problems';
import type { ArgumentProblems } from '../../core/arguments';
import { notAllowed } from './reasons';

/** Notes a plain value that is no whole number from `least` to `most`. One that isn't given or not known yet is no problem. */
export function checkInteger(
  problems: ArgumentProblems,
  path: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (value === undefined || isDeferred(value)) return;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const allowed =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`;
  problems.add(path, notAllowed(value, allowed));
}

/** Notes a plain value that is no number above 0, and at most `most`. */
export function checkPositive(
  problems: ArgumentProblems,
  path: string,
  value: unknown,
  most = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined || isDeferred(value)) return;
  if (typeof value === 'number' && value > 0 && value <= most && Number.isFinite(value)) return;
  problems.add(
    path,
    notAllowed(value, most === Number.POSITIVE_INFINITY ? 'a number above 0' : `a number above 0, at most ${most}`),
  );
}

/** The value when it is a plain number. */
export function plainNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
