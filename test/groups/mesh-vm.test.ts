import { Testing } from 'cdk8s';
import { GroupNamespace, MeshVm, Network } from 'meshvm';
import { aChart, groupProps, problemsOf } from '../fixtures';

describe('MeshVm', () => {
  test('is one machine with its Service', () => {
    const chart = aChart();
    const network = Network.flat(['10.20.0.0/16', 'fd00::/64']);
    new MeshVm(chart, 'db', { ...groupProps({ network, ports: [{ name: 'mysql', port: 3306 }] }), address: 'fd00::9' });
    const [, , entry, service] = Testing.synth(chart);
    expect(entry).toMatchObject({ kind: 'WorkloadEntry', spec: { address: 'fd00::9', ports: { mysql: 3306 } } });
    expect(service).toMatchObject({ kind: 'Service', metadata: { name: 'db' }, spec: { selector: { app: 'db' } } });
  });

  test('without a sidecar says that callers must not speak mutual TLS', () => {
    const chart = aChart();
    const vm = new MeshVm(chart, 'db', { ...groupProps(), address: '10.20.0.9', sidecar: false });
    expect(vm.labels['security.istio.io/tlsMode']).toBe('disabled');
    const labelled = new MeshVm(chart, 'db2', {
      ...groupProps({ namespace: GroupNamespace.existing() }),
      address: '10.20.0.10',
    });
    expect(labelled.labels).not.toHaveProperty(['security.istio.io/tlsMode']);
  });

  test('refuses a host name where an address must stand', () => {
    const props = { ...groupProps(), address: 'db.example.com' };
    expect(problemsOf(() => new MeshVm(aChart(), 'db', props))).toStrictEqual(['address [address/ip-required]']);
  });

  test('refuses Services that would select another machine too', () => {
    const chart = aChart();
    new MeshVm(chart, 'a', { ...groupProps({ canonicalService: 'db' }), address: '10.20.0.1' });
    const props = {
      ...groupProps({ canonicalService: 'db', namespace: GroupNamespace.existing() }),
      address: '10.20.0.2',
    };
    expect(problemsOf(() => new MeshVm(chart, 'b', props))).toStrictEqual(['services [group/same-selector]']);
  });
});
