import type * as pulumi from '@pulumi/pulumi';
import { settled } from '../program';
import { ANSWERS, type Answers } from './answers';

export { ANSWERS, CERTIFICATE } from './answers';

/** The name in a reference to a provider, which is its URN and its ID. */
export function nameOfProvider(reference: string): string {
  return reference.split('::')[3] ?? '';
}

/** A call of one of the provider's functions. */
export interface Call {
  readonly token: string;
  readonly inputs: unknown;
}

/** Answers for runProgram, and the calls that were made. */
export class FakeProvider {
  public readonly calls: Call[] = [];

  /** Functions that were called, and by the provider of which name; that of the default one is empty. */
  public readonly askers: (readonly [token: string, provider: string])[] = [];

  /**
   * @param answers Answers that differ from ANSWERS.
   * @param accounts The same for what providers of these names are asked.
   */
  public constructor(
    private readonly answers: Answers = {},
    private readonly accounts: Readonly<Record<string, Answers>> = {},
  ) {}

  public readonly call = ({ token, inputs, provider = '' }: pulumi.runtime.MockCallArgs): Record<string, unknown> => {
    this.calls.push({ token, inputs });
    this.askers.push([token, nameOfProvider(provider)]);
    const answer = this.accounts[nameOfProvider(provider)]?.[token] ?? this.answers[token] ?? ANSWERS[token];
    if (answer === undefined) throw new Error(`nobody answers ${token}`);
    return answer;
  };

  /** Inputs of the calls of one function. */
  public callsOf(token: string): unknown[] {
    return this.calls.filter((call) => call.token === token).map(({ inputs }) => inputs);
  }
}

/** The value of an Output, or the text of the error that it fails with. */
export async function settledOrError(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown, isSecret } = output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  // Each promise of a failing Output wants somebody to catch it.
  const [value] = await Promise.allSettled([settled(output), isKnown, isSecret]);
  return value.status === 'fulfilled' ? value.value : String(value.reason);
}
