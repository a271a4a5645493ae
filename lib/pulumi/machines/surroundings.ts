import { isDeferred } from '../../core/problems';
import type { Scope } from '../../core/scope';
import { type DeclaredMember, Environment } from '../../machines/environment';
import type { Run } from '../core/plan';
import { scopeOf } from '../core/program';
import type { MemberReference } from './references';

/**
 * What else the program has declared that concerns a component: the machines that it refers to, and those that share their application.
 * Every run of the component's plan sees what the first one saw.
 */
export class Surroundings {
  private readonly applications = new Map<string, readonly DeclaredMember[]>();
  private declaredBefore: readonly DeclaredMember[] = [];

  /** @param name The component's. */
  public constructor(private readonly name: string) {}

  /** Where the component stands, for claims: in the first run alone in the program, where a later one would find its own. */
  public scopeIn(run: Run): Scope {
    return run.first ? scopeOf(this.name) : { node: { path: this.name, root: {} } };
  }

  /** Of machines in a namespace that isn't known yet, their own component is all that is seen. */
  public environmentIn(run: Run, references: readonly MemberReference[]): Environment {
    const environment = new Environment();
    const others = new Set(references.flatMap((reference) => this.applicationOf(run, reference)));
    const paths = new Set([...others].map(({ path }) => path));
    for (const { path, machines } of others) environment.declareMachines(path, machines);
    declareReferences(environment, references, paths);
    return environment;
  }

  /** The same with all machines that the program had declared before the component: for what selects them by other labels, too. */
  public programIn(run: Run, references: readonly MemberReference[]): Environment {
    if (run.first) this.declaredBefore = Environment.of(scopeOf(this.name)).machines;
    const environment = new Environment();
    const referred = new Set(references.map(({ path }) => path));
    for (const { path, machines } of this.declaredBefore) {
      // What is referred to is seen with the values of this run.
      if (!referred.has(path)) environment.declareMachines(path, machines);
    }
    declareReferences(environment, references, new Set());
    return environment;
  }

  private applicationOf(run: Run, { machines }: MemberReference): readonly DeclaredMember[] {
    const { namespace, selector } = machines;
    const key = JSON.stringify([namespace, selector.app]);
    if (run.first && !isDeferred(namespace) && !isDeferred(selector.app)) {
      this.applications.set(key, Environment.of(scopeOf(this.name)).select(namespace, { app: selector.app }));
    }
    return this.applications.get(key) ?? [];
  }
}

/** Machines whose ports are known, each once. */
function declareReferences(environment: Environment, references: readonly MemberReference[], seen: Set<string>): void {
  for (const { path, machines, declared } of references) {
    if (!declared || seen.has(path)) continue;
    seen.add(path);
    environment.declareMachines(path, machines);
  }
}
