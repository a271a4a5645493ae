import type { Scope } from './scope';

/** Path of the construct of the same program that has claimed `subject`, or undefined. */
export function claimantOf(scope: Scope, subject: string): string | undefined {
  return claims.get(scope.node.root)?.get(subject);
}

/** Makes `subject` this construct's own: what Istio takes from one object alone, whatever other objects say of it. */
export function claim(scope: Scope, subject: string): void {
  const { root, path } = scope.node;
  const ofProgram = claims.get(root);
  if (ofProgram) ofProgram.set(subject, path);
  else claims.set(root, new Map([[subject, path]]));
}

const claims = new WeakMap<object, Map<string, string>>();
