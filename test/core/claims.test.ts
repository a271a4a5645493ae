import { App, Chart } from 'cdk8s';
import { claim, claimantOf } from '../../lib/core/claims';

describe('claims', () => {
  test('hold within a program, by subject', () => {
    const app = new App();
    const first = new Chart(app, 'first');
    const second = new Chart(app, 'second');
    expect(claimantOf(second, 'host')).toBeUndefined();
    claim(first, 'host');
    expect(claimantOf(second, 'host')).toBe('first');
    expect(claimantOf(second, 'other')).toBeUndefined();
  });

  test('say nothing about another program', () => {
    claim(new Chart(new App(), 'first'), 'host');
    expect(claimantOf(new Chart(new App(), 'second'), 'host')).toBeUndefined();
  });
});
