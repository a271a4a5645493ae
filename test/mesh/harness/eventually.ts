import { isDeepStrictEqual } from 'node:util';
import { waitUntil } from './wait';

/** Waits until `look` returns what is expected. When time is up, it fails with what differs in the last answer. */
export async function eventually<T>(expected: T, look: () => Promise<T>): Promise<void> {
  let last: T | undefined;
  try {
    await waitUntil('what is expected is there', async () => {
      last = await look();
      return isDeepStrictEqual(last, expected);
    });
  } catch (error) {
    expect(last).toStrictEqual(expected);
    throw error;
  }
}
