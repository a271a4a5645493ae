import { type Routing, routingOf, routingOfServicePort } from '../../../lib/core/values/protocols';

describe('protocols', () => {
  test.each<[string, Routing]>([
    ['HTTP', 'http'],
    ['grpc-web', 'http'],
    ['GRPC-WEB', 'http'],
    ['HTTPS', 'tls'],
    ['TLS', 'tls'],
    ['TCP', 'tcp'],
    ['MONGO', 'tcp'],
  ])('%s is routed as %s', (protocol, routing) => {
    expect(routingOf(protocol)).toBe(routing);
  });

  test.each<[string, string | undefined, Routing]>([
    ['http-admin', undefined, 'http'],
    ['grpc-web-x', undefined, 'http'],
    ['https', undefined, 'tls'],
    ['mysql', undefined, 'tcp'],
    ['http', 'tcp', 'tcp'],
    ['x', 'kubernetes.io/h2c', 'http'],
    ['x', 'kubernetes.io/wss', 'tls'],
  ])('a Service port %s with appProtocol %s is routed as %s', (name, appProtocol, routing) => {
    expect(routingOfServicePort({ name, appProtocol })).toBe(routing);
  });
});
