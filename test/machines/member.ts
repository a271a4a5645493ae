import type { Member } from '../../lib/machines/member';

/** A resolved group, as the builders get it. */
export const member: Member = {
  name: 'shop',
  namespace: 'payments',
  serviceAccount: 'shop',
  labels: {
    app: 'shop',
    version: 'v1',
    'service.istio.io/canonical-name': 'shop',
    'service.istio.io/canonical-revision': 'v1',
  },
  selector: { app: 'shop' },
  annotations: {},
  ports: [{ name: 'http', port: 8080 }],
  services: [
    {
      name: 'shop',
      labels: {},
      annotations: {},
      ports: [{ name: 'http', port: 80, targetPort: 8080, appProtocol: undefined }],
    },
  ],
  clusterDomain: 'cluster.local',
  network: 'vpc',
  locality: undefined,
  weight: undefined,
};
