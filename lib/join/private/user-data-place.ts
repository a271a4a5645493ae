import type { UserDataTarget } from '../user-data-target';

/** What a place takes where a cloud keeps user-data. */
export interface UserDataPlace {
  /** Name of the place. */
  readonly place: string;
  /** Most bytes there may be, before base64. */
  readonly limitBytes: number;
  /** Whether the text goes there in base64. Then one above the limit may be compressed, unless it is a shell script: only cloud-init unpacks. */
  readonly base64: boolean;
}

/** What the place of a target takes. */
export function userDataPlace(target: UserDataTarget): UserDataPlace {
  const { ec2LaunchTemplate, computeEngine, azure, azureCustomData, file } = target;
  if (file) return { place: 'a file', limitBytes: Number.POSITIVE_INFINITY, base64: false };
  if (computeEngine) return { place: 'Google Compute Engine', limitBytes: 256 * 1024, base64: false };
  if (azure || azureCustomData) return { place: 'Azure', limitBytes: 64 * 1024, base64: azureCustomData === true };
  return { place: 'Amazon EC2', limitBytes: 16 * 1024, base64: ec2LaunchTemplate === true };
}
