import { TrafficTarget } from 'meshvm';
import { knownTarget, resolveHosts, trafficPort } from '../../lib/traffic/traffic-hosts';

describe('trafficPort', () => {
  test.each<[string, string | undefined, object]>([
    ['http', undefined, { routing: 'http', http2: false, grpc: false }],
    ['http2-x', undefined, { routing: 'http', http2: true, grpc: false }],
    ['grpc', undefined, { routing: 'http', http2: true, grpc: true }],
    ['grpc-web-x', undefined, { routing: 'http', http2: true, grpc: true }],
    ['x', 'kubernetes.io/h2c', { routing: 'http', http2: true, grpc: false }],
    ['http', 'grpc', { routing: 'http', http2: true, grpc: true }],
    ['tls', undefined, { routing: 'tls', http2: false, grpc: false }],
    ['mysql', undefined, { routing: 'tcp', http2: false, grpc: false }],
  ])('reads name %s with appProtocol %s', (name, appProtocol, expected) => {
    expect(trafficPort({ name, port: 80, appProtocol })).toStrictEqual({ port: 80, ...expected });
  });
});

describe('resolveHosts', () => {
  test.each<[string, string]>([
    ['shop.payments.svc.cluster.local', 'shop'],
    ['shop.other.svc.cluster.local', 'shop.other.svc.cluster.local'],
    ['API.example.com', 'api.example.com'],
    ['*.example.com', 'any.example.com'],
  ])('names the objects about %s', (host, name) => {
    expect(resolveHosts(knownTarget(TrafficTarget.fromHost(host)), 'payments', undefined)).toStrictEqual([
      { host, name, ports: undefined },
    ]);
  });
});
