import type * as pulumi from '@pulumi/pulumi';
import { CloudConfig } from '../../../join/cloud-config';
import type { UserDataProps } from '../../../join/user-data';
import { UserDataFormat } from '../../../join/user-data';
import { UserDataTarget } from '../../../join/user-data-target';
import type { ArgumentProblems } from '../../core/arguments';
import { type UserDataArgs, UserDataFormatKind, UserDataTargetKind } from '../user-data-args';

/** What a new machine is told, by a component's arguments. */
export function userDataPropsOf(problems: ArgumentProblems, args: pulumi.Unwrap<UserDataArgs>): UserDataProps {
  const { apiServer, caCertificate, format, target, application = {} } = args;
  const { cloudConfig: text, ...others } = application;
  for (const property of ['packages', 'files', 'commands', 'cloudConfig']) {
    problems.rename(`userData.${property}`, `userData.application.${property}`);
  }
  return {
    ...others,
    apiServer,
    caCertificate,
    format: format && one(problems, 'userData.format', format, FORMATS),
    target: target && targetOf(problems, 'userData.target', target),
    cloudConfig:
      text === undefined
        ? undefined
        : problems.convert('userData.application.cloudConfig', () => CloudConfig.fromYaml(text)),
  };
}

/** A target by its name; undefined for what is none, which is noted. */
export function targetOf(problems: ArgumentProblems, path: string, name: string): UserDataTarget | undefined {
  return one(problems, path, name, TARGETS);
}

const FORMATS: Readonly<Record<string, () => UserDataFormat>> = {
  [UserDataFormatKind.CloudConfig]: () => UserDataFormat.cloudConfig(),
  [UserDataFormatKind.ShellScript]: () => UserDataFormat.shellScript(),
};

const TARGETS: Readonly<Record<string, () => UserDataTarget>> = {
  [UserDataTargetKind.Ec2]: () => UserDataTarget.ec2(),
  [UserDataTargetKind.Ec2LaunchTemplate]: () => UserDataTarget.ec2LaunchTemplate(),
  [UserDataTargetKind.ComputeEngine]: () => UserDataTarget.computeEngine(),
  [UserDataTargetKind.Azure]: () => UserDataTarget.azure(),
  [UserDataTargetKind.AzureCustomData]: () => UserDataTarget.azureCustomData(),
  [UserDataTargetKind.File]: () => UserDataTarget.file(),
};

function one<T>(
  problems: ArgumentProblems,
  path: string,
  name: string,
  choices: Readonly<Record<string, () => T>>,
): T | undefined {
  if (Object.hasOwn(choices, name)) return choices[name]();
  problems.add(path, `${JSON.stringify(name)} is not allowed; allowed: ${Object.keys(choices).join(', ')}`);
  return undefined;
}
