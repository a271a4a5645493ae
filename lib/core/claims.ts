import { FactKind, type Registry } from './registry';

/** Path of the construct of the program that has claimed `subject`, or undefined. */
export function claimantOf(program: Registry, subject: string): string | undefined {
  return program.first(CLAIM, subject)?.path;
}

/** Makes `subject` the construct's own: what Istio takes from one object alone, whatever other objects say of it. */
export function claim(program: Registry, path: string, subject: string): void {
  program.declare(CLAIM, path, subject);
}

const CLAIM = new FactKind<string>('claim', (subject) => subject);
