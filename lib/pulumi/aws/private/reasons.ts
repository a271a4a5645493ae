import type * as pulumi from '@pulumi/pulumi';
import { inputError } from '../../core/input-error';

/** Why a value is refused. */
export function notAllowed(value: unknown, allowed: string): string {
  return `${JSON.stringify(value)} is not allowed; allowed: ${allowed}`;
}

/** The error for an argument that turns out to be wrong only when its value, or what AWS says, is known. */
export function lateProblem(propertyPath: string, reason: string): pulumi.InputPropertiesError {
  return inputError(`${propertyPath}: ${reason}`, [{ propertyPath, reason }]);
}
