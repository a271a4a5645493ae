import { Problems } from '../core/problems';
import type { Member } from '../machines/member';
import { joinScriptText } from './files/join-script';
import type { JoinScriptProps } from './join-script';
import { checkUserData, contentOf, type Joining } from './render-user-data';

/**
 * The script by which a running machine joins: always the same text for the same properties.
 *
 * @throws ValidationError with every problem of the properties.
 */
export function renderJoinScript(
  path: string,
  member: Member,
  joining: Joining | undefined,
  props: JoinScriptProps,
): string {
  const problems = new Problems();
  checkUserData(problems, joining?.identity, props);
  problems.throwIfAny(path);
  return joinScriptText(contentOf(member, joining as Joining, props));
}
