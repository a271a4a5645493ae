import type { Acknowledging } from './acknowledging';
import { didYouMean } from './nearest';
import { Placeholders } from './placeholders';
import { type Problems, rule } from './problems';
import { shownValue } from './shown-value';

const UNKNOWN = rule({
  id: 'warning/unknown',
  origin: 'meshvm',
  allowed: 'ids of warnings, as they are printed and as docs/rules.md lists them',
  remedy: 'correct the id, or remove it',
  source: 'meshvm: an id that no warning has switches nothing off',
});

/** Something that is probably not meant, and may be right. Declared once, beside the check that tells it. */
export interface Warning {
  readonly id: string;
  /** What will happen. */
  readonly says: string;
  /** What to do, unless it is meant. */
  readonly remedy: string;
  /** The upstream statement behind it. */
  readonly source: string;
}

const declared = new Map<string, Warning>();

/** Declares a warning. Ids are public contract, as those of rules: unique and never reused. */
export function warning(definition: Warning): Warning {
  if (declared.has(definition.id)) throw new Error(`warning ${definition.id} is declared twice`);
  declared.set(definition.id, definition);
  return definition;
}

/** Every declared warning, for the documentation. */
export function allWarnings(): readonly Warning[] {
  return [...declared.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Where warnings of a construct or component go. */
interface Listener {
  readonly path: string;
  readonly problems: Problems;
  readonly warn: (text: string) => void;
}

/** Warnings of one construct or component, but for those that its author has switched off. */
export class Warnings {
  /** Adds a problem for each id of `acknowledge` that no warning has. */
  public static of(place: Listener, { acknowledge = [] }: Acknowledging): Warnings {
    acknowledge.forEach((id, index) => {
      place.problems.known(id, (given) => {
        if (declared.has(given)) return;
        place.problems.add(UNKNOWN, `acknowledge[${index}]`, given, {
          remedy: didYouMean(given, [...declared.keys()]),
        });
      });
    });
    return new Warnings(place, new Set(acknowledge));
  }

  private constructor(
    private readonly place: Listener,
    private readonly acknowledged: ReadonlySet<string>,
  ) {}

  /** Warns of the value of a property. One that isn't known yet is not looked at. */
  public add({ id, ...told }: Warning, property: string, value: unknown, says: string = told.says): void {
    if (this.acknowledged.has(id) || Placeholders.in(value)) return;
    const at = property === '' ? '' : ` ${property}: ${shownValue(value)}:`;
    this.place.warn(
      [
        `${this.place.path}:${at} ${says} [${id}]`,
        `  fix: ${told.remedy}; if it is meant, acknowledge: ['${id}'] on ${this.place.path}`,
      ].join('\n'),
    );
  }
}
