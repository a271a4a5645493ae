import { MeshVmGroup } from 'meshvm/pulumi';
import { groupReference } from '../../../lib/pulumi/machines/references';
import { Surroundings } from '../../../lib/pulumi/machines/surroundings';
import { groupArgs, registered } from '../fixtures';
import { theGroup } from '../groups/beside-group';

const first = { first: true, later: undefined, secret: false };
const later = { ...first, first: false };

describe('Surroundings', () => {
  test('see the group as its component has declared it, and in later runs what the first has seen', async () => {
    await registered(() => {
      const reference = groupReference(theGroup(), 'group');
      const around = new Surroundings('policy');
      const select = (run: typeof first) =>
        around
          .environmentIn(run, [reference])
          .select('payments', { app: 'payment-service' })
          .map(({ path }) => path);
      expect(select(later)).toStrictEqual(['payment-service']);
      expect(select(first)).toStrictEqual(['payment-service']);
      new MeshVmGroup('canary', groupArgs({ canonicalService: 'payment-service', version: 'v2', services: [] }));
      expect(select(later)).toStrictEqual(['payment-service']);
      expect(select(first)).toStrictEqual(['payment-service', 'canary']);
    });
  });

  test('stand in the program in the first run alone', async () => {
    await registered(() => {
      const around = new Surroundings('policy');
      expect(around.scopeIn(first).node.root).toBe(new Surroundings('other').scopeIn(first).node.root);
      expect(around.scopeIn(later).node.root).not.toBe(around.scopeIn(first).node.root);
    });
  });
});
