import { IstiodAccess, Revision } from 'meshvm';
import { revisionLabel } from '../../lib/mesh/revision-label';

describe('Revision', () => {
  test.each([
    [Revision.default(), { default: true }, ''],
    [Revision.named('1-31-1'), { named: '1-31-1' }, '1-31-1'],
    [Revision.tag('prod'), { tag: 'prod' }, 'prod'],
  ])('is data, and has a label', (revision, data, label) => {
    expect(revision).toEqual(data);
    expect(revisionLabel(revision)).toBe(label);
  });
});

describe('IstiodAccess', () => {
  test('is data', () => {
    expect(IstiodAccess.hostsEntry()).toEqual({ hostsEntry: true });
    expect(IstiodAccess.dnsName('istiod.example.com')).toEqual({ dnsName: 'istiod.example.com' });
  });
});
