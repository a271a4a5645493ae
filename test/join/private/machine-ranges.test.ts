import { Problems } from '../../../lib/core/problems';
import { checkMachineRanges } from '../../../lib/join/private/machine-ranges';
import { problemsOf } from '../../fixtures';

const check = (...cidrs: readonly string[]) => {
  const problems = new Problems();
  checkMachineRanges(problems, 'network', cidrs);
  problems.throwIfAny('group');
};

describe('ranges of machines', () => {
  test.each([
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '2000::/3',
    'fd00::/8',
    '127.0.0.0/8',
    '127.0.0.1/32',
    '169.0.0.0/8',
    '169.254.169.254/32',
    '224.0.0.0/8',
    '255.255.255.255/32',
    '::1/128',
    'fe80::/64',
    'ff02::/32',
  ])('are not %s, in which a machine could claim what is not its own', (cidr) => {
    expect(problemsOf(() => check('10.20.0.0/16', cidr))).toStrictEqual([
      'network[1] [network/machine-range-too-wide]',
    ]);
  });

  test('are subnets as clouds and data centers have them', () => {
    expect(() => check('10.0.0.0/8', '192.168.0.0/16', '100.64.0.0/10', '2001:db8::/32', 'fd00:20::/64')).not.toThrow();
  });
});
