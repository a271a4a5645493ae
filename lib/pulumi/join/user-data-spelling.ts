import type { UserDataFormat, UserDataProps } from '../../join/user-data';
import type { UserDataTarget } from '../../join/user-data-target';
import type { ArgumentProblems } from '../core/arguments';
import { UserDataFormatKind, type UserDataSpelling, UserDataTargetKind } from './user-data-props';

/** What a new machine is told, in the words of the spec. */
export function userDataSpec(problems: ArgumentProblems, spelled: UserDataSpelling): UserDataProps {
  problems.rename('userData.cloudConfig.yaml', 'userData.application.cloudConfig');
  for (const property of ['packages', 'files', 'commands', 'cloudConfig']) {
    problems.rename(`userData.${property}`, `userData.application.${property}`);
  }
  const { format, target, application = {}, ...cluster } = spelled;
  const { cloudConfig: yaml, ...firstBoot } = application;
  return {
    ...cluster,
    ...firstBoot,
    format: format && FORMATS[format],
    target: target && TARGETS[target],
    cloudConfig: yaml === undefined ? undefined : { yaml },
  };
}

/** Where user-data goes, in the words of the spec. */
export const TARGETS: Readonly<Record<UserDataTargetKind, UserDataTarget>> = {
  [UserDataTargetKind.Ec2]: { ec2: true },
  [UserDataTargetKind.Ec2LaunchTemplate]: { ec2LaunchTemplate: true },
  [UserDataTargetKind.ComputeEngine]: { computeEngine: true },
  [UserDataTargetKind.Azure]: { azure: true },
  [UserDataTargetKind.AzureCustomData]: { azureCustomData: true },
  [UserDataTargetKind.File]: { file: true },
};

const FORMATS: Readonly<Record<UserDataFormatKind, UserDataFormat>> = {
  [UserDataFormatKind.CloudConfig]: { cloudConfig: true },
  [UserDataFormatKind.ShellScript]: { shellScript: true },
};
