import { claim, claimantOf } from '../../lib/core/claims';
import { Registry } from '../../lib/core/registry';

describe('claims', () => {
  test('hold within a program, by subject', () => {
    const program = new Registry();
    expect(claimantOf(program, 'host')).toBeUndefined();
    claim(program, 'first', 'host');
    expect(claimantOf(program, 'host')).toBe('first');
    expect(claimantOf(program, 'other')).toBeUndefined();
  });

  test('say nothing about another program', () => {
    claim(new Registry(), 'first', 'host');
    expect(claimantOf(new Registry(), 'host')).toBeUndefined();
  });
});
