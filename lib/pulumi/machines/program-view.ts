import { Registry } from '../../core/registry';
import { declareMember } from '../../machines/declared-members';
import type { Run } from '../core/plan';
import { programRegistry } from '../core/program';
import type { MemberReference } from './references';

/**
 * The program as a component sees it: what had been declared before the component. Each run of its plan sees the same, and the machines
 * that the component refers to with the values of that run. What the first run declares, the program has; what a later one does, nobody.
 */
export class ProgramView {
  private readonly program = programRegistry();
  private moment = 0;

  /** @param references Machines that the component refers to. */
  public in(run: Run, references: readonly MemberReference[]): Registry {
    const referred = new Registry();
    const known = references.filter(({ declared }) => declared);
    // Two arguments may refer to the same.
    for (const { path, member } of new Map(known.map((one) => [one.path, one])).values()) {
      declareMember(referred, path, member);
    }
    if (!run.first) return this.program.at(this.moment, referred);
    this.moment = this.program.moment;
    return this.program.with(referred);
  }
}
