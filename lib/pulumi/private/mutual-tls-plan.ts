import type * as pulumi from '@pulumi/pulumi';
import { peerAuthentication } from '../../manifests/peer-authentication';
import type * as library from '../../mutual-tls';
import { claim } from '../../private/claims';
import { checkMutualTls, checkMutualTlsTarget, resolveMutualTls, targetClaim } from '../../private/mutual-tls';
import type { MutualTlsArgs } from '../mutual-tls';
import { ArgumentProblems } from './arguments';
import { meshOrStandIn } from './convert/mesh';
import { referencesOf, type TargetData, targetData, targetOf } from './convert/targets';
import { type Plan, plan } from './plan';
import type { PlannedPolicy } from './policy';
import { Surroundings } from './surroundings';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planMutualTls(name: string, args: MutualTlsArgs): Plan<PlannedPolicy> {
  const around = new Surroundings(name);
  return plan({ ...args, target: targetData(args.target, 'target') }, (known, run): PlannedPolicy => {
    const { target, mode, ports, ...others } = known as pulumi.Unwrap<typeof known> & { readonly target: TargetData };
    const problems = new ArgumentProblems(run);
    const props: library.MutualTlsProps = {
      name: others.name,
      mesh: meshOrStandIn(problems, others.mesh),
      target: targetOf(problems, 'target', target),
      mode,
      ports,
    };
    const policy = resolveMutualTls(props, '');
    const scope = around.scopeIn(run);
    checkMutualTls(problems.problems, policy);
    checkMutualTlsTarget(problems.problems, scope, around.environmentIn(run, referencesOf(target)), props, policy);
    problems.throwIfAny(`MutualTls ${name}`);
    claim(scope, targetClaim(policy));
    return { name: policy.name, namespace: policy.namespace, objects: { Resource: peerAuthentication(policy) } };
  });
}
