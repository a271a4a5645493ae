import { claim, claimantOf } from '../core/claims';
import { type Problems, rule } from '../core/problems';
import type { Subject } from '../core/rbac';
import type { Registry } from '../core/registry';
import { declareRegistering } from '../machines/declared-members';
import type { GroupServiceAccount } from '../machines/group-service-account';
import type { Member } from '../machines/member';
import { subjectOf } from './known-identity';
import type { MachineIdentity } from './machine-identity';

const SHARED_SERVICE_ACCOUNT = rule({
  id: 'group/shared-service-account',
  origin: 'meshvm',
  allowed: 'a ServiceAccount for each group, or serviceAccount.shared',
  remedy:
    'give the group a ServiceAccount of its own; or say serviceAccount.shared where each may be the other, such as two versions',
  source:
    'istio pilot/pkg/autoregistration: the ServiceAccount is all that tells a machine of one group from that of another',
});
const SHARED_IDENTITY = rule({
  id: 'group/shared-identity',
  origin: 'meshvm',
  allowed: 'an identity for each group, unless the groups share their ServiceAccount, too',
  remedy: 'give the machines of each group a role, service account, managed identity or subject of their own',
  source: 'Kubernetes RBAC: who has the rights of two groups makes tokens of either',
});

/** What a group says of who its machines are. */
interface Identified {
  readonly identity?: MachineIdentity;
  readonly serviceAccount?: GroupServiceAccount;
}

/** Adds problems when a machine of this group could be one of an earlier group of the program, and nobody said that it may. */
export function checkExclusiveIdentity(problems: Problems, program: Registry, props: Identified, member: Member): void {
  const account = claimantOf(program, accountKey(member));
  const shared = props.serviceAccount?.shared !== undefined;
  problems.check(
    SHARED_SERVICE_ACCOUNT,
    'serviceAccount',
    member.serviceAccount,
    () => account === undefined || shared,
    { allowed: `a ServiceAccount other than that of ${account}, or serviceAccount.shared` },
  );
  const subject = ownSubject(props, member);
  const other = subject && claimantOf(program, subjectKey(subject));
  problems.check(
    SHARED_IDENTITY,
    'identity',
    subject?.name,
    () => other === undefined || (shared && other === account),
    { allowed: `an identity other than that of ${other}, unless both share their ServiceAccount` },
  );
}

/** Makes its identities the group's own. */
export function claimIdentity(program: Registry, path: string, props: Identified, member: Member): void {
  const subject = ownSubject(props, member);
  if (props.identity !== undefined) declareRegistering(program, path);
  for (const key of [accountKey(member), ...(subject === undefined ? [] : [subjectKey(subject)])]) {
    // What is shared stays its first owner's.
    if (claimantOf(program, key) === undefined) claim(program, path, key);
  }
}

function ownSubject({ identity }: Identified, { namespace, name }: Member): Subject | undefined {
  return identity && subjectOf(identity, namespace, name);
}

function accountKey({ namespace, serviceAccount }: Member): string {
  return `ServiceAccount of machines ${namespace}/${serviceAccount}`;
}

function subjectKey({ kind, namespace, name }: Subject): string {
  return `subject of machines ${kind} ${namespace ?? ''}/${name}`;
}
