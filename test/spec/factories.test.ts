import { join } from 'node:path';
import * as cdk8sFace from 'meshvm';
import type { Schema, Shapes } from '../../lib/core/spec/shape';
import { SPECS } from '../../projenrc/spec/concepts';

const LIB = join(__dirname, '..', '..', 'lib');

/** The types of which one property is set, by their names: with those properties, beside which others may stand. */
const choices = new Map(
  Object.keys(SPECS).flatMap((concept) => {
    const { definitions }: Shapes = jest.requireActual(join(LIB, concept, 'shapes.json'));
    return Object.entries(definitions as Readonly<Record<string, Schema>>).flatMap(([name, { oneOf }]) =>
      oneOf === undefined ? [] : [[name, oneOf.flatMap(({ required = [] }) => required)] as const],
    );
  }),
);

type Factory = (...args: readonly unknown[]) => object;

/** Factories of classes, with what they are called. */
function factoriesOf(names: Iterable<string>): readonly (readonly [string, Factory])[] {
  return [...names].sort().flatMap((name) => {
    const made = (cdk8sFace as Readonly<Record<string, unknown>>)[name];
    const own = made === undefined ? [] : Object.entries(Object.getOwnPropertyDescriptors(made));
    return own
      .filter(([, { value }]) => typeof value === 'function')
      .map(([key, { value }]) => [`${name}.${key}`, value as Factory] as const);
  });
}

/** What plain JavaScript may write there. */
const GIVEN = [[], [undefined], [7], ['x'], [{}], [[]], [null], ['x', 7], ['x', {}], ['x', null]];

test.each(factoriesOf(choices.keys()))(
  '%s makes a choice of whatever it is given: others judge it',
  (name, factory) => {
    const keys = choices.get(name.split('.')[0]) ?? [];
    for (const args of GIVEN) {
      const set = Object.keys(factory(...args)).filter((key) => keys.includes(key));
      expect([args, set]).toStrictEqual([args, [expect.any(String)]]);
    }
  },
);

test.each(factoriesOf(['Locality', 'Probe']))(
  '%s throws for nothing that it is given: others judge it',
  (_, factory) => {
    for (const args of GIVEN) expect(() => factory(...args)).not.toThrow();
  },
);
