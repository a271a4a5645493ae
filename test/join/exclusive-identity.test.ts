import { Chart } from 'cdk8s';
import {
  GroupNamespace,
  GroupServiceAccount,
  IstiodAccess,
  KubernetesSubject,
  MachineIdentity,
  MeshVmGroup,
  type MeshVmGroupProps,
} from 'meshvm';
import { aChart, aMesh, groupProps, problemsOf } from '../fixtures';

const mesh = aMesh({ istiodAccess: IstiodAccess.dnsName('istiod.example.com') });
const namespace = GroupNamespace.existing();
const subject = KubernetesSubject.group('machines');
const identity = MachineIdentity.tokenFile({ path: '/run/token', subject });

/** What is wrong with a second group after a first. */
function second(first: Partial<MeshVmGroupProps>, props: Partial<MeshVmGroupProps>, name = 'ledger') {
  const chart = aChart();
  new MeshVmGroup(chart, 'pay', groupProps({ mesh, namespace, ...first }));
  return problems(() => void new MeshVmGroup(chart, name, groupProps({ mesh, namespace, ...props })));
}

/** What is wrong, if anything. */
function problems(make: () => void): readonly string[] {
  let caught: unknown;
  try {
    make();
  } catch (error) {
    caught = error;
  }
  return caught === undefined
    ? []
    : problemsOf(() => {
        throw caught;
      });
}

describe('a second group', () => {
  test('does not have the ServiceAccount of the first, for its machines would be machines of the first', () => {
    const serviceAccount = GroupServiceAccount.existing('pay');
    expect(second({}, { serviceAccount })).toStrictEqual(['serviceAccount [group/shared-service-account]']);
  });

  test('has it when its author says so, and then the identity, too', () => {
    const serviceAccount = GroupServiceAccount.shared('pay');
    expect(second({ identity }, { serviceAccount, identity })).toStrictEqual([]);
  });

  test('has a ServiceAccount of the same name in another namespace', () => {
    const elsewhere = GroupNamespace.existing('shop');
    expect(second({}, { namespace: elsewhere, serviceAccount: GroupServiceAccount.existing('pay') })).toStrictEqual([]);
  });

  test('does not have the identity of the first, which makes tokens of both', () => {
    expect(second({ identity }, { identity })).toStrictEqual(['identity [group/shared-identity]']);
    const elsewhere = GroupNamespace.existing('shop');
    expect(second({ identity }, { identity, namespace: elsewhere })).toStrictEqual([
      'identity [group/shared-identity]',
    ]);
    const eks = MachineIdentity.eks({ cluster: 'c', kubernetesGroup: 'machines' });
    expect(second({ identity }, { identity: eks })).toStrictEqual(['identity [group/shared-identity]']);
  });

  test('has an identity of its own by default', () => {
    const eks = MachineIdentity.eks({ cluster: 'c' });
    expect(second({ identity: eks }, { identity: eks })).toStrictEqual([]);
  });

  test('of another program is of no concern', () => {
    new MeshVmGroup(aChart(), 'pay', groupProps({ mesh, namespace, identity }));
    expect(() => new MeshVmGroup(aChart(), 'ledger', groupProps({ mesh, namespace, identity }))).not.toThrow();
  });
});

test('a machine with a fixed address is its group, and shares what the group has', () => {
  const chart = new Chart(aChart(), 'chart', { namespace: 'payments' });
  const group = new MeshVmGroup(chart, 'pay', groupProps({ mesh, namespace }));
  expect(() => group.addMachine('legacy', { address: '10.20.0.7' })).not.toThrow();
});
