import type * as pulumi from '@pulumi/pulumi';
import type { UserDataTarget } from '../../../join/user-data-target';
import type { StandaloneUserDataProps } from '../../../standalone/standalone-user-data';
import type { ArgumentProblems } from '../../core/arguments';
import type { UserDataTargetKind } from '../../join/user-data-props';
import { TARGETS } from '../../join/user-data-spelling';
import type { StandaloneUserDataArgs } from '../standalone-user-data-args';
import { envoyPackageOf } from './envoy-package';

/** A target by its name; undefined for what is none, which is noted. */
function targetOf(problems: ArgumentProblems, path: string, name: UserDataTargetKind): UserDataTarget | undefined {
  if (Object.hasOwn(TARGETS, name)) return TARGETS[name];
  problems.add(path, `${JSON.stringify(name)} is not allowed; allowed: ${Object.keys(TARGETS).join(', ')}`);
  return undefined;
}

/** What a new machine is told, by a component's arguments; what is wrong is noted, and left out or replaced. */
export function standaloneUserDataOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<StandaloneUserDataArgs>,
): StandaloneUserDataProps {
  const { target, cloudConfig: text } = args;
  problems.rename('userData.cloudConfig.yaml', 'userData.cloudConfig');
  problems.rename('userData.userData', 'userData');
  return {
    envoy: envoyPackageOf(problems, 'userData.envoy', args.envoy),
    target: target && targetOf(problems, 'userData.target', target),
    cloudConfig: text === undefined ? undefined : { yaml: text },
  };
}
