import type { Chart } from 'cdk8s';
import { GroupNamespace, MeshVm, MeshVmGroup, type MeshVmProps, Network } from 'meshvm';
import { aChart, errorOf, groupProps, problemsOf } from '../fixtures';

describe('the address of a machine', () => {
  test.each([
    '127.0.0.1',
    '0.0.0.0',
    '169.254.10.1',
    '224.0.0.9',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'ff02::1',
  ])('is none that nobody reaches it by: %s', (address) => {
    const network = Network.flat(['0.0.0.0/0', '::/0']);
    expect(problemsOf(() => machine(aChart(), 'vm', { address, network }))).toContain(
      'address [machine/address-unreachable]',
    );
  });

  test.each(['10.20.1.7', '192.0.2.1', '2001:db8::1'])('may be any other: %s', (address) => {
    const network = Network.flat(['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32']);
    expect(() => machine(aChart(), 'vm', { address, network })).not.toThrow();
  });

  test('is in the ranges of its network', () => {
    const outside = () => machine(aChart(), 'vm', { address: '10.21.0.1' });
    expect(problemsOf(outside)).toStrictEqual(['address [machine/address-outside-network]']);
    expect(errorOf(outside).problems[0].allowed).toBe('an address in network.flat.cidrs: 10.20.0.0/16');
    const behind = Network.behindGateway('dc-1', ['fd00::/8']);
    expect(problemsOf(() => machine(aChart(), 'vm', { address: '10.20.1.7', network: behind }))).toStrictEqual([
      'address [machine/address-outside-network]',
    ]);
    const anywhere = Network.behindGateway('dc-1');
    expect(() => machine(aChart(), 'vm', { address: '10.20.1.7', network: anywhere })).not.toThrow();
  });

  test('is in the ranges of its group', () => {
    const group = new MeshVmGroup(aChart(), 'pay', groupProps());
    expect(problemsOf(() => group.addMachine('vm', { address: '10.21.0.1' }))).toStrictEqual([
      'address [machine/address-outside-network]',
    ]);
  });

  test('is that of one machine with a sidecar, however it is written', () => {
    const network = Network.flat(['fd00::/8']);
    const chart = aChart();
    machine(chart, 'one', { address: 'fd00::1', network });
    const second = () => machine(chart, 'two', { address: 'fd00:0:0::0001', network });
    expect(problemsOf(second)).toStrictEqual(['address [machine/address-twice]']);
    const again = errorOf(() => machine(chart, 'again', { address: 'fd00::1', network }));
    expect(again.problems[0].allowed).toBe('an address other than that of payments/one');
  });

  test('is compared in either order where one of the two has a sidecar, and may be shared where none has', () => {
    for (const [one, other] of [
      [true, false],
      [false, true],
    ]) {
      const chart = aChart();
      machine(chart, 'one', { sidecar: one });
      expect(problemsOf(() => machine(chart, 'two', { sidecar: other }))).toStrictEqual([
        'address [machine/address-twice]',
      ]);
    }
    const chart = aChart();
    machine(chart, 'database', { sidecar: false });
    expect(() => machine(chart, 'cache', { sidecar: false })).not.toThrow();
  });

  test('may be the same in two networks', () => {
    const chart = aChart();
    machine(chart, 'one', { network: Network.behindGateway('dc-1') });
    expect(() => machine(chart, 'two', { network: Network.behindGateway('dc-2') })).not.toThrow();
  });
});

function machine(chart: Chart, id: string, props: Partial<MeshVmProps>): MeshVm {
  const namespace = GroupNamespace.existing('payments');
  return new MeshVm(chart, id, { ...groupProps({ namespace }), address: '10.20.1.7', ...props });
}
