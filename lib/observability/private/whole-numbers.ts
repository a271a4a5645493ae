import { isDeferred, type Problems } from '../../core/problems';

/** Adds a problem for what is no whole number from 1. */
export function checkWhole(
  problems: Problems,
  violated: Parameters<Problems['add']>[0],
  property: string,
  value: unknown,
): void {
  if (value === undefined || isDeferred(value)) return;
  if (!(Number.isInteger(value) && Number(value) >= 1)) problems.add(violated, property, value);
}
