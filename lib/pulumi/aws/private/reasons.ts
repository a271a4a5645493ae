import * as pulumi from '@pulumi/pulumi';

/** Why a value is refused. */
export function notAllowed(value: unknown, allowed: string): string {
  return `${JSON.stringify(value)} is not allowed; allowed: ${allowed}`;
}

/** The error for an argument that turns out to be wrong only when its value, or what AWS says, is known. */
export function lateProblem(propertyPath: string, reason: string): pulumi.InputPropertiesError {
  // Pulumi shows the message of the error alone where it shows no details.
  return new pulumi.InputPropertiesError({
    message: `${propertyPath}: ${reason}`,
    errors: [{ propertyPath, reason }],
  });
}
