import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../../core/place';
import { Placeholders } from '../../core/placeholders';
import { Problems } from '../../core/problems';
import type { Shapes } from '../../core/spec/shape';
import { readSpec } from '../../core/spec/spec';
import { ArgumentProblems } from '../core/arguments';
import { ComponentWarnings } from '../core/component-warnings';
import { type Plan, plan, type Run } from '../core/plan';
import { MeshArguments } from '../mesh/mesh-arguments';
import { ProgramView } from './program-view';
import { type ArgumentReference, type Referring, resolvedReferences, withReferences } from './references';

/** How arguments are planned: by the function that plans what cdk8s makes of the same spec. */
export interface ArgumentsPlan<Spec, T, Spelling = Spec, Beside = undefined> {
  /** Types of the concept. */
  readonly shapes: Shapes;
  /** From arguments that this face spells otherwise to the spec; notes what only that spelling can get wrong. */
  readonly spelled?: (problems: ArgumentProblems, spelling: Spelling, component: string) => Spec;
  /** From the spec to the objects and what else there is to know. */
  readonly plan: (spec: Spec, place: Place, face: Face<Beside>) => T;
  /** What arguments refer to besides groups, machines and the mesh. */
  readonly refer?: Referring;
  /** What a component around this one notes first: what is wrong with its own arguments, and where those of this one stand among them. */
  readonly around?: (problems: ArgumentProblems, run: Run) => void;
  /** What only this face can get wrong: what is referred to by its outputs alone. */
  readonly check?: (problems: ArgumentProblems, references: readonly ArgumentReference[], face: Face<Beside>) => void;
  /** What the plan needs besides arguments of that type; leaves may be Inputs. */
  readonly beside?: unknown;
}

/** The same of a component: by the function that plans the construct of the same name. */
export interface ComponentPlan<Spec, T, Spelling = Spec, Beside = undefined>
  extends ArgumentsPlan<Spec, T, Spelling, Beside> {
  /** Name of the component's class. */
  readonly component: string;
  /** Name of the type of the arguments among the shapes, where it isn't `<component>Props`. */
  readonly type?: string;
}

/** What a plan may need to know of this face. */
export interface Face<Beside = undefined> {
  readonly run: Run;
  /** For what only this face can get wrong. */
  readonly problems: ArgumentProblems;
  /** What the plan was given besides arguments. */
  readonly beside: Beside;
}

/**
 * Plans a component by its arguments: what they refer to becomes data, Inputs become placeholders (see `plan`), and from there on it is
 * the spec of the construct.
 *
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planComponent<Spec, T, Spelling = Spec, Beside = undefined>(
  name: string,
  args: object | undefined,
  how: ComponentPlan<Spec, T, Spelling, Beside>,
): Plan<T> {
  const { component, type = `${component}Props` } = how;
  return planArguments({ name, title: `${component} ${name}`, type }, args, how);
}

/**
 * Plans data that is no component: what goes into somebody else's file. It is there once all Inputs are known.
 *
 * @param title What messages call it, such as `MeshVmAlerts.ruleFile`.
 * @param type Name of the type of the arguments among the shapes.
 * @throws InputPropertiesError with everything that is wrong with the arguments.
 */
export function planData<Spec, T>(
  title: string,
  type: string,
  args: object | undefined,
  how: ArgumentsPlan<Spec, T>,
): pulumi.Output<T> {
  return planArguments({ name: title, title, type }, args, how).result;
}

function planArguments<Spec, T, Spelling, Beside>(
  { name, title, type }: { readonly name: string; readonly title: string; readonly type: string },
  args: object | undefined,
  how: ArgumentsPlan<Spec, T, Spelling, Beside>,
): Plan<T> {
  const around = new ProgramView();
  const { shapes, spelled, beside } = how;
  const checks: ((problems: Problems) => void)[] = [];
  const warnings = new ComponentWarnings();
  const planned = plan({ args: withReferences(args, how.refer), beside }, (data, run): T => {
    const problems = new ArgumentProblems(run);
    how.around?.(problems, run);
    const { value, references } = resolvedReferences(data.args, problems);
    const face = { run, problems, beside: data.beside as Beside };
    const planned = problems.convert('', () => {
      const meshes = new MeshArguments();
      const spelling = readSpec(name, value as Spelling, shapes, type, meshes.makers);
      how.check?.(problems, references, face);
      const spec = spelled === undefined ? (spelling as unknown as Spec) : spelled(problems, spelling, name);
      const known = references.map((reference) => reference.known);
      const place: Place = {
        path: name,
        id: name,
        program: around.in(run, known),
        namespace: '',
        problems: meshes.check(new Problems()),
        whenComplete: (check) => {
          if (run.first) checks.push(check);
        },
        warn: (text) => warnings.add(text),
      };
      return how.plan(spec, place, face);
    });
    problems.throwIfAny(title);
    return planned as T;
  });
  const result = checks.length === 0 ? planned.result : onceComplete(planned.result, title, checks);
  return { ...planned, result, warnOn: (resource) => warnings.tellOn(resource) };
}

/** The result of a plan once the rest of the program has been declared, and agrees with the component. */
function onceComplete<T>(
  result: pulumi.Output<T>,
  component: string,
  checks: readonly ((problems: Problems) => void)[],
): pulumi.Output<T> {
  const agreed = declared().then(() => {
    const problems = new ArgumentProblems();
    // What components have declared holds the placeholders of their first runs.
    Placeholders.during(() => {
      for (const check of checks) check(problems.problems);
    });
    problems.throwIfAny(component);
  });
  return pulumi.all([result, agreed]).apply(([value]) => value) as pulumi.Output<T>;
}

/** What a program declares without waiting for anything is declared by then. */
function declared(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
