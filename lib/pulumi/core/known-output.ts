import * as pulumi from '@pulumi/pulumi';

/**
 * The Output of a component for a value that is known at once, as most names are. Another component that takes it reads the value, and so
 * knows its own objects at once, too.
 */
export function knownOutput<T>(value: T | pulumi.Output<T>): pulumi.Output<T> {
  if (pulumi.Output.isInstance(value)) return value;
  const output = pulumi.output(value) as pulumi.Output<T>;
  values.set(output, value);
  return output;
}

/** The value of an Output that was known at once; any other as it is. */
export function ifKnown(input: unknown): unknown {
  return pulumi.Output.isInstance(input) && values.has(input) ? values.get(input) : input;
}

const values = new WeakMap<object, unknown>();
