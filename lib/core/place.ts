import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Problems } from './problems';
import { Registry } from './registry';

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
}

/** The place of a construct. */
export function placeOf(construct: Construct): Place {
  return {
    path: construct.node.path,
    id: construct.node.id,
    program: Registry.ofProgram(construct),
    namespace: Chart.of(construct).namespace ?? '',
    problems: new Problems(),
  };
}
