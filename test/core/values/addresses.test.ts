import fc from 'fast-check';
import { Problems } from '../../../lib/core/problems';
import {
  areCovered,
  checkCidrs,
  checkIpAddress,
  cidrFamily,
  holdsAddress,
  isIpAddress,
} from '../../../lib/core/values/addresses';

describe('addresses', () => {
  test.each(['10.0.0.1', '::1', 'fd00::10', '::ffff:10.0.0.1'])('%p is an address', (value) =>
    expect(isIpAddress(value)).toBe(true),
  );
  test.each(['10.0.0', '010.0.0.1', 'host', 'fe80::1%eth0', '', '10.0.0.1/32'])('%p is none', (value) =>
    expect(isIpAddress(value)).toBe(false),
  );

  test.each([
    ['10.20.0.0/16', 4],
    ['0.0.0.0/0', 4],
    ['10.0.0.1/32', 4],
    ['10.20.0.1/16', 0],
    ['10.20.0.0/33', 0],
    ['10.20.0.0/016', 0],
    ['10.20.0.0', 0],
    ['10.20.0.0/16/1', 0],
    ['fd00:20::/64', 6],
    ['::/0', 6],
    ['fd00::1/64', 0],
    ['::ffff:10.0.0.0/104', 6],
  ])('%p is a range of family %p', (value, family) => expect(cidrFamily(value)).toBe(family));

  test('a range is one exactly when its host bits are zero', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (bits, prefix) => {
        const address = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
        const hostBits = prefix === 0 ? bits : bits & (2 ** (32 - prefix) - 1);
        expect(cidrFamily(`${address}/${prefix}`)).toBe((prefix === 32 ? 0 : hostBits) === 0 ? 4 : 0);
      }),
    );
  });

  test('ranges cover another when each of its addresses is in one of them', () => {
    const ranges = (start: (last: number) => string, width: number) =>
      fc
        .tuple(fc.nat(31), fc.integer({ min: width - 5, max: width }))
        .map(([last, prefix]) => `${start(last - (last % 2 ** (width - prefix)))}/${prefix}`);
    const four = { start: (last: number) => `10.0.0.${last}`, width: 32 };
    const six = { start: (last: number) => `fd00::${last.toString(16)}`, width: 128 };
    fc.assert(
      fc.property(
        fc
          .constantFrom(four, six)
          .chain(({ start, width }) =>
            fc.tuple(fc.constant(start), fc.array(ranges(start, width), { maxLength: 6 }), ranges(start, width)),
          ),
        ([start, outer, inner]) => {
          const inside = Array.from({ length: 32 }, (_, last) => start(last)).filter((one) => holdsAddress(inner, one));
          const held = inside.every((address) => outer.some((range) => holdsAddress(range, address)));
          expect(areCovered(outer, inner)).toBe(held);
        },
      ),
    );
  });

  test('problems name the property, and leave out what is known only at deployment', () => {
    const problems = new Problems();
    checkIpAddress(problems, 'address', 'db.example.com');
    checkIpAddress(problems, 'address', Promise.resolve('10.0.0.1'));
    checkCidrs(problems, 'cidrs', ['10.0.0.0/8', 'x', Promise.resolve('10.0.0.0/8')]);
    expect(problems.all.map(({ property, id }) => [property, id])).toStrictEqual([
      ['address', 'address/ip-required'],
      ['cidrs[1]', 'address/cidr'],
    ]);
  });
});
