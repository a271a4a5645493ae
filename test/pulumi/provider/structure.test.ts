import * as pulumi from '@pulumi/pulumi';
import { type Properties, structureOf, type Types } from '../../../provider/structure';
import { detailsOf, later, unknown } from '../fixtures';
import { runProgram, settled } from '../program';

const TYPES: Types = {
  'm:index:Target': { properties: { group: { $ref: '#/types/m:index:Group', plain: true }, mesh: { plain: true } } },
  'm:index:Group': {
    properties: {
      name: {},
      labels: { additionalProperties: {} },
      ports: { items: { $ref: '#/types/m:index:Port', plain: true }, plain: true },
    },
  },
  'm:index:Port': { properties: { port: { plain: true }, host: {} } },
};
const PROPERTIES: Properties = {
  target: { $ref: '#/types/m:index:Target', plain: true },
  names: { items: {}, plain: true },
  targets: { items: { $ref: '#/types/m:index:Target' }, plain: true },
  text: {},
  owner: { $ref: 'pulumi.json#/Any' },
};

const GROUP = { name: 'pay', labels: { app: 'pay' }, ports: [{ port: 8080, host: 'a' }] };

function read(inputs: () => pulumi.Inputs): Promise<pulumi.Inputs> {
  return runProgram(() => structureOf('Thing it', inputs(), PROPERTIES, TYPES)).then(({ value }) => value);
}

test('plain arguments stay as they are', async () => {
  const inputs = { target: { group: GROUP }, names: ['a'], text: 'b', more: { any: 1 } };
  expect(await read(() => inputs)).toStrictEqual(inputs);
});

test('leaves that are known later stay so', async () => {
  const [name, text] = [later('pay'), later('b')];
  const read_ = await read(() => ({ target: { group: { name } }, text }));
  expect([read_.target.group.name, read_.text]).toStrictEqual([name, text]);
});

test.each<readonly [string, () => pulumi.Inputs]>([
  ['an argument', () => ({ target: later({ group: GROUP }) })],
  ['a part of one', () => ({ target: { group: later(GROUP) } })],
  ['an element of a list', () => ({ target: { group: { ...GROUP, ports: [later({ port: 8080, host: 'a' })] } } })],
  [
    'a value that must be plain',
    () => ({ target: { group: { ...GROUP, ports: [{ port: later(8080), host: 'a' }] } } }),
  ],
])('%s that comes as one value is taken apart', async (_, inputs) => {
  expect(await read(inputs)).toStrictEqual({ target: { group: GROUP } });
});

test('elements of a list are structures, whether or not they may be Inputs', async () => {
  const inputs = () => ({ targets: [later({ group: GROUP })] });
  expect(await read(inputs)).toStrictEqual({ targets: [{ group: GROUP }] });
});

test('what is secret as a whole is secret in its leaves, and nowhere else', async () => {
  const { target } = await read(() => ({ target: pulumi.secret({ group: GROUP }) }));
  const { name, labels, ports } = target.group;
  const { value } = await runProgram(() => Promise.all([name, labels.app, ports[0].host].map(pulumi.isSecret)));
  expect(value).toStrictEqual([true, true, true]);
  expect([await settled(name), ports[0].port]).toStrictEqual(['pay', 8080]);
});

test('a structure that is not known is refused with each of its properties', async () => {
  const { value } = await runProgram(
    () =>
      structureOf(
        'Thing it',
        { target: { group: unknown() }, names: unknown(), text: unknown() },
        PROPERTIES,
        TYPES,
      ).catch(detailsOf),
    { preview: true },
  );
  const reason = 'it is not known yet, and the structure of arguments must be known in a preview; write it in place';
  expect(value).toStrictEqual([`names: ${reason}`, `target.group: ${reason}`]);
});

test('a resource is no structure', async () => {
  const { value } = await runProgram(async () => {
    const owner = new pulumi.ComponentResource('m:index:Owner', 'owner');
    const read_ = await structureOf('Thing it', { owner }, PROPERTIES, TYPES);
    return read_.owner === owner;
  });
  expect(value).toBe(true);
});
