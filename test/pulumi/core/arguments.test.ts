import { inspect } from 'node:util';
import { Problems } from '../../../lib/core/problems';
import { checkCidrs } from '../../../lib/core/values/addresses';
import { checkDnsLabel } from '../../../lib/core/values/names';
import { ArgumentProblems } from '../../../lib/pulumi/core/arguments';
import type { Run } from '../../../lib/pulumi/core/plan';
import { detailsOf } from '../fixtures';

function complaints(add: (problems: ArgumentProblems) => void, run?: Run): readonly string[] {
  return detailsOf(errorOf(add, run));
}

function errorOf(add: (problems: ArgumentProblems) => void, run?: Run): unknown {
  const problems = new ArgumentProblems(run);
  add(problems);
  try {
    problems.throwIfAny('Thing x');
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A value that judges what it is made of. */
function flatNetwork(): void {
  const problems = new Problems();
  checkCidrs(problems, 'cidrs', ['x', '10.0.0.0/8', 'y']);
  problems.throwIfAny('network');
}

const RUN: Run = { first: true, later: undefined, secret: false };

describe('ArgumentProblems', () => {
  test('throws nothing when there is nothing', () => {
    expect(() => new ArgumentProblems().throwIfAny('Thing x')).not.toThrow();
  });

  test('throws all at once: its own, those of values and those of the checks', () => {
    const error = errorOf((problems) => {
      problems.add('a', 'it is odd');
      expect(problems.convert('network.flat', flatNetwork)).toBeUndefined();
      checkDnsLabel(problems.problems, 'name', 'Bad');
    });
    expect(detailsOf(error)).toStrictEqual([
      'a: it is odd',
      'network.flat.cidrs[0] [address/cidr]',
      'network.flat.cidrs[1] [address/cidr]'.replace('1', '2'),
      'name [name/dns-label]',
    ]);
    expect((error as Error).message.split('\n').map((line) => line.slice(0, 26))).toStrictEqual([
      'Thing x: 4 problems',
      '  a: it is odd',
      '  network.flat.cidrs[0]: "',
      '  network.flat.cidrs[2]: "',
      '  name: "Bad" is not allow',
      '  what stands in [ ] is a ',
    ]);
  });

  test('is shown with each problem once, although its details have them, too', () => {
    const shown = inspect(errorOf((problems) => problems.add('a', 'it is odd')));
    expect(shown).toContain('Thing x: 1 problem\n  a: it is odd');
    expect(shown.split('it is odd')).toHaveLength(2);
  });

  test('tells a problem once, whichever runs of a plan have it, and in all of them by one error', () => {
    const told: NonNullable<Run['told']> = new Map();
    const run = (secret: boolean, ...names: readonly string[]) =>
      errorOf(
        (problems) => {
          for (const name of names) checkDnsLabel(problems.problems, name, 'Bad');
          problems.add('c', 'it is odd');
        },
        { ...RUN, first: false, secret, told },
      );
    const first = run(false, 'a');
    expect(detailsOf(first)).toStrictEqual(['c: it is odd', 'a [name/dns-label]']);
    expect(detailsOf(run(true, 'a', 'b'))).toStrictEqual(['b [name/dns-label]']);
    expect(run(true, 'a')).toBe(first);
  });

  test('lets errors through that are no complaint about a value', () => {
    const fail = () => {
      throw new TypeError('a bug');
    };
    expect(() => new ArgumentProblems().convert('a', fail)).toThrow(new TypeError('a bug'));
  });

  test('makes the one value that is chosen', () => {
    const problems = new ArgumentProblems();
    const made = problems.one<{ a?: number; b?: number }, string>(
      'x',
      { a: 1, b: undefined },
      {
        a: (value, path) => `${path} ${value}`,
        b: () => 'b',
      },
    );
    expect(made).toBe('x.a 1');
  });

  test('takes a choice that is false for one that is not there', () => {
    const choose = (args: { a?: boolean; b?: boolean }) => (problems: ArgumentProblems) =>
      problems.one<{ a?: boolean; b?: boolean }, string>('x', args, { a: () => 'a', b: () => 'b' });
    expect(choose({ a: false, b: true })(new ArgumentProblems())).toBe('b');
    expect(complaints(choose({ a: false }))).toStrictEqual(['x: exactly one of a, b must be set, found none']);
  });

  test.each<[string, object]>([
    ['none', {}],
    ['none', { a: undefined }],
    ['a, b', { a: 1, b: 2 }],
    ['c', { c: 1 }],
  ])('refuses a choice of %s', (found, args) => {
    const choose = (problems: ArgumentProblems) =>
      problems.one<{ a?: number; b?: number }, number>('x', args, { a: Number, b: Number });
    expect(complaints(choose)).toStrictEqual([`x: exactly one of a, b must be set, found ${found}`]);
  });

  test('refuses a choice that is not there at all', () => {
    const choose = (problems: ArgumentProblems) =>
      problems.one<{ a?: number }, number>('x', undefined as never, { a: Number });
    expect(complaints(choose)).toStrictEqual(['x: exactly one of a must be set, found none']);
  });

  test('names arguments that stand elsewhere than the property', () => {
    const add = (problems: ArgumentProblems) => {
      problems.rename('hosts', 'expose.hosts');
      for (const property of ['hosts', 'hosts[1]', 'hosts.x', 'hostsOfOthers', 'my.hosts']) problems.add(property, '');
    };
    expect(complaints(add)).toStrictEqual([
      'expose.hosts: ',
      'expose.hosts[1]: ',
      'expose.hosts.x: ',
      'hostsOfOthers: ',
      'my.hosts: ',
    ]);
  });

  test('shows a value, shortened, but in a run with secrets', () => {
    const name = 'X'.repeat(200);
    const add = (problems: ArgumentProblems) => checkDnsLabel(problems.problems, 'name', name);
    const { message } = errorOf(add, RUN) as Error;
    expect(message).toContain(`  name: "${'X'.repeat(116)}... is not allowed; allowed: `);
    const secret = errorOf(add, { ...RUN, secret: true }) as Error;
    expect(secret.message).toContain('  name: a value is not allowed; allowed: ');
    expect(JSON.stringify([secret.message, secret])).not.toContain('XX');
  });
});
