import type { PolicyDocument } from '../../../lib/pulumi/aws/private/machine-role';

/** A call of an AWS API. */
export interface ApiCall {
  readonly action: string;
  readonly resource: string;
}

/**
 * Whether policies of an identity allow a call, for what ours consist of: Allow statements over actions and one resource, in which `*` and
 * `?` are wildcards and `${*}`, `${?}` and `${$}` stand for themselves. Anything else is refused rather than misjudged.
 * Upstream: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function allows(policies: readonly PolicyDocument[], call: ApiCall): boolean {
  return policies.some(({ Version, Statement, ...others }) => {
    expect([Version, others]).toStrictEqual(['2012-10-17', {}]);
    return Statement.some(({ Effect, Action, Resource, ...unknown }) => {
      expect([Effect, unknown]).toStrictEqual(['Allow', {}]);
      // Actions are compared without regard to case, resources with it.
      const action = Action.some((pattern) => glob(pattern.toLowerCase()).test(call.action.toLowerCase()));
      return action && glob(Resource ?? '').test(call.resource);
    });
  });
}

function glob(pattern: string): RegExp {
  const parts = pattern.split(/(\$\{[*?$]\}|\*|\?)/).map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    const text = part.startsWith('${') ? part[2] : part;
    return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
