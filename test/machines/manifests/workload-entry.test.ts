import { workloadEntry } from '../../../lib/machines/manifests/workload-entry';
import { member } from '../member';

describe('workloadEntry', () => {
  test('is one machine', () => {
    expect(workloadEntry(member, '10.20.0.9')).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        address: '10.20.0.9',
        labels: member.labels,
        ports: { http: 8080 },
        serviceAccount: 'shop',
        network: 'vpc',
      },
    });
  });
});
