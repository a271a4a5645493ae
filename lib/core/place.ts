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
  /** Tells the author, once, what is probably not meant: cdk8s when it synthesizes, Pulumi on the component. See `Warnings`. */
  readonly warn: (text: string) => void;
}

/** The same for a plan that is no construct of a program: of data for somebody else's file. */
export type DataPlace = Pick<Place, 'path' | 'problems'>;

/** The place of a construct. */
export function placeOf(construct: Construct): Place {
  const { node } = construct;
  const warnings = new SynthesisWarnings(construct);
  return {
    path: node.path,
    id: node.id,
    program: Registry.ofProgram(construct),
    namespace: Chart.of(construct).namespace ?? '',
    problems: new Problems(),
    whenComplete: (check) => {
      node.addValidation({
        validate: () => {
          warnings.tell();
          return complaints(node.path, check);
        },
      });
    },
    warn: (text) => warnings.add(text),
  };
}

/** cdk8s asks every construct for its complaints, and reports all of them in one error. */
function complaints(path: string, check: (problems: Problems) => void): string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.length === 0 ? [] : [new ValidationError(path, problems.all).message];
}

/**
 * Warnings of a construct, printed when cdk8s validates it, which it does several times in one synthesis. As in the AWS CDK a warning is
 * metadata of its construct, where tests and aspects find it; cdk8s itself prints none.
 */
class SynthesisWarnings {
  private readonly told = new Set<string>();
  private waiting: string[] = [];
  private isSynthesis = false;

  public constructor(private readonly construct: Construct) {}

  public add(text: string): void {
    if (this.told.has(text)) return;
    this.told.add(text);
    this.construct.node.addMetadata('meshvm:warning', text);
    if (this.isSynthesis) print(text);
    else if (this.waiting.push(text) === 1) this.construct.node.addValidation({ validate: () => this.tell() });
  }

  /** From now on warnings are printed at once. */
  public tell(): string[] {
    this.isSynthesis = true;
    this.waiting.forEach(print);
    this.waiting = [];
    return [];
  }
}

function print(text: string): void {
  console.warn(`warning: ${text}`);
}
