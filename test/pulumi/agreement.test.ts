import { MeshVmGroup, ServiceEntryProtocol, VmServiceEntry } from 'meshvm/pulumi';
import { detailsOf, groupArgs, meshArgs, refusal, registered } from './fixtures';

describe('what two components of a program say', () => {
  describe('of the protocol of a port of machines', () => {
    const group = (names: readonly string[] = ['http']) =>
      new MeshVmGroup(
        'pay',
        groupArgs({
          services: [
            {
              name: 'pay',
              ports: names.map((name, index) => ({ name, port: 80 + index, targetPortNumber: 8080 })),
            },
          ],
        }),
      );
    const entry = (protocol: keyof typeof ServiceEntryProtocol) =>
      new VmServiceEntry('legacy', {
        mesh: meshArgs(),
        namespace: 'payments',
        hosts: ['legacy.example.com'],
        addresses: ['240.1.2.3'],
        ports: [{ name: 'web', port: 80, protocol: ServiceEntryProtocol[protocol], targetPort: 8080 }],
        endpoints: { fromLabels: { app: 'pay' } },
      });

    test('must be the same, in either order', async () => {
      await registered(() => {
        group();
        entry('HTTP');
      });
      expect(
        await refused(
          () => group(),
          () => entry('TCP'),
        ),
      ).toStrictEqual(['ports[0].protocol [service-entry/protocol-other-than-service]']);
      expect(
        await refused(
          () => entry('TCP'),
          () => group(),
        ),
      ).toStrictEqual(['services[0].ports[0].name [service/protocol-other-than-way-in]']);
      expect(await refusal(() => group(['http', 'grpc']))).toStrictEqual([
        'services[0].ports[1].name [service/protocol-other-than-way-in]',
      ]);
    });
  });
});

/** What the second of two components complains of after the first was good. */
async function refused(first: () => unknown, second: () => unknown): Promise<readonly string[]> {
  let complaint: readonly string[] = [];
  await registered(() => {
    first();
    try {
      second();
    } catch (error) {
      complaint = detailsOf(error);
    }
  });
  return complaint;
}
