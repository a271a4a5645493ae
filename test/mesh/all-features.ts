import fc from 'fast-check';

/** How many times as many runs chance may take until every feature has occurred. */
const PATIENCE = 20;

/**
 * Checks a property for random values, and goes on until each of the features has occurred: otherwise the check says less than it seems to.
 *
 * @param check - Throws when the property does not hold. Adds the features of the value to `seen`.
 */
export async function assertWithAllFeatures<T>(
  values: fc.Arbitrary<T>,
  features: readonly string[],
  numRuns: number,
  check: (value: T, seen: Set<string>) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  const missing = () => features.filter((feature) => !seen.has(feature));
  for (let round = 0; round === 0 || (missing().length > 0 && round < PATIENCE); round += 1) {
    await fc.assert(
      fc.asyncProperty(values, (value) => check(value, seen)),
      { numRuns },
    );
  }
  expect(missing()).toEqual([]);
}
