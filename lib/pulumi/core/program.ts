import * as pulumi from '@pulumi/pulumi';
import type { Scope } from '../../core/scope';

/** Where a component is declared, for checks that compare it with the others of the program. */
export function scopeOf(name: string): Scope {
  return { node: { path: name, root: program() } };
}

/** One object for each run of a program: the engine's monitor, which a test replaces for each of its programs. */
function program(): object {
  return (pulumi.runtime.getMonitor() as object | undefined) ?? outside;
}

const outside = {};
