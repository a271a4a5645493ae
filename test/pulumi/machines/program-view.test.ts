import { MeshVmGroup } from 'meshvm/pulumi';
import { claim, claimantOf } from '../../../lib/core/claims';
import { selectMembers } from '../../../lib/machines/declared-members';
import { ProgramView } from '../../../lib/pulumi/machines/program-view';
import { groupReference } from '../../../lib/pulumi/machines/references';
import { groupArgs, registered } from '../fixtures';
import { theGroup } from '../groups/beside-group';

const first = { first: true, later: undefined, secret: false };
const later = { ...first, first: false };

describe('ProgramView', () => {
  test('shows the group as its component has declared it, and in later runs what the first has seen', async () => {
    await registered(() => {
      const reference = groupReference(theGroup(), 'group');
      const around = new ProgramView();
      const select = (run: typeof first) =>
        selectMembers(around.in(run, [reference]), 'payments', { app: 'payment-service' }).map(({ path }) => path);
      expect(select(later)).toStrictEqual(['payment-service']);
      expect(select(first)).toStrictEqual(['payment-service']);
      new MeshVmGroup(
        'canary',
        groupArgs({ createNamespace: false, canonicalService: 'payment-service', version: 'v2', services: [] }),
      );
      expect(select(later)).toStrictEqual(['payment-service']);
      expect(select(first)).toStrictEqual(['payment-service', 'canary']);
    });
  });

  test('shows the machines that are referred to with the values of the run', async () => {
    await registered(() => {
      const reference = groupReference(theGroup(), 'group');
      const known = { ...reference, member: { ...reference.member, namespace: 'other' } };
      const around = new ProgramView();
      expect(selectMembers(around.in(first, [known, known]), 'other', {})).toHaveLength(1);
      expect(selectMembers(around.in(first, [known]), 'payments', {})).toStrictEqual([]);
    });
  });

  test('declares in the program in the first run alone', async () => {
    await registered(() => {
      const around = new ProgramView();
      claim(around.in(later, []), 'policy', 'of a later run');
      claim(around.in(first, []), 'policy', 'of the first');
      const program = new ProgramView().in(first, []);
      expect(claimantOf(program, 'of a later run')).toBeUndefined();
      expect(claimantOf(program, 'of the first')).toBe('policy');
    });
  });

  test('finds in later runs no claim that the component itself has made in the first', async () => {
    await registered(() => {
      const around = new ProgramView();
      claim(around.in(first, []), 'policy', 'host');
      expect(claimantOf(around.in(later, []), 'host')).toBeUndefined();
    });
  });
});
