import { Problems } from '../../lib/core/problems';
import { Registry } from '../../lib/core/registry';
import { declareGroup } from '../../lib/machines/declared-members';
import { checkRevokedAccounts, declareRevokedAccounts, type RevokingProps } from '../../lib/machines/revoked-accounts';
import { member } from './member';

const { namespace } = member;

function verdict(
  program: Registry,
  props: RevokingProps,
  serviceAccount: string,
  where = namespace,
): readonly string[] {
  const problems = new Problems();
  checkRevokedAccounts(problems, program, props, { namespace: where, serviceAccount });
  return problems.all.map(({ property, id, allowed }) => `${property} [${id}] ${allowed}`);
}

const IN_USE = 'machine/revoked-service-account-in-use';

test('what machines had before may be revoked, by two groups as well', () => {
  const program = new Registry();
  const revoking = { revokedServiceAccounts: ['old'] };
  expect(verdict(program, revoking, 'new')).toStrictEqual([]);
  declareRevokedAccounts(program, 'v1', revoking, { namespace, serviceAccount: 'new' });
  expect(verdict(program, revoking, 'new')).toStrictEqual([]);
  expect(verdict(program, {}, 'old', 'another-namespace')).toStrictEqual([]);
});

test('not what the machines have', () => {
  expect(verdict(new Registry(), { revokedServiceAccounts: ['a', 'new'] }, 'new')).toStrictEqual([
    `revokedServiceAccounts[1] [${IN_USE}] another than that of the machines`,
  ]);
});

test('not what other machines of the program have, whichever is declared first', () => {
  const machinesFirst = new Registry();
  declareGroup(machinesFirst, 'shop', member);
  const revoking = { revokedServiceAccounts: [member.serviceAccount] };
  expect(verdict(machinesFirst, revoking, 'new')).toStrictEqual([
    `revokedServiceAccounts[0] [${IN_USE}] another than that of shop`,
  ]);
  expect(verdict(machinesFirst, revoking, 'new', 'another-namespace')).toStrictEqual([]);
  const revokedFirst = new Registry();
  declareRevokedAccounts(revokedFirst, 'till', revoking, { namespace, serviceAccount: 'new' });
  expect(verdict(revokedFirst, {}, member.serviceAccount)).toStrictEqual([
    `serviceAccount [${IN_USE}] a ServiceAccount that till does not revoke`,
  ]);
});

test('only names of ServiceAccounts', () => {
  expect(verdict(new Registry(), { revokedServiceAccounts: ['*', '', 'a/b'] }, 'new')).toHaveLength(3);
});
