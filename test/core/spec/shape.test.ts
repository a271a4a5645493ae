import { Lazy } from 'cdk8s';
import { Placeholders } from '../../../lib/core/placeholders';
import { Problems } from '../../../lib/core/problems';
import { readShape, type Schema } from '../../../lib/core/spec/shape';

const definitions: Readonly<Record<string, Schema>> = {
  Props: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      ports: { type: 'array', items: { $ref: '#/definitions/Port' } },
      step: { $ref: '#/definitions/Step' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      group: { $ref: '#/definitions/Group' },
      gateway: { $ref: '#/definitions/Gateway' },
      either: { anyOf: [{ type: 'string' }, { $ref: '#/definitions/Port' }] },
    },
    required: ['name'],
    additionalProperties: false,
  },
  Port: { type: 'object', properties: { port: { type: 'number' } }, required: ['port'], additionalProperties: false },
  Step: {
    type: 'object',
    properties: { start: { type: 'boolean', const: true }, share: { type: 'number' } },
    oneOf: [{ required: ['start'] }, { required: ['share'] }],
    additionalProperties: false,
  },
  Gateway: {
    type: 'object',
    properties: { port: { type: 'number' }, address: { type: 'string' }, service: { type: 'string' } },
    oneOf: [{ required: ['address'] }, { required: ['service'] }],
    additionalProperties: false,
  },
  Group: {
    type: 'object',
    properties: { groupName: { type: 'string' } },
    required: ['groupName'],
    additionalProperties: true,
  },
};

function read(given: unknown) {
  const problems = new Problems();
  const value = readShape(problems, given, { definitions }, 'Props');
  return { value, problems: problems.all.map(({ property, allowed, remedy }) => ({ property, allowed, remedy })) };
}

describe('readShape', () => {
  test('makes plain data of what factories made, and leaves out what is undefined', () => {
    class Step {
      public constructor(public readonly share: number) {}
    }
    const { value, problems } = read({ name: 'a', ports: undefined, step: new Step(10) });
    expect(problems).toStrictEqual([]);
    expect(value).toStrictEqual({ name: 'a', step: { share: 10 } });
  });

  test('keeps what is referred to as it is', () => {
    const group = { groupName: 'shop', node: { path: 'c/shop' }, more: 1 };
    expect((read({ name: 'a', group }).value as { group: unknown }).group).toBe(group);
  });

  test('takes a choice that is false for one that is left out', () => {
    expect(read({ name: 'a', step: { start: false, share: 10 } })).toStrictEqual({
      value: { name: 'a', step: { share: 10 } },
      problems: [],
    });
    expect(read({ name: 'a', step: { start: false } }).problems).toStrictEqual([
      {
        property: 'step',
        allowed: 'exactly one of start, share',
        remedy: 'set one of them, and leave the others out',
      },
    ]);
  });

  test('counts as a choice only what is there to choose from', () => {
    expect(read({ name: 'a', gateway: { address: '192.0.2.1', port: 443 } }).problems).toStrictEqual([]);
    expect(read({ name: 'a', gateway: { port: 443 } }).problems).toMatchObject([
      { property: 'gateway', allowed: 'exactly one of address, service' },
    ]);
    expect(read({ name: 'a', gateway: 443 }).problems).toMatchObject([
      { property: 'gateway', allowed: 'an object with port, and exactly one of address, service' },
    ]);
  });

  test('says which property was meant', () => {
    expect(read({ name: 'a', prots: [] }).problems).toStrictEqual([
      {
        property: 'prots',
        allowed: 'name, ports, step, labels, group, gateway, either',
        remedy: 'did you mean ports?',
      },
    ]);
    expect(read({ name: 'a', something: [] }).problems[0].remedy).toBe('remove the property, or correct its name');
  });

  test.each<[string, unknown, string, string]>([
    ['nothing at all', undefined, '', 'an object with name, ports, step, labels, group, gateway, either'],
    ['null', { name: null }, 'name', 'a string'],
    ['a string for a list', { name: 'a', ports: 'http' }, 'ports', 'a list'],
    ['an object for a list', { name: 'a', ports: {} }, 'ports', 'a list'],
    ['a list for an object', { name: 'a', ports: [[]] }, 'ports[0]', 'an object with port'],
    ['no number', { name: 'a', ports: [{ port: Number.NaN }] }, 'ports[0].port', 'a number'],
    ['a function', { name: () => 'a' }, 'name', 'a string'],
    ['a label that is none', { name: 'a', labels: { 'a/b': 1 } }, 'labels["a/b"]', 'a string'],
    ['a string for a choice', { name: 'a', step: 'start' }, 'step', 'an object with exactly one of start, share'],
    ['neither of two', { name: 'a', either: 1 }, 'either', 'a string, or an object with port'],
    ['the second of two, wrong', { name: 'a', either: {} }, 'either.port', 'a number'],
    ['a group without its name', { name: 'a', group: {} }, 'group.groupName', 'a string'],
  ])('refuses %s', (_, given, property, allowed) => {
    expect(read(given).problems).toStrictEqual([expect.objectContaining({ property, allowed })]);
  });

  test('does not judge what is not known yet', () => {
    const lazy = Lazy.any({ produce: () => 8080 });
    const later = Promise.resolve(1);
    expect(read({ name: lazy, ports: lazy, step: lazy, group: later }).problems).toStrictEqual([]);
    Placeholders.during((placeholders) => {
      const name = placeholders.next();
      expect(read({ name, ports: [{ port: name }], step: name }).problems).toStrictEqual([]);
    });
  });
});
