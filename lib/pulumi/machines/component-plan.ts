import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../core/place';
import { Problems } from '../../core/problems';
import type { Shapes } from '../../core/spec/shape';
import { readSpec } from '../../core/spec/spec';
import { ArgumentProblems } from '../core/arguments';
import { type Plan, plan } from '../core/plan';
import { MeshArguments } from '../mesh/mesh-arguments';
import { ProgramView } from './program-view';
import { type ArgumentReference, type Referring, resolvedReferences, withReferences } from './references';

/** How a component is planned: by the function that plans the construct of the same name. */
export interface ComponentPlan<Spec, T> {
  /** Name of the component's class. */
  readonly component: string;
  /** Types of its concept; that of the arguments is `<component>Props`. */
  readonly shapes: Shapes;
  /** From the spec to the objects and what else there is to know. */
  readonly plan: (spec: Spec, place: Place) => T;
  /** What arguments refer to besides groups, machines and the mesh. */
  readonly refer?: Referring;
  /** What only this face can get wrong: what is referred to by its outputs alone. */
  readonly check?: (problems: ArgumentProblems, references: readonly ArgumentReference[]) => void;
}

/**
 * Plans a component by its arguments: what they refer to becomes data, Inputs become placeholders (see `plan`), and from there on it is
 * the spec of the construct.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planComponent<Spec, T>(name: string, args: object, how: ComponentPlan<Spec, T>): Plan<T> {
  const around = new ProgramView();
  const component = `${how.component} ${name}`;
  const checks: ((problems: Problems) => void)[] = [];
  const planned = plan(withReferences(args, how.refer), (data, run): T => {
    const problems = new ArgumentProblems(run);
    const { value, references } = resolvedReferences(data, problems);
    const planned = problems.convert('', () => {
      const meshes = new MeshArguments();
      const spec = readSpec(name, value as Spec, how.shapes, `${how.component}Props`, meshes.makers);
      how.check?.(problems, references);
      const program = around.in(
        run,
        references.map(({ known }) => known),
      );
      return how.plan(spec, {
        path: name,
        id: name,
        program,
        namespace: '',
        problems: meshes.check(new Problems()),
        whenComplete: (check) => {
          if (run.first) checks.push(check);
        },
      });
    });
    problems.throwIfAny(component);
    return planned as T;
  });
  return checks.length === 0 ? planned : { ...planned, result: onceComplete(planned.result, component, checks) };
}

/** The result of a plan once the rest of the program has been declared, and agrees with the component. */
function onceComplete<T>(
  result: pulumi.Output<T>,
  component: string,
  checks: readonly ((problems: Problems) => void)[],
): pulumi.Output<T> {
  const agreed = declared().then(() => {
    const problems = new ArgumentProblems();
    for (const check of checks) check(problems.problems);
    problems.throwIfAny(component);
  });
  return pulumi.all([result, agreed]).apply(([value]) => value) as pulumi.Output<T>;
}

/** What a program declares without waiting for anything is declared by then. */
function declared(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
