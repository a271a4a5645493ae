import * as pulumi from '@pulumi/pulumi';
import { Registry } from '../../core/registry';

/** What the components of this run of a program have declared. */
export function programRegistry(): Registry {
  return Registry.of((pulumi.runtime.getMonitor() as object | undefined) ?? outside);
}

/** One object for each run of a program is the engine's monitor, which a test replaces for each of its programs. */
const outside = {};
