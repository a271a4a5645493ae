import { Construct } from 'constructs';
import { emitAll } from '../core/emit';
import { placeOf } from '../core/place';
import { readSpec } from '../core/spec/spec';
import type { EgressScopeProps } from './egress-scope-props';
import { planEgressScope } from './private/egress-scope';
import shapes from './shapes.json';

/**
 * What the machines of a group know of the mesh: a Sidecar with the hosts that they call and nothing else. Their sidecars get smaller
 * configuration and fewer updates; with OutboundTraffic.REGISTRY_ONLY they refuse the rest.
 *
 * It is no firewall: whoever is root on the machine goes around the sidecar. With DNS capture the sidecar answers for the declared
 * hosts alone.
 *
 * Labels select: pods of the namespace with the group's `app` and `version` fall under the scope too. A workload has one scope at most.
 *
 * @example
 * new EgressScope(chart, 'egress', {
 *   group,
 *   destinations: [EgressDestination.group(ledger), EgressDestination.serviceEntry(bank)],
 *   outbound: OutboundTraffic.REGISTRY_ONLY,
 * });
 * @throws ValidationError with every problem of the properties, and when the group has a scope already.
 */
export class EgressScope extends Construct {
  /** Name of the Sidecar. */
  public readonly scopeName: string;
  /** Namespace of the Sidecar: the group's. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: EgressScopeProps) {
    super(scope, id);
    const spec = readSpec(this.node.path, props, shapes, 'EgressScopeProps');
    const planned = planEgressScope(spec, placeOf(this));

    this.scopeName = planned.name;
    this.namespace = planned.namespace;

    emitAll(this, planned.objects);
  }
}
