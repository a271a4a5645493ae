import { Fields, matches } from '../../lib/graph/fields';

function fields(value: Record<string, unknown>) {
  const problems: string[] = [];
  return { problems, read: new Fields(value, 'Service a/x', (problem) => problems.push(problem)) };
}

test('values of the right type', () => {
  const { read, problems } = fields({
    t: 'a',
    n: 7,
    f: true,
    m: { k: 'v' },
    ms: [{ k: 'w' }],
    ts: ['a', 80],
    l: { b: '1', a: 2 },
  });
  expect([read.text('t'), read.number('n'), read.scalar('n'), read.flag('f')]).toStrictEqual(['a', 7, '7', true]);
  expect([read.map('m').text('k'), read.maps('ms')[0].text('k'), read.texts('ts')]).toStrictEqual([
    'v',
    'w',
    ['a', '80'],
  ]);
  expect([...read.labels('l')]).toStrictEqual([
    ['a', '2'],
    ['b', '1'],
  ]);
  expect(problems).toStrictEqual([]);
});

test('absent and null are the same, and nothing comes from a prototype', () => {
  const { read, problems } = fields({ t: null });
  expect([read.text('t'), read.number('x'), read.flag('x'), read.texts('x'), read.map('x').keys]).toStrictEqual([
    undefined,
    undefined,
    false,
    [],
    [],
  ]);
  expect([read.has('t'), read.has('toString'), read.text('constructor')]).toStrictEqual([false, false, undefined]);
  expect(problems).toStrictEqual([]);
});

test('values of another type are absent, and named', () => {
  const { read, problems } = fields({ t: 7, n: '7', s: [], f: 'yes', m: [], ms: ['x', {}], ts: [{}] });
  expect([read.text('t'), read.number('n'), read.scalar('s'), read.flag('f'), read.optionalMap('m')]).toStrictEqual([
    undefined,
    undefined,
    undefined,
    false,
    undefined,
  ]);
  expect([read.maps('ms').length, read.texts('ts')]).toStrictEqual([1, []]);
  expect(problems).toStrictEqual([
    'Service a/x.t must be text: not drawn',
    'Service a/x.n must be a number: not drawn',
    'Service a/x.s must be text or a number: not drawn',
    'Service a/x.f must be true or false: not drawn',
    'Service a/x.m must be a map: not drawn',
    'Service a/x.ms[0] must be a map: not drawn',
    'Service a/x.ts[0] must be text: not drawn',
  ]);
});

test('a selector matches labels that hold all of it', () => {
  const labels = new Map([
    ['app', 'x'],
    ['version', 'v1'],
  ]);
  expect(
    [new Map(), new Map([['app', 'x']]), new Map([['app', 'y']]), new Map([['z', '']])].map((s) => matches(s, labels)),
  ).toStrictEqual([true, true, false, false]);
});
