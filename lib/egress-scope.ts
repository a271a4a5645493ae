import { Construct } from 'constructs';
import { sidecar } from './manifests/sidecar';
import type { MeshVm } from './mesh-vm';
import type { MeshVmGroup } from './mesh-vm-group';
import { claim } from './private/claims';
import { checkEgressScope, resolveEgressScope, scopeClaim } from './private/egress-scope';
import { emit } from './private/emit';
import { Environment } from './private/environment';
import { Problems } from './private/problems';
import type { VmServiceEntry } from './vm-service-entry';

/** What happens to connections that go to none of the declared hosts. */
export enum OutboundTraffic {
  /** They are closed; HTTP on a port that a declared host has too is answered 502. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
  /** They go where they were going, as if there were no mesh. */
  ALLOW_ANY = 'ALLOW_ANY',
}

/** What machines of a group call. */
export class EgressDestination {
  /**
   * The Services of a group.
   *
   * @param group A group of the same program that has Services.
   */
  public static group(group: MeshVmGroup): EgressDestination {
    return new EgressDestination(group.namespace, group.serviceHosts, undefined, group.node.path);
  }

  /**
   * The Services of a machine.
   *
   * @param machine A machine of the same program that has Services.
   */
  public static machine(machine: MeshVm): EgressDestination {
    return new EgressDestination(machine.namespace, machine.serviceHosts, undefined, machine.node.path);
  }

  /**
   * The hosts of a ServiceEntry.
   *
   * @param entry An entry of the same program, exported to the group's namespace.
   */
  public static serviceEntry(entry: VmServiceEntry): EgressDestination {
    return new EgressDestination(entry.namespace, entry.hosts, undefined, entry.node.path);
  }

  /**
   * A Kubernetes Service that is not of this program.
   *
   * @param name Name of the Service.
   * @param namespace Namespace of the Service; by default the group's.
   */
  public static service(name: string, namespace?: string): EgressDestination {
    return new EgressDestination(namespace, undefined, name, undefined);
  }

  /**
   * A host of a ServiceEntry that is not of this program, whatever its namespace.
   *
   * @param host Full DNS name such as `api.example.com`, or one with a wildcard such as `*.example.com`.
   */
  public static host(host: string): EgressDestination {
    return new EgressDestination('*', [host], undefined, undefined);
  }

  /**
   * Everything in a namespace.
   *
   * @param name Name of the namespace; by default the group's.
   */
  public static namespace(name?: string): EgressDestination {
    return new EgressDestination(name, ['*'], undefined, undefined);
  }

  private constructor(
    /** Namespace of the hosts, `*` for any, or undefined for the group's. */
    public readonly namespaceName: string | undefined,
    /** Full host names, or undefined for a Service by name. */
    public readonly hosts: readonly string[] | undefined,
    /** Name of the Service, or undefined for hosts. */
    public readonly serviceName: string | undefined,
    /** Path of the construct that has the hosts, or undefined. */
    public readonly source: string | undefined,
  ) {}
}

/** Properties of EgressScope. */
export interface EgressScopeProps {
  /** The group whose machines call. */
  readonly group: MeshVmGroup;

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
