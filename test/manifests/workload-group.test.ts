import { vmService } from '../../lib/manifests/vm-service';
import { workloadEntry } from '../../lib/manifests/workload-entry';
import { workloadGroup } from '../../lib/manifests/workload-group';
import { machines } from './machines';

describe('workloadGroup', () => {
  test('says everything that istiod needs to register a machine', () => {
    const probe = {
      httpGet: { path: '/healthz', port: 8080, host: undefined },
      periodSeconds: 5,
      timeoutSeconds: undefined,
    };
    expect(
      workloadGroup({ ...machines, locality: 'eu/eu-1', weight: 3, annotations: { a: 'b' } }, probe),
    ).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadGroup',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        metadata: { labels: machines.labels, annotations: { a: 'b' } },
        template: { ports: { http: 8080 }, serviceAccount: 'shop', network: 'vpc', locality: 'eu/eu-1', weight: 3 },
        probe: { periodSeconds: 5, httpGet: { path: '/healthz', port: 8080 } },
      },
    });
  });

  test('leaves out what was not said', () => {
    expect(workloadGroup({ ...machines, ports: [] }, undefined).spec).toStrictEqual({
      metadata: { labels: machines.labels },
      template: { serviceAccount: 'shop', network: 'vpc' },
    });
  });

  test('passes a probe on that the checks would refuse', () => {
    expect(workloadGroup(machines, { grpc: { port: 1 } }).spec?.probe).toStrictEqual({ grpc: { port: 1 } });
  });
});

describe('workloadEntry', () => {
  test('is one machine', () => {
    expect(workloadEntry(machines, '10.20.0.9')).toStrictEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'shop', namespace: 'payments' },
      spec: {
        address: '10.20.0.9',
        labels: machines.labels,
        ports: { http: 8080 },
        serviceAccount: 'shop',
        network: 'vpc',
      },
    });
  });
});

describe('vmService', () => {
  test('selects the machines and passes ports on', () => {
    expect(vmService(machines, { ...machines.services[0], labels: { team: 'x' } })).toStrictEqual({
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
    const [{ targetPort }] = vmService(machines, {
      ...machines.services[0],
      ports: [{ name: 'http', port: 80, targetPort: port, appProtocol: undefined }],
    }).spec?.ports ?? [{ targetPort: undefined }];
    expect(targetPort).toBe(port);
  });
});
