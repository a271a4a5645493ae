import { Problems } from '../../lib/core/problems';
import { Registry } from '../../lib/core/registry';
import { checkGroup, checkSelection, declareGroup, selectMembers } from '../../lib/machines/declared-members';
import type { Member } from '../../lib/machines/member';
import { member } from './member';

function verdict(check: (problems: Problems) => void): readonly string[] {
  const problems = new Problems();
  check(problems);
  return problems.all.map(({ property, id, allowed }) => `${property} [${id}] ${allowed}`);
}

describe('members that a program has declared', () => {
  test('remembers only groups whose properties were good', () => {
    const program = new Registry();
    verdict((p) => checkGroup(p, program, member));
    expect(verdict((p) => checkGroup(p, program, member))).toStrictEqual([]);
    declareGroup(program, 'shop', member);
    expect(verdict((p) => checkGroup(p, program, member))).toStrictEqual([
      'version [group/same-labels] a version other than that of shop, or another canonicalService',
    ]);
  });

  test('sees a port that machines lack, whichever of Service and machines was declared first', () => {
    const bare: Member = { ...member, services: [], ports: [{ name: 'http', port: 9 }] };
    const serviceFirst = new Registry();
    declareGroup(serviceFirst, 'shop', member);
    expect(verdict((p) => checkSelection(p, serviceFirst, bare))).toStrictEqual([
      'ports [group/not-served-behind-shared-service] ports that serve Service shop of shop: 8080 is missing',
    ]);
    const machinesFirst = new Registry();
    declareGroup(machinesFirst, 'bare', bare);
    expect(verdict((p) => checkSelection(p, machinesFirst, member))).toStrictEqual([
      'services [group/not-served-behind-shared-service] ports that bare serves too: it does not serve 8080',
    ]);
  });

  test('selects machines by namespace and labels', () => {
    const program = new Registry();
    declareGroup(program, 'shop', member);
    expect(selectMembers(program, 'payments', { app: 'shop', version: 'v1' }).map(({ path }) => path)).toStrictEqual([
      'shop',
    ]);
    expect(selectMembers(program, 'payments', { app: 'shop', version: 'v2' })).toStrictEqual([]);
    expect(selectMembers(program, 'other', { app: 'shop' })).toStrictEqual([]);
  });
});
