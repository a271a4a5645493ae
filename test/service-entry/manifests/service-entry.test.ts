import { serviceEntry } from '../../../lib/service-entry/manifests/service-entry';
import type { ServiceEntry } from '../../../lib/service-entry/service-entry';

const BARE: ServiceEntry = {
  name: 'db',
  namespace: 'data',
  labels: {},
  annotations: {},
  hosts: ['db.example.com'],
  addresses: undefined,
  ports: [],
  location: 'MESH_EXTERNAL',
  resolution: 'DNS',
  endpoints: undefined,
  workloadLabels: undefined,
  exportTo: undefined,
  subjectAltNames: undefined,
};

describe('serviceEntry', () => {
  test('leaves out what was left out', () => {
    expect(serviceEntry(BARE)).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'db', namespace: 'data' },
      spec: { hosts: ['db.example.com'], ports: [], location: 'MESH_EXTERNAL', resolution: 'DNS' },
    });
  });

  test('keeps lists that say something by being empty, for the checks and the webhook to judge', () => {
    const { spec } = serviceEntry({ ...BARE, endpoints: [], exportTo: [], workloadLabels: {} });
    expect(spec).toMatchObject({ endpoints: [], exportTo: [], workloadSelector: { labels: {} } });
  });

  test('leaves maps of an endpoint out when they are empty', () => {
    const endpoint = { address: '10.0.0.1', ports: {}, labels: {}, network: undefined, locality: undefined };
    const { spec } = serviceEntry({
      ...BARE,
      endpoints: [{ ...endpoint, weight: undefined, serviceAccount: undefined }],
    });
    expect(spec?.endpoints).toStrictEqual([{ address: '10.0.0.1' }]);
  });
});
