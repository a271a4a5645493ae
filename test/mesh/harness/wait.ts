import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default: 60. */
  readonly timeoutSeconds?: number;
  /** Default: 100. */
  readonly intervalMilliseconds?: number;
  /** Anything that helps to understand a timeout; asked only then. */
  readonly details?: () => string | Promise<string>;
}

/** Thrown by a probe of `waitUntil` when waiting longer can't help. */
export class GiveUp extends Error {}

/**
 * Waits until `probe` returns something other than undefined, null or false, and returns it.
 *
 * A probe that throws is asked again; its last error is part of the message when time is up.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const timeoutSeconds = options.timeoutSeconds ?? 60;
  const deadline = Date.now() + timeoutSeconds * 1000;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== null && result !== false) return result;
      lastError = undefined;
    } catch (error) {
      if (error instanceof GiveUp) throw error;
      lastError = error;
    }
    if (Date.now() >= deadline) break;
    await sleep(options.intervalMilliseconds ?? 100);
  }
  const reason = lastError instanceof Error ? `\nlast error: ${lastError.message}` : '';
  const details = options.details === undefined ? '' : `\n${await options.details()}`;
  throw new Error(`Waited ${timeoutSeconds} s in vain: ${what}.${reason}${details}`);
}
