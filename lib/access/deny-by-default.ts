import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { DenyByDefaultProps } from './deny-by-default-props';
import { planDenyByDefault } from './private/authorization-policy';
import shapes from './shapes.json';

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
    const spec = readSpec(this.node.path, props, shapes, 'DenyByDefaultProps');
    const planned = planDenyByDefault(spec, placeOf(this));

    this.policyName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
