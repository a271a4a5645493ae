import type * as pulumi from '@pulumi/pulumi';
import type * as library from '../../../access/authorization-policy-props';
import { authorizationPolicy } from '../../../access/manifests/authorization-policy';
import {
  checkAuthorizationPolicy,
  checkDenyByDefault,
  resolveAuthorizationPolicy,
  resolveDenyByDefault,
} from '../../../access/private/authorization-policy';
import type { RequestAuthentication } from '../../../access/request-authentication';
import type { WorkloadTarget } from '../../../access/workload-target';
import { isDeferred } from '../../../core/problems';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { ProgramView } from '../../machines/program-view';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import type { AuthorizationPolicyArgs, AuthorizationRuleArgs, JwtRequirementArgs } from '../authorization-policy-args';
import { type CallerData, callerData, callerOf, referencesOf, targetData, targetOf } from '../convert/targets';
import type { DenyByDefaultArgs } from '../deny-by-default-args';
import { type AuthenticationReference, authenticationReference } from './authentications';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planAuthorizationPolicy(name: string, args: AuthorizationPolicyArgs): Plan<PlannedObjects> {
  const around = new ProgramView();
  const { target, rules, ...others } = args;
  const data = {
    others,
    target: targetData(target, 'target'),
    rules: rules.map((rule, index) => ruleData(rule, `rules[${index}]`)),
  };
  return plan(data, (known, run): PlannedObjects => {
    const { name: policyName = name, mesh, action, dryRun } = known.others as pulumi.Unwrap<typeof others>;
    const problems = new ArgumentProblems(run);
    const about = targetOf(problems, 'target', known.target as typeof data.target);
    const props: library.AuthorizationPolicyProps = {
      name: policyName,
      mesh: meshOrStandIn(problems, mesh),
      target: about,
      rules: (known.rules as typeof data.rules).map((rule, index) => ruleOf(problems, `rules[${index}]`, rule, about)),
      action,
      dryRun,
    };
    const policy = resolveAuthorizationPolicy(props, name, '');
    const program = around.in(run, referencesOf(known.target as typeof data.target));
    checkAuthorizationPolicy(problems.problems, program, props, policy);
    problems.throwIfAny(`AuthorizationPolicy ${name}`);
    return { name: policy.name, namespace: policy.namespace, objects: { Resource: authorizationPolicy(policy) } };
  });
}

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planDenyByDefault(name: string, args: DenyByDefaultArgs): Plan<PlannedObjects> {
  const around = new ProgramView();
  const { target, ...others } = args;
  const data = { others, target: targetData(target, 'target') };
  return plan(data, (known, run): PlannedObjects => {
    const problems = new ArgumentProblems(run);
    const given = known.others as pulumi.Unwrap<typeof others>;
    const props = {
      name: given.name,
      mesh: meshOrStandIn(problems, given.mesh),
      target: targetOf(problems, 'target', known.target as typeof data.target),
    };
    const policy = resolveDenyByDefault(props, '');
    const program = around.in(run, referencesOf(known.target as typeof data.target));
    checkDenyByDefault(problems.problems, program, props, policy);
    problems.throwIfAny(`DenyByDefault ${name}`);
    return { name: policy.name, namespace: policy.namespace, objects: { Resource: authorizationPolicy(policy) } };
  });
}

/** A rule as data of a plan. */
interface RuleData extends Omit<pulumi.Unwrap<AuthorizationRuleArgs>, 'from' | 'jwt'> {
  readonly from?: readonly CallerData[];
  readonly jwt?: JwtData;
}

interface JwtData extends Omit<pulumi.Unwrap<JwtRequirementArgs>, 'authentication'> {
  readonly authentication: AuthenticationReference;
}

function ruleData({ from, jwt, ...others }: AuthorizationRuleArgs, path: string): RuleData {
  return {
    ...(others as pulumi.Unwrap<typeof others>),
    from: from?.map((caller, index) => callerData(caller, `${path}.from[${index}]`)),
    jwt: jwt && {
      ...(jwt as pulumi.Unwrap<Omit<JwtRequirementArgs, 'authentication'>>),
      authentication: authenticationReference(jwt.authentication, `${path}.jwt.authentication`),
    },
  };
}

function ruleOf(
  problems: ArgumentProblems,
  path: string,
  { from, jwt, ...others }: RuleData,
  target: WorkloadTarget,
): library.AuthorizationRule {
  return {
    ...others,
    from: from?.map((caller, index) => callerOf(problems, `${path}.from[${index}]`, caller)),
    jwt: jwt && { ...jwt, authentication: authenticationOf(jwt.authentication, target) },
  };
}

/** All that rules read of a RequestAuthentication. Whether two values are the same can't be told before both are known. */
function authenticationOf(reference: AuthenticationReference, target: WorkloadTarget): RequestAuthentication {
  const { path, namespace, matchLabels = {}, meshWide } = reference;
  const compared = [namespace, target.namespaceName, ...Object.values({ ...matchLabels }), target.labels?.version];
  return {
    ...reference,
    meshWide: meshWide || compared.some(isDeferred),
    node: { path },
  } as unknown as RequestAuthentication;
}
