import type * as pulumi from '@pulumi/pulumi';
import { peerAuthentication } from '../../../access/manifests/peer-authentication';
import type * as library from '../../../access/mutual-tls-props';
import {
  checkMutualTls,
  checkMutualTlsTarget,
  resolveMutualTls,
  targetClaim,
} from '../../../access/private/mutual-tls';
import { claim } from '../../../core/claims';
import { ArgumentProblems } from '../../core/arguments';
import { type Plan, plan } from '../../core/plan';
import type { PlannedObjects } from '../../core/planned-objects';
import { ProgramView } from '../../machines/program-view';
import { meshOrStandIn } from '../../mesh/convert/mesh';
import { referencesOf, type TargetData, targetData, targetOf } from '../convert/targets';
import type { MutualTlsArgs } from '../mutual-tls-args';

/** @throws InputPropertiesError with everything that is wrong with the arguments. */
export function planMutualTls(name: string, args: MutualTlsArgs): Plan<PlannedObjects> {
  const around = new ProgramView();
  return plan({ ...args, target: targetData(args.target, 'target') }, (known, run): PlannedObjects => {
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
    const program = around.in(run, referencesOf(target));
    checkMutualTls(problems.problems, policy);
    checkMutualTlsTarget(problems.problems, program, props, policy);
    problems.throwIfAny(`MutualTls ${name}`);
    claim(program, name, targetClaim(policy));
    return { name: policy.name, namespace: policy.namespace, objects: { Resource: peerAuthentication(policy) } };
  });
}
