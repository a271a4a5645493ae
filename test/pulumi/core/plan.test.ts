import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import fc from 'fast-check';
import { type Plan, plan, type Run } from '../../../lib/pulumi/core/plan';
import { later, unknown } from '../fixtures';
import { failureOf, runProgram, settled } from '../program';

interface Args {
  readonly name: string;
  readonly size: pulumi.Input<number>;
  readonly hosts: readonly pulumi.Input<string>[];
  readonly labels: Readonly<Record<string, pulumi.Input<string>>>;
}

const ARGS: Args = { name: 'shop', size: 2, hosts: ['a.example', 'b.example'], labels: { team: 'money' } };

/** Joins, quotes and computes, as builders do. */
function build({ name, size, hosts, labels }: pulumi.Unwrap<Args>) {
  return {
    name,
    doubled: size * 2,
    first: hosts[0],
    joined: hosts.join(','),
    quoted: JSON.stringify(labels),
    digest: createHash('sha256')
      .update(JSON.stringify([labels, name]))
      .digest('hex'),
    mixed: `${hosts[0]} ${createHash('sha256').update(String(size)).digest('hex')}`,
    list: hosts.map((host) => ({ host })),
    plain: [name.length, true, null, undefined],
  };
}

const WHOLE = build(ARGS as pulumi.Unwrap<Args>);

/** What a plan's shape holds once all is known. */
const whole = <T>(planned: Plan<T>) => settled(pulumi.output(planned.shape as unknown) as pulumi.Output<T>);

