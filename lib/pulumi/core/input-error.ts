import { inspect } from 'node:util';
import * as pulumi from '@pulumi/pulumi';

/**
 * An error for arguments that are wrong. Its message says all that its details say, because Pulumi shows the one to programs in
 * TypeScript and the other to those in other languages. What runs a program prints its errors as Node.js shows them, which is message
 * and details: here it is the message alone.
 */
export function inputError(
  message: string,
  errors: readonly pulumi.InputPropertyErrorDetails[],
): pulumi.InputPropertiesError {
  const error = new pulumi.InputPropertiesError({ message, errors: [...errors] });
  return Object.defineProperty(error, inspect.custom, { value: () => error.stack });
}
