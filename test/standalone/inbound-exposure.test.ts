import { InboundExposure } from 'meshvm';
import { problemsOf } from '../fixtures';

describe('InboundExposure', () => {
  test('direct takes addresses and names', () => {
    expect(InboundExposure.direct(['10.0.0.9', 'fd00::9', 'vm-1.example.com']).addresses).toEqual([
      '10.0.0.9',
      'fd00::9',
      'vm-1.example.com',
    ]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['none', [], ['addresses [standalone/inbound-without-address]']],
    ['a URL', ['https://x.example.com'], ['addresses[0] [standalone/inbound-address]']],
    ['a port', ['10.0.0.9:8080'], ['addresses[0] [standalone/inbound-address]']],
    ['a zone', ['fe80::1%eth0'], ['addresses[0] [standalone/inbound-address]']],
    ['one twice', ['10.0.0.9', '10.0.0.9'], ['addresses[1] [standalone/inbound-address-twice]']],
  ])('direct refuses %s', (_, addresses, expected) => {
    expect(problemsOf(() => InboundExposure.direct(addresses))).toEqual(expected);
  });

  test('loadBalancer refuses what is no name', () => {
    expect(problemsOf(() => InboundExposure.loadBalancer('a b'))).toEqual(['dnsName [standalone/inbound-address]']);
    expect(InboundExposure.loadBalancer('nlb.example.com').httpsOptions).toBeUndefined();
  });

  test('httpsLoadBalancer needs to know where the load balancer calls from', () => {
    expect(problemsOf(() => InboundExposure.httpsLoadBalancer('alb.example.com', { sourceRanges: [] }))).toEqual([
      'sourceRanges [standalone/inbound-without-sources]',
    ]);
  });

  test('httpsLoadBalancer names every problem', () => {
    const options = {
      sourceRanges: ['10.0.0.1/8'],
      certificateName: 'a..b',
      caCertificates: '',
      tokens: { issuer: '', audiences: [], jwks: '{}' },
    };
    expect(problemsOf(() => InboundExposure.httpsLoadBalancer('10.0.0.1', options))).toEqual([
      'dnsName [name/host]',
      'sourceRanges[0] [address/cidr]',
      'certificateName [name/host]',
      'caCertificates [property/required]',
      'tokens.issuer [property/required]',
      'tokens.jwks.keys [request-authentication/jwks-key]',
      'tokens.audiences [standalone/inbound-tokens-without-audience]',
    ]);
  });
});
