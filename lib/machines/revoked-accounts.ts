import { type Problems, rule } from '../core/problems';
import { FactKind, type Registry } from '../core/registry';
import { checkDnsSubdomain } from '../core/values/names';
import { MEMBER } from './declared-members';
import type { MachineProps } from './machine-props';
import type { Owner } from './owner-objects';

const IN_USE = rule({
  id: 'machine/revoked-service-account-in-use',
  origin: 'ignored',
  allowed: 'ServiceAccounts that no machines of the program have any more',
  remedy: 'give the machines another ServiceAccount, and revoke the one that they had',
  source: 'istio: a DENY policy goes before every ALLOW policy, so that their calls would be refused everywhere',
});

/** What properties say of identities that are no longer good. */
export type RevokingProps = Pick<MachineProps, 'revokedServiceAccounts'>;

/** Adds problems for ServiceAccounts that machines have and that somebody revokes, in whichever order the two are declared. */
export function checkRevokedAccounts(
  problems: Problems,
  program: Registry,
  { revokedServiceAccounts = [] }: RevokingProps,
  { namespace, serviceAccount }: Owner,
): void {
  revokedServiceAccounts.forEach((name, index) => {
    const property = `revokedServiceAccounts[${index}]`;
    checkDnsSubdomain(problems, property, name);
    const other = program
      .facts(MEMBER)
      .find(({ value }) => value.namespace === namespace && value.serviceAccount === name);
    if (name === serviceAccount) problems.add(IN_USE, property, name, { allowed: 'another than that of the machines' });
    else if (other !== undefined)
      problems.add(IN_USE, property, name, { allowed: `another than that of ${other.path}` });
  });
  const revoking = program.first(REVOKED, keyOf({ namespace, serviceAccount }));
  if (revoking !== undefined && !revokedServiceAccounts.includes(serviceAccount)) {
    problems.add(IN_USE, 'serviceAccount', serviceAccount, {
      allowed: `a ServiceAccount that ${revoking.path} does not revoke`,
    });
  }
}

/** Records what is revoked, once the properties are known to be good. */
export function declareRevokedAccounts(
  program: Registry,
  path: string,
  { revokedServiceAccounts = [] }: RevokingProps,
  { namespace }: Owner,
): void {
  for (const serviceAccount of revokedServiceAccounts) program.declare(REVOKED, path, { namespace, serviceAccount });
}

const REVOKED = new FactKind<Owner>('revoked ServiceAccount', keyOf);

function keyOf({ namespace, serviceAccount }: Owner): string {
  return `${namespace}/${serviceAccount}`;
}
