import { KubernetesSubject, MachineIdentity, MeshVmGroup } from 'meshvm';
import { IstiodAccess } from '../../../lib/mesh/istiod-access';
import { aChart, aMesh, groupProps, problemsOf } from '../../fixtures';

/** A machine with a sidecar and the files of its group registers itself: a fixed entry beside it would be a second endpoint. */
const address = '10.20.7.1';
const identity = MachineIdentity.kubeconfig({ path: '/etc/meshvm/kubeconfig', subject: KubernetesSubject.user('vm') });
const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });

test('a fixed machine with a sidecar is refused where machines register themselves', () => {
  const group = new MeshVmGroup(aChart(), 'pay', groupProps({ mesh, identity }));
  expect(problemsOf(() => group.addMachine('vm-1', { address }))).toStrictEqual([
    'sidecar [group/fixed-machine-registers-itself]',
  ]);
  expect(() => group.addMachine('old', { address, sidecar: false })).not.toThrow();
});

test('it is taken where they do not', () => {
  const group = new MeshVmGroup(aChart(), 'pay', groupProps({ mesh }));
  expect(() => group.addMachine('vm-1', { address })).not.toThrow();
});
