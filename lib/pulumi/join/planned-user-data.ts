import type { Face } from '../machines/component-plan';

/** User-data, which is worth making once all Inputs are known; undefined when something in it is wrong, which is noted. */
export function plannedUserData({ run, problems }: Face<unknown>, render: () => string): string | undefined {
  const rendered = () => problems.convert('userData', render);
  // What is wrong whatever the Inputs will be is told before anything is registered.
  if (run.first && run.later !== undefined) rendered();
  return run.later ?? rendered();
}
