import { sidecar } from '../../../lib/traffic/manifests/sidecar';

const scope = { name: 'shop', namespace: 'payments', labels: { app: 'shop', version: 'v1' }, outbound: 'ALLOW_ANY' };

describe('sidecar', () => {
  test('selects workloads and lists what they see', () => {
    expect(sidecar({ ...scope, hosts: ['./*', 'ledger/api.example.com'] })).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        workloadSelector: { labels: { app: 'shop', version: 'v1' } },
        egress: [{ hosts: ['./*', 'ledger/api.example.com'] }],
        outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
      },
    });
  });

  test('says that there is nothing: Istio refuses an empty list', () => {
    expect(sidecar({ ...scope, hosts: [] }).spec?.egress).toStrictEqual([{ hosts: ['~/*'] }]);
  });
});