describe('plan', () => {
  beforeEach(() => runProgram(() => undefined));

  test('without Inputs runs once and holds no Outputs', () => {
    const runs: Run[] = [];
    const { shape } = plan(ARGS, (args, run) => {
      runs.push(run);
      return build(args as pulumi.Unwrap<Args>);
    });
    expect(shape).toStrictEqual(WHOLE);
    expect(runs).toStrictEqual([{ first: true, later: undefined, secret: false }]);
  });

  test('makes Outputs of exactly the leaves that depend on Inputs', () => {
    const { shape } = plan({ ...ARGS, hosts: [later('a.example'), 'b.example'] }, build as never) as Plan<typeof WHOLE>;
    const open = (value: unknown) => pulumi.Output.isInstance(value);
    expect([shape.name, shape.doubled, shape.quoted, shape.list[1].host].some(open)).toBe(false);
    expect([shape.first, shape.joined, shape.list[0].host].every(open)).toBe(true);
  });

  test('gives what the builder makes of the values themselves', async () => {
    const args = {
      ...ARGS,
      size: later(21),
      hosts: [later('"a"'), Promise.resolve('b\n')],
      labels: { team: later("'") },
    };
    const planned = plan(args, build as never) as Plan<typeof WHOLE>;
    const known = build({ ...ARGS, size: 21, hosts: ['"a"', 'b\n'], labels: { team: "'" } });
    expect(await whole(planned)).toStrictEqual(known);
    expect(await settled(planned.result)).toStrictEqual(known);
  });

  test('takes one Input in two places for one value', () => {
    const host = later('a.example');
    const { shape } = plan({ a: host, b: host, c: later('b.example') }, ({ a, b, c }) => ({
      same: a === b,
      other: a === c,
    }));
    expect(shape).toStrictEqual({ same: true, other: false });
  });

  test('is unknown in a preview exactly where an Input is unknown', async () => {
    const { value } = await runProgram(
      async () => {
        const hosts = [unknown<string>(), later('b.example')];
        const { shape } = plan({ ...ARGS, hosts }, build as never) as Plan<typeof WHOLE>;
        const leaves = { joined: shape.joined, first: shape.list[0].host, second: shape.list[1].host };
        return Object.fromEntries(
          await Promise.all(
            Object.entries(leaves).map(async ([key, leaf]) => {
              const output = pulumi.output(leaf);
              return [key, [await isKnown(output), await settled(output)]];
            }),
          ),
        );
      },
      { preview: true },
    );
    expect(value).toStrictEqual({
      joined: [false, undefined],
      first: [false, undefined],
      second: [true, 'b.example'],
    });
  });

  test('keeps a secret secret in exactly the leaves that derive from it', async () => {
    const args = {
      hosts: [pulumi.secret('a.example'), later('b.example')],
      size: pulumi.secret(3),
      labels: { a: later('') },
    };
    const planned = plan({ ...ARGS, ...args }, build as never) as Plan<typeof WHOLE>;
    const { first, joined, list, digest, mixed, quoted } = planned.shape;
    const leaves = { first, joined, one: list[0].host, two: list[1].host, digest, mixed, quoted };
    const secrets = Object.entries(leaves).map(async ([key, leaf]) => [
      key,
      await pulumi.isSecret(pulumi.output(leaf)),
    ]);
    expect(Object.fromEntries(await Promise.all(secrets))).toStrictEqual({
      first: true,
      joined: true,
      one: true,
      two: false,
      digest: false,
      mixed: true,
      quoted: false,
    });
    expect(await pulumi.isSecret(planned.result)).toBe(true);
  });

  test('tells the builder when a value is secret', async () => {
    const runs: (readonly [unknown, unknown, boolean])[] = [];
    const secret = plan({ a: pulumi.secret('x'), b: later('y') }, ({ a, b }, run) => {
      const known = (value: unknown) => (['x', 'y'].includes(String(value)) ? value : undefined);
      runs.push([known(a), known(b), run.secret]);
      return { a, b };
    });
    await whole(secret);
    const unsettled = [undefined, undefined, false];
    expect(runs).toStrictEqual([
      unsettled,
      unsettled,
      ['x', undefined, true],
      [undefined, 'y', false],
      ['x', 'y', true],
    ]);
  });

  test('puts off what is not worth making before all is known', async () => {
    const args = { a: later('1'), b: later('2') };
    const planned = plan(args, ({ a, b }, { later }) => ({ one: a, all: later ?? `${a}${b}` }));
    expect(await whole(planned)).toStrictEqual({ one: '1', all: '12' });
  });

  test.each<[string, (text: string) => unknown, string]>([
    ['whether something is there', (text) => (text === 'x' ? { a: { here: text } } : { a: {} }), 'a'],
    ['a key', (text) => ({ a: { [`key-${text}`]: 1 } }), 'a'],
    ['how many there are', (text) => ({ a: { b: Array(text.length).fill(1) } }), 'a.b'],
    ['yes or no', (text) => ({ a: text.startsWith('x') }), 'a'],
    ['a leaf or a map', (text) => ({ a: text === 'x' ? {} : 1 }), 'a'],
  ])('refuses to let an Input say %s', async (_, builder, path) => {
    const errors = await failureOf(() => plan({ text: later('x') }, ({ text }) => builder(text as string)));
    expect(errors.map(({ message }) => message)).toStrictEqual([
      `${path}: it depends on a value that is known only at deployment; give that value as a plain one`,
    ]);
  });

  test('throws at once what the builder says of plain arguments, and later what it says of a value', async () => {
    const check = (args: { readonly text: string }) => {
      if (args.text === 'bad') throw new Error('bad text');
      return args;
    };
    expect(() => plan({ text: 'bad' }, check as never)).toThrow('bad text');
    const errors = await failureOf(() => plan({ text: later('bad') }, check as never));
    expect(errors.map(({ message }) => message)).toStrictEqual(['bad text']);
  });

  test('settles to what plain arguments give, whichever leaves are Inputs', async () => {
    const leaf = fc.string({ maxLength: 12 });
    const args = fc.record({
      name: fc.string(),
      size: fc.integer({ min: -1000, max: 1000 }),
      hosts: fc.array(leaf, { maxLength: 4 }),
      labels: fc.dictionary(fc.string({ maxLength: 5 }), leaf, { maxKeys: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(args, fc.infiniteStream(fc.boolean()), async (plain, choose) => {
        const wrap = <T>(value: T): pulumi.Input<T> =>
          choose.next().value ? (later(value) as pulumi.Input<T>) : (value as pulumi.Input<T>);
        const open = {
          name: plain.name,
          size: wrap(plain.size),
          hosts: plain.hosts.map(wrap),
          labels: Object.fromEntries(Object.entries(plain.labels).map(([key, text]) => [key, wrap(text)])),
        };
        const planned = plan(open, build as never) as Plan<typeof WHOLE>;
        expect(await whole(planned)).toStrictEqual(build(plain));
        expect(await settled(planned.result)).toStrictEqual(build(plain));
      }),
    );
  });
});

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}
