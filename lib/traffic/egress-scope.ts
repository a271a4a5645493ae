import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import type { IMeshVmGroup } from '../groups/mesh-vm-group';
import { Environment } from '../machines/private/environment';
import type { OutboundTraffic } from '../outbound-traffic';
import type { EgressDestination } from './egress-destination';
import { sidecar } from './manifests/sidecar';
import { checkEgressScope, resolveEgressScope, scopeClaim } from './private/egress-scope';

/** Properties of EgressScope. */
export interface EgressScopeProps {
  /** The group whose machines call. */
  readonly group: IMeshVmGroup;

  /**
   * What they call. The Services over the group itself need no entry: they stay known, because the machine's own checks look at them.
   * Neither does istiod: the sidecar reaches it by an address of its own, before and beside all configuration. Services that the mesh's
   * extension providers name (tracing, logs, external authorization) need one, or the sidecar goes without them.
   */
  readonly destinations: readonly EgressDestination[];

  /** What happens to connections that go anywhere else. Those that the capture leaves alone never get here. */
  readonly outbound: OutboundTraffic;

  /**
   * Name of the Sidecar.
   * @default - the group's name
   */
  readonly name?: string;
}

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
 */
export class EgressScope extends Construct {
  /** Name of the Sidecar. */
  public readonly scopeName: string;
  /** Namespace of the Sidecar: the group's. */
  public readonly namespace: string;

  /** @throws ValidationError with every problem of the properties, and when the group has a scope already. */
  public constructor(scope: Construct, id: string, props: EgressScopeProps) {
    super(scope, id);
    const environment = Environment.of(this);
    const plan = resolveEgressScope(props, environment);
    const problems = new Problems();
    checkEgressScope(problems, this, props, plan);
    problems.throwIfAny(this.node.path);
    claim(this, scopeClaim(plan));

    this.scopeName = plan.name;
    this.namespace = plan.namespace;

    emit(this, 'Resource', sidecar(plan));
  }
}
