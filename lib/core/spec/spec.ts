import { Problems } from '../problems';
import { type Makers, readShape, type Shapes } from './shape';

/**
 * What an author has given, as the spec: plain data. Objects that factories have made (`Probe.httpGet`) become what they hold, properties
 * that are undefined are left out. What refers to something else of the program (a group, a gateway), and what isn't known yet, stays as
 * it is.
 *
 * @param path What messages call the construct or component.
 * @param given Properties of a construct, arguments of a component, or the data of a file.
 * @param shapes Types of the concept.
 * @param type Name of the type of `given` in `shapes`.
 * @param makers What makes values of data, for those who can't write `new`.
 * @throws ValidationError with everything whose shape is wrong, before anything else is looked at.
 */
export function readSpec<T>(path: string, given: T, shapes: Shapes, type: string, makers?: Makers): T {
  const problems = new Problems();
  const spec = readShape(problems, given, shapes, type, makers) as T;
  problems.throwIfAny(path);
  return spec;
}
