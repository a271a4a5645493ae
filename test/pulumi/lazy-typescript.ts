/**
 * In the place of the package typescript: the compiler itself, but not before somebody uses it. Pulumi loads it to serialize functions,
 * which nothing here does; each test file would load it anew.
 */
const lazy: object = new Proxy(
  {},
  { get: (_, property) => Reflect.get(require('typescript/lib/typescript'), property) },
);

export = lazy;
