import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Registry } from '../core/registry';
import type { DenyByDefaultProps } from './deny-by-default-props';
import { authorizationPolicy } from './manifests/authorization-policy';
import { checkDenyByDefault, resolveDenyByDefault } from './private/authorization-policy';

/**
 * Refuses every call to workloads that no other policy lets in: an AuthorizationPolicy that allows nothing. With one for the namespace,
 * a group for which `allowFrom` was forgotten is closed, not open. Machines stay healthy: the sidecar's probe does not pass through it.
 *
 * A gateway in the namespace is closed, too: let its callers in with an AuthorizationPolicy of its own, or keep it elsewhere.
 *
 * @example
 * new DenyByDefault(chart, 'deny-by-default', { mesh, target: WorkloadTarget.namespace() });
 * @throws ValidationError with every problem of the properties.
 */
export class DenyByDefault extends Construct {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: DenyByDefaultProps) {
    super(scope, id);
    const policy = resolveDenyByDefault(props, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkDenyByDefault(problems, Registry.ofProgram(this), props, policy);
    problems.throwIfAny(this.node.path);

    this.policyName = policy.name;
    this.namespace = policy.namespace;

    emit(this, 'Resource', authorizationPolicy(policy));
  }
}
