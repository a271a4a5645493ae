import { type KubernetesProbe, MeshVmGroup, Probe } from 'meshvm';
import { aChart, groupProps, problemsOf } from '../fixtures';

describe('Probe', () => {
  test('httpGet', () => {
    const probe = Probe.httpGet('/healthz', { port: 8080, periodSeconds: 5, httpHeaders: { 'X-Probe': 'mesh' } });
    expect(probe).toEqual({
      periodSeconds: 5,
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP', httpHeaders: [{ name: 'X-Probe', value: 'mesh' }] },
    });
  });

  test('httpsGet', () => {
    expect(Probe.httpsGet('/', { port: 8443, host: '127.0.0.1' })).toEqual({
      httpGet: { path: '/', port: 8443, scheme: 'HTTPS', host: '127.0.0.1' },
    });
  });

  test('tcpSocket and exec', () => {
    expect(Probe.tcpSocket(5432, { failureThreshold: 3 })).toEqual({
      failureThreshold: 3,
      tcpSocket: { port: 5432 },
    });
    expect(Probe.exec(['pg_isready', '-q'])).toEqual({ exec: { command: ['pg_isready', '-q'] } });
  });

  test("a Pod's probe is taken as it is", () => {
    const probe = { httpGet: { port: 80, scheme: 'HTTPS' }, successThreshold: 2 };
    expect(Probe.fromKubernetes(probe)).toBe(probe);
  });

  test('what plain JavaScript leaves out is told by whoever takes the probe', () => {
    const bare = Probe.httpGet as (path: string) => KubernetesProbe;
    expect(problemsOf(() => new MeshVmGroup(aChart(), 'shop', groupProps({ probe: bare('/') })))).toStrictEqual([
      'probe.httpGet.port [shape/missing]',
    ]);
  });
});
