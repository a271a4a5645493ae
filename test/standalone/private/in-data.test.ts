import { inData } from '../../../lib/standalone/private/in-data';

test.each([
  ['use MeshIdentity.serviceAccount(namespace, name) here', 'use serviceAccount: { namespace, name } here'],
  ['or choose NameResolution.none()', 'or choose none: {}'],
  ['use InboundExposure.loadBalancer for TCP', 'use loadBalancer for TCP'],
  ['ServiceProtocol.HTTP1, HTTP2, GRPC or TCP', 'HTTP1, HTTP2, GRPC or TCP'],
  ['such as RetryOn.GRPC_UNAVAILABLE', 'such as unavailable'],
])('%j is %j for who writes data', (text, told) => {
  expect(inData(text)).toBe(told);
});

test.each([
  'an IPv4 or IPv6 address of the machine, 0.0.0.0 or ::',
  'certificateFiles() of a StandaloneEnvoy makes it',
  'such as billing.example.com. Else leave it out; HTTP/1.1 is no name',
])('%j stays as it is', (text) => {
  expect(inData(text)).toBe(text);
});
