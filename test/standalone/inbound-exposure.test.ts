import { Caller, InboundExposure, ServiceProtocol } from 'meshvm';
import { refusal } from './fixtures';

function refusalOf(exposure: InboundExposure): readonly string[] {
  const callers = exposure.httpsLoadBalancer === undefined ? [Caller.authenticated()] : undefined;
  const ports = [{ name: 'http', port: 8080, applicationPort: 3000, protocol: ServiceProtocol.HTTP1 }];
  const problems = refusal({ inbound: { host: 'billing.example.com', exposure, callers, ports } });
  return problems.map((problem) => problem.replace('inbound.exposure.', ''));
}

describe('InboundExposure', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['none', [], ['direct.addresses [standalone/inbound-without-address]']],
    ['a URL', ['https://x.example.com'], ['direct.addresses[0] [standalone/inbound-address]']],
    ['a port', ['10.0.0.9:8080'], ['direct.addresses[0] [standalone/inbound-address]']],
    ['a zone', ['fe80::1%eth0'], ['direct.addresses[0] [standalone/inbound-address]']],
    ['one twice', ['10.0.0.9', '10.0.0.9'], ['direct.addresses[1] [standalone/inbound-address-twice]']],
  ])('direct refuses %s', (_, addresses, expected) => {
    expect(refusalOf(InboundExposure.direct(addresses))).toEqual(expected);
  });

  test('loadBalancer refuses what is no name', () => {
    expect(refusalOf(InboundExposure.loadBalancer('a b'))).toEqual([
      'loadBalancer.dnsName [standalone/inbound-address]',
    ]);
  });

  test('httpsLoadBalancer needs to know where the load balancer calls from', () => {
    expect(refusalOf(InboundExposure.httpsLoadBalancer('alb.example.com', { sourceRanges: [] }))).toEqual([
      'httpsLoadBalancer.sourceRanges [standalone/inbound-without-sources]',
    ]);
  });

  test('httpsLoadBalancer names every problem', () => {
    const options = {
      sourceRanges: ['10.0.0.1/8'],
      certificateName: 'a..b',
      caCertificates: '',
      tokens: { issuer: '', audiences: [], jwks: '{}' },
    };
    expect(refusalOf(InboundExposure.httpsLoadBalancer('a b', options))).toEqual([
      'httpsLoadBalancer.sourceRanges[0] [address/cidr]',
      'httpsLoadBalancer.tokens.issuer [property/required]',
      'httpsLoadBalancer.tokens.jwks.keys [request-authentication/jwks-key]',
      'httpsLoadBalancer.tokens.audiences [standalone/inbound-tokens-without-audience]',
      'httpsLoadBalancer.dnsName [name/host]',
      'httpsLoadBalancer.certificateName [name/host]',
      'httpsLoadBalancer.caCertificates [property/required]',
    ]);
  });
});
