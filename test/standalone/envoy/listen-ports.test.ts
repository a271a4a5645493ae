import { listenPorts } from '../../../lib/standalone/envoy/listen-ports';
import { anEnvoy, aService } from './spec';

test('every port that Envoy opens is among them', () => {
  const spec = anEnvoy({
    services: [aService(), aService({ host: 'b.shop.svc.cluster.local', listen: undefined })],
    dns: { address: '127.0.0.1', port: 53, upstreams: [] },
    metrics: { address: '0.0.0.0', port: 15090 },
  });
  expect(listenPorts(spec)).toStrictEqual([8080, 15080, 53, 15090, 15000]);
});
