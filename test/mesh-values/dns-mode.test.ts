import { DnsMode } from 'meshvm';
import { Problems } from '../../lib/core/problems';
import { checkDnsMode, dnsRouting } from '../../lib/mesh/dns-routing';

function verdict(mode: DnsMode): readonly string[] {
  const problems = new Problems();
  checkDnsMode(problems, mode, 'cluster.local');
  return problems.all.map(({ property, id }) => `${property} [${id}]`);
}

describe('DnsMode', () => {
  test('is data', () => {
    expect([DnsMode.capture(), DnsMode.off(), DnsMode.split()]).toEqual([
      { capture: true },
      { off: true },
      { split: {} },
    ]);
    expect(DnsMode.coreDns('10.20.0.53', { domains: ['corp.example'] })).toEqual({
      coreDns: { address: '10.20.0.53', domains: ['corp.example'] },
    });
  });

  test('captures, or leaves names alone', () => {
    expect(dnsRouting(DnsMode.capture(), 'cluster.local')).toStrictEqual({ mode: 'capture' });
    expect(dnsRouting(DnsMode.off(), 'cluster.local')).toStrictEqual({ mode: 'off' });
  });

  test("routes the cluster's domain, and those that somebody names", () => {
    expect(dnsRouting(DnsMode.split(), 'cluster.local')).toStrictEqual({
      mode: 'split',
      domains: ['svc.cluster.local'],
    });
    expect(dnsRouting(DnsMode.split({ domains: ['bank.example', 'payments'] }), 'cluster.local').domains).toStrictEqual(
      [...['svc.cluster.local', 'bank.example', 'payments']],
    );
    expect(dnsRouting(DnsMode.coreDns('10.20.0.53', { domains: ['corp.example'] }), 'k8s.acme.internal')).toStrictEqual(
      {
        ...{ mode: 'coreDns', domains: ['svc.k8s.acme.internal', 'corp.example'], address: '10.20.0.53' },
      },
    );
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
    expect(verdict(DnsMode.split({ domains: ['a', domain] }))).toStrictEqual(['split.domains[1] [dns/domain]']);
    expect(verdict(DnsMode.coreDns('10.0.0.1', { domains: [domain] }))).toStrictEqual([
      'coreDns.domains[0] [dns/domain]',
    ]);
  });

  test('refuses a domain that is there already', () => {
    const domains = ['a.example', 'svc.cluster.local', 'a.example'];
    expect(verdict(DnsMode.split({ domains }))).toStrictEqual([
      'split.domains[1] [dns/domain-twice]',
      'split.domains[2] [dns/domain-twice]',
    ]);
  });

  test.each(['', 'coredns.kube-system', '10.0.0.1:53', '10.0.0.0/8', 'fd00::53', '127.0.0.1', '0.0.0.0'])(
    'refuses the server %j, and says everything else',
    (address) => {
      expect(verdict(DnsMode.coreDns(address, { domains: ['.'] }))).toStrictEqual([
        'coreDns.address [dns/server]',
        'coreDns.domains[0] [dns/domain]',
      ]);
    },
  );
});
