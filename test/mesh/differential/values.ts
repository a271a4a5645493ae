import fc from 'fast-check';

/** Values for random properties: mostly good ones, and the bad ones that people and programs really write. */

/** `good`, and `bad` once in `one in` cases. */
export function mostly<G, B>(good: fc.Arbitrary<G>, bad: fc.Arbitrary<B>, oneIn = 24): fc.Arbitrary<G | B> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: good }, { weight: 1, arbitrary: bad });
}

/** An optional property: absent in half of the cases. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

export const goodName = fc.stringMatching(/^[a-z]([-a-z0-9]{0,12}[a-z0-9])?$/);
export const badName = fc.constantFrom(
  '',
  'A',
  '-a',
  'a-',
  'a_b',
  'a b',
  'ä',
  'a/b',
  'a.b',
  '1',
  '..',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(254),
);
export const name = mostly(goodName, badName);

export const goodLabelValue = fc.stringMatching(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?)?$/);
export const labelValue = mostly(
  goodLabelValue,
  fc.constantFrom('-', 'a b', 'ü', 'a/b', 'x'.repeat(63), 'x'.repeat(64), 'a-'),
);
export const labelKey = mostly(
  fc.constantFrom('team', 'tier', 'example.com/owner', 'a.b.c/D_e.f', '9'),
  fc.constantFrom('', 'a b', '/x', 'x/', 'a/b/c', 'UP.com/x', '-', 'x'.repeat(64), `${'p'.repeat(254)}/x`),
);
export const labels = fc.dictionary(labelKey, labelValue, { maxKeys: 3 });
export const annotations = fc.dictionary(
  mostly(labelKey, fc.constant('istio.io/dry-run')),
  fc.string({ maxLength: 20 }),
  { maxKeys: 2 },
);

export const port = mostly(
  fc.oneof(fc.integer({ min: 1, max: 14999 }), fc.integer({ min: 15100, max: 65535 })),
  fc.constantFrom(0, -1, 65536, 1.5, 15001, 15021, 2 ** 31),
);
export const portName: fc.Arbitrary<string> = mostly(
  fc.constantFrom('http', 'http-admin', 'grpc', 'grpc-web', 'tcp', 'tcp-x', 'mysql', 'https', 'tls-1'),
  fc.constantFrom(
    '',
    'web',
    'HTTP',
    'http_x',
    'http-',
    'udp',
    `http-${'x'.repeat(58)}`,
    `http-${'x'.repeat(57)}`,
    `http-${'x'.repeat(60)}`,
  ),
);
export const appProtocol: fc.Arbitrary<string> = mostly(
  fc.constantFrom('http', 'tcp', 'kubernetes.io/h2c'),
  fc.constantFrom('', 'HTTP', 'x y', 'udp'),
  8,
);

export const ipAddress: fc.Arbitrary<string> = mostly(
  fc.oneof(fc.ipV4(), fc.ipV6()),
  fc.constantFrom('', 'db.example.com', '10.0.0', '10.0.0.256', 'unix:///x', '10.0.0.1:80', 'a b', 'fe80::1%eth0'),
  12,
);
export const network: fc.Arbitrary<string> = mostly(
  goodName,
  fc.constantFrom('DC_1', 'a.b', '', '-', 'x'.repeat(64)),
  16,
);
export const int32 = mostly(fc.integer({ min: 0, max: 600 }), fc.constantFrom(-1, 0.5, 2 ** 31, 2 ** 31 - 1), 40);
