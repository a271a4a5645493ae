import type { Problems } from '../../core/problems';
import { ValidationError } from '../../core/validation-error';
import type { DataProblems } from '../private/from-data';

/** Where values are made of the data of a file: what a factory of the public API refuses has its path in the file. */
export class FileData implements DataProblems {
  /** @param problems Where paths begin. */
  public constructor(private readonly problems: Problems) {}

  public convert<T>(path: string, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const at = this.problems.at(path);
      for (const { property, value, ...violated } of error.problems) {
        at.add({ ...violated, source: '' }, property, value);
      }
      return undefined;
    }
  }

  /** The reader has seen to it that there is exactly one. */
  public one<Data extends object, T>(
    path: string,
    data: Data,
    choices: { readonly [Key in keyof Data]-?: (chosen: NonNullable<Data[Key]>, path: string) => T | undefined },
  ): T | undefined {
    const [name] = Object.keys(data) as (keyof Data & string)[];
    const below = `${path}.${name}`;
    return this.convert(below, () => choices[name](data[name] as NonNullable<Data[typeof name]>, below));
  }
}
