import { IstiodAccess, Revision } from 'meshvm';

describe('Revision', () => {
  test.each([
    [Revision.default(), '', '', ''],
    [Revision.named('1-31-1'), '1-31-1', '', '1-31-1'],
    [Revision.tag('prod'), '', 'prod', 'prod'],
  ])('knows its revision, its tag and its label', (revision, revisionName, tagName, label) => {
    expect([revision.revisionName, revision.tagName, revision.label]).toStrictEqual([revisionName, tagName, label]);
  });
});

describe('IstiodAccess', () => {
  test('has a host of its own only with a DNS name', () => {
    expect(IstiodAccess.hostsEntry().customHost).toBeUndefined();
    expect(IstiodAccess.dnsName('istiod.example.com').customHost).toBe('istiod.example.com');
  });
});
