import { workloadGroup } from '../../../lib/machines/manifests/workload-group';
import { member } from '../member';

describe('workloadGroup', () => {
  test('says everything that istiod needs to register a machine', () => {
    const probe = {
      httpGet: { path: '/healthz', port: 8080, host: undefined },
      periodSeconds: 5,
      timeoutSeconds: undefined,
    };
    expect(workloadGroup({ ...member, locality: 'eu/eu-1', weight: 3, annotations: { a: 'b' } }, probe)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadGroup',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        metadata: { labels: member.labels, annotations: { a: 'b', 'meshvm/application': 'shop' } },
        template: { ports: { http: 8080 }, serviceAccount: 'shop', network: 'vpc', locality: 'eu/eu-1', weight: 3 },
        probe: { periodSeconds: 5, httpGet: { path: '/healthz', port: 8080 } },
      },
    });
  });

  test('leaves out what was not said', () => {
    expect(workloadGroup({ ...member, ports: [] }, undefined).spec).toStrictEqual({
      metadata: { labels: member.labels, annotations: { 'meshvm/application': 'shop' } },
      template: { serviceAccount: 'shop', network: 'vpc' },
    });
  });

  test('passes a probe on that the checks would refuse', () => {
    expect(workloadGroup(member, { grpc: { port: 1 } }).spec?.probe).toStrictEqual({ grpc: { port: 1 } });
  });
});
