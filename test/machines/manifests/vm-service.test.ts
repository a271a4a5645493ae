import { vmService } from '../../../lib/machines/manifests/vm-service';
import { member } from '../member';

describe('vmService', () => {
  test('selects the machines and passes ports on', () => {
    expect(vmService(member, { ...member.services[0], labels: { team: 'x' } })).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'payments', labels: { team: 'x' } },
      spec: {
        selector: { app: 'shop' },
        ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
    });
  });

  test('passes leaves on that are known only at deployment', () => {
    const port = Promise.resolve(8080) as unknown as number;
    const [{ targetPort }] = vmService(member, {
      ...member.services[0],
      ports: [{ name: 'http', port: 80, targetPort: port, appProtocol: undefined }],
    }).spec?.ports ?? [{ targetPort: undefined }];
    expect(targetPort).toBe(port);
  });
});
