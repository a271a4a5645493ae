import { hostsBlock, namesByAddress, serviceNames } from '../../../lib/standalone/envoy/hosts-block';
import { anEnvoy, aService } from './spec';

describe('serviceNames', () => {
  test('of a Kubernetes Service are those that hold in every namespace', () => {
    expect(serviceNames({ host: 'catalog.shop.svc.cluster.local' })).toEqual([
      'catalog.shop.svc.cluster.local',
      'catalog.shop.svc',
      'catalog.shop',
    ]);
  });

  test('of another host is its name', () => {
    expect(serviceNames({ host: 'api.example.com' })).toEqual(['api.example.com']);
  });
});

const services = [
  aService(),
  aService({ port: 81 }),
  aService({ host: 'api.example.com', listen: { address: '127.0.0.2', port: 80 } }),
  aService({ host: 'ledger.example.com', listen: undefined }),
];

test('namesByAddress says each name once', () => {
  expect([...namesByAddress(anEnvoy({ services }))]).toEqual([
    ['127.0.0.1', ['catalog.shop.svc.cluster.local', 'catalog.shop.svc', 'catalog.shop', 'ledger.example.com']],
    ['127.0.0.2', ['api.example.com']],
  ]);
});

test('hostsBlock stands between marks', () => {
  expect(hostsBlock(anEnvoy({ services }))).toBe(`# meshvm-envoy laptop begin
127.0.0.1 catalog.shop.svc.cluster.local catalog.shop.svc catalog.shop ledger.example.com
127.0.0.2 api.example.com
# meshvm-envoy laptop end
`);
});
