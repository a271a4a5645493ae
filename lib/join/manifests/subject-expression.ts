import type { Subject } from '../../core/rbac';
import { cel } from './admission-policy';

/** Whether a request was made by a subject, in CEL. */
export function isSubject({ kind, name, namespace }: Subject): string {
  if (kind === 'Group') return `(has(request.userInfo.groups) && ${cel(name)} in request.userInfo.groups)`;
  const user = kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;
  return `request.userInfo.username == ${cel(user)}`;
}
