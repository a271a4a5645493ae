import type * as pulumi from '@pulumi/pulumi';
import { CloudConfig } from '../../../join/cloud-config';
import type { StandaloneUserDataProps } from '../../../standalone/standalone-user-data';
import type { ArgumentProblems } from '../../core/arguments';
import { targetOf } from '../../join/convert/user-data';
import type { StandaloneUserDataArgs } from '../standalone-user-data-args';
import { envoyPackageOf } from './envoy-package';

/** What a new machine is told, by a component's arguments; what is wrong is noted, and left out or replaced. */
export function standaloneUserDataOf(
  problems: ArgumentProblems,
  args: pulumi.Unwrap<StandaloneUserDataArgs>,
): StandaloneUserDataProps {
  const { target, cloudConfig: text } = args;
  problems.rename('userData.cloudConfig.text', 'userData.cloudConfig');
  problems.rename('userData.userData', 'userData');
  return {
    envoy: envoyPackageOf(problems, 'userData.envoy', args.envoy),
    target: target && targetOf(problems, 'userData.target', target),
    cloudConfig:
      text === undefined ? undefined : problems.convert('userData.cloudConfig', () => CloudConfig.fromYaml(text)),
  };
}
