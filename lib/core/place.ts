import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Problems } from './problems';
import { Registry } from './registry';
import { ValidationError } from './validation-error';

/** Where a spec is planned: all that a plan knows of the program around it, of either face. */
export interface Place {
  /** Path of the construct or name of the component: what messages call it. */
  readonly path: string;
  /** Id of the construct or name of the component: what objects whose spec names none are called after. */
  readonly id: string;
  /** What the program has declared so far. */
  readonly program: Registry;
  /** Namespace of objects whose spec names none; empty where there is no such default. */
  readonly namespace: string;
  /** What is wrong so far. */
  readonly problems: Problems;
  /**
   * Checks once the program is complete what it can't tell before: cdk8s when it synthesizes, Pulumi before it registers objects of the
   * component. What is known at once is checked at once, because its author then sees the line.
   *
   * @param check Adds what is wrong. It may run more than once.
   */
  readonly whenComplete: (check: (problems: Problems) => void) => void;
}

/** The place of a construct. */
export function placeOf(construct: Construct): Place {
  return {
    path: construct.node.path,
    id: construct.node.id,
    program: Registry.ofProgram(construct),
    namespace: Chart.of(construct).namespace ?? '',
    problems: new Problems(),
    whenComplete: (check) => construct.node.addValidation({ validate: () => complaints(construct.node.path, check) }),
  };
}

/** cdk8s asks every construct for its complaints, and reports all of them in one error. */
function complaints(path: string, check: (problems: Problems) => void): string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.length === 0 ? [] : [new ValidationError(path, problems.all).message];
}
