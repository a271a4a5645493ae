import { type Problems, rule } from '../../core/problems';
import { checkCidrs } from '../../core/values/addresses';

export const SSH = rule({
  id: 'host-firewall/ssh',
  origin: 'meshvm',
  allowed: 'SshAccess.from with at least one address range, or SshAccess.closed()',
  remedy: 'name the ranges from which operators come, or say that nobody does',
  source: 'meshvm: everything that is not named is dropped',
});

/** The ranges of SshAccess.from. */
export function checkSshRanges(problems: Problems, property: string, cidrs: readonly string[]): void {
  if (cidrs.length === 0) problems.add(SSH, property, cidrs);
  checkCidrs(problems, property, cidrs);
}
