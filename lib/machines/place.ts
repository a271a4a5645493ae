import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Problems } from '../core/problems';
import type { Scope } from '../core/scope';
import { Environment } from './environment';

/** Where a spec is planned: all that a plan knows of the program around it, of either face. */
export interface Place {
  /** The construct or component, as messages and claims know it. */
  readonly scope: Scope;
  /** What the program has declared so far. */
  readonly environment: Environment;
  /** Namespace of objects whose spec names none; empty where there is no such default. */
  readonly namespace: string;
  /** What is wrong so far. */
  readonly problems: Problems;
}

/** The place of a construct. */
export function placeOf(construct: Construct): Place {
  return {
    scope: construct,
    environment: Environment.of(construct),
    namespace: Chart.of(construct).namespace ?? '',
    problems: new Problems(),
  };
}
