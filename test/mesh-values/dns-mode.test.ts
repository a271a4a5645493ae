import { DnsMode } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('DnsMode', () => {
  test('captures, or leaves names alone', () => {
    expect(DnsMode.capture()).toEqual({ mode: 'capture', domains: [], address: undefined });
    expect(DnsMode.off()).toEqual({ mode: 'off', domains: [], address: undefined });
  });

  test("routes the cluster's domain, and those that somebody names", () => {
    expect(DnsMode.split().domains).toStrictEqual(['svc.cluster.local']);
    expect(DnsMode.split({ domains: ['bank.example', 'payments'] }).domains).toStrictEqual([
      ...['svc.cluster.local', 'bank.example', 'payments'],
    ]);
    expect(DnsMode.coreDns('10.20.0.53', { domains: ['corp.example'] })).toEqual({
      ...{ mode: 'coreDns', domains: ['svc.cluster.local', 'corp.example'], address: '10.20.0.53' },
    });
  });

  test.each([
    '',
    '.',
    '~bank.example',
    '*.bank.example',
    'bank.example.',
    'Bank.example',
    'bank..example',
    'bank_1.example',
    '10.0.0.1',
    'a b',
    'a\nb',
    'x'.repeat(64).concat('.example'),
  ])('refuses the domain %j', (domain) => {
    expect(problemsOf(() => DnsMode.split({ domains: ['a', domain] }))).toStrictEqual(['domains[1] [dns/domain]']);
    expect(problemsOf(() => DnsMode.coreDns('10.0.0.1', { domains: [domain] }))).toStrictEqual([
      'domains[0] [dns/domain]',
    ]);
  });

  test('refuses a domain that is there already', () => {
    const domains = ['a.example', 'svc.cluster.local', 'a.example'];
    expect(problemsOf(() => DnsMode.split({ domains }))).toStrictEqual([
      'domains[1] [dns/domain-twice]',
      'domains[2] [dns/domain-twice]',
    ]);
  });

  test.each(['', 'coredns.kube-system', '10.0.0.1:53', '10.0.0.0/8', 'fd00::53', '127.0.0.1', '0.0.0.0'])(
    'refuses the server %j, and says everything else',
    (address) => {
      expect(problemsOf(() => DnsMode.coreDns(address, { domains: ['.'] }))).toStrictEqual([
        'address [dns/server]',
        'domains[0] [dns/domain]',
      ]);
    },
  );
});
