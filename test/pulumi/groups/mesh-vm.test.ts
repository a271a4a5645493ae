import { secret } from '@pulumi/pulumi';
import { MeshVm, MeshVmGroup } from 'meshvm/pulumi';
import { groupArgs, later, meshArgs, named, refusal, registered, vmArgs } from '../fixtures';
import { failureOf, runProgram, settled } from '../program';

describe('MeshVm', () => {
  test('registers its objects under the component', async () => {
    const resources = await registered(() => new MeshVm('db', vmArgs()));
    expect(resources.map(({ type, name, parent }) => `${parent} ${type} ${name}`).sort()).toStrictEqual([
      ' meshvm:index:MeshVm db',
      'db kubernetes:core/v1:Namespace Namespace payments',
      'db kubernetes:core/v1:Service Service payments/db',
      'db kubernetes:core/v1:ServiceAccount ServiceAccount payments/db',
      'db kubernetes:networking.istio.io/v1:WorkloadEntry WorkloadEntry payments/db',
    ]);
  });

  test('tells what others need to know of it', async () => {
    const { value } = await runProgram(async () => {
      const vm = new MeshVm('db', vmArgs({ address: later('10.20.1.7'), sidecar: false }));
      return {
        machineName: await settled(vm.machineName),
        namespace: await settled(vm.namespace),
        serviceAccount: await settled(vm.serviceAccount),
        labels: await settled(vm.labels),
        serviceHosts: await settled(vm.serviceHosts),
      };
    });
    expect(value).toStrictEqual({
      machineName: 'db',
      namespace: 'payments',
      serviceAccount: 'db',
      labels: {
        app: 'db',
        version: 'latest',
        'service.istio.io/canonical-name': 'db',
        'service.istio.io/canonical-revision': 'latest',
        'security.istio.io/tlsMode': 'disabled',
      },
      serviceHosts: ['db.payments.svc.cluster.local'],
    });
  });

  test('keeps a secret address secret where it stands, and nowhere else', async () => {
    const resources = await registered(() => new MeshVm('db', vmArgs({ address: secret('10.20.1.7') })));
    expect(named(resources, 'WorkloadEntry payments/db').inputs.spec.value.address).toBe('10.20.1.7');
    expect(resources.filter(({ secrets }) => secrets.length > 0).map(({ name }) => name)).toStrictEqual([
      'WorkloadEntry payments/db',
    ]);
  });

  test('refuses everything that is wrong at once, before it registers anything', async () => {
    const args = vmArgs({ mesh: meshArgs({ network: 'Vpc' }), address: 'db.example.com', weight: 0 });
    expect(await refusal(() => new MeshVm('db', args))).toStrictEqual([
      'mesh.network [mesh/network-name]',
      'weight [machine/weight]',
      'address [address/ip-required]',
    ]);
  });

  test('refuses Services that select the machines of a group', async () => {
    await registered(() => {
      new MeshVmGroup('pay', groupArgs());
      expect(() => new MeshVm('db', vmArgs({ canonicalService: 'pay' }))).toThrow('services: ["db"] is not allowed');
    });
  });

  test('refuses a bad address when it becomes known', async () => {
    const errors = await failureOf(() => new MeshVm('db', vmArgs({ address: later('10.0.0.1; reboot') })));
    expect(errors.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('address: "10.0.0.1; reboot" is not allowed'),
    );
  });
});
