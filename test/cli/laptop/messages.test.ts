import { calls } from '../../../lib/cli/laptop/messages';
import { anEnvoy, anInbound, anInboundPort, aService } from '../../standalone/envoy/spec';

const services = [aService({ listen: undefined }), aService({ listen: { address: '::1', port: 8081 } })];
const inbound = anInbound({ listenAddress: '::', ports: [anInboundPort()] });

test('a machine that calls', () => {
  expect(calls(anEnvoy({ services }))).toBe(`Services:
  catalog.shop.svc.cluster.local:80 at 127.0.0.1:15080
  catalog.shop.svc.cluster.local:80 at [::1]:8081`);
});

test('a machine that is called', () => {
  expect(calls(anEnvoy({ services: [], inbound }))).toBe(`Calls from the mesh:
  [::]:8080 goes to 127.0.0.1:3000`);
});

test('a machine that does both', () => {
  expect(calls(anEnvoy({ services: services.slice(1), inbound })).split('\n')).toStrictEqual([
    'Services:',
    '  catalog.shop.svc.cluster.local:80 at [::1]:8081',
    'Calls from the mesh:',
    '  [::]:8080 goes to 127.0.0.1:3000',
  ]);
});
