import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { peerAuthentication } from './manifests/peer-authentication';
import type { Mesh } from './mesh';
import type { MeshVm } from './mesh-vm';
import type { MeshVmGroup } from './mesh-vm-group';
import { claim } from './private/claims';
import { emit } from './private/emit';
import { Environment } from './private/environment';
import { checkMutualTls, checkTarget, resolveMutualTls, targetClaim } from './private/mutual-tls';
import { Problems } from './private/problems';

/** What workloads take from callers. */
export enum MutualTlsMode {
  /** Mutual TLS alone. */
  STRICT = 'STRICT',
  /** Mutual TLS and plain text. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plain text alone: nobody knows who calls. */
  DISABLE = 'DISABLE',
  /** What the policy of the namespace says, else that of the mesh, else PERMISSIVE. */
  UNSET = 'UNSET',
}

/** The mode of one port. */
export interface PortMutualTls {
  /** A port on which the application on the machines listens: not the port of a Service. */
  readonly port: number;

  /** What the port takes. */
  readonly mode: MutualTlsMode;
}

/** Whose callers a MutualTls policy is about. */
export class MutualTlsTarget {
  /**
   * The machines of a group: those that register, and those that `addMachine` adds. Labels select: pods of the namespace with the
   * group's `app` and `version` fall under the policy too.
   *
   * @param group A group of the same program.
   */
  public static group(group: MeshVmGroup): MutualTlsTarget {
    return MutualTlsTarget.machines(group.labels, group.namespace, group.groupName, group.node.path, false);
  }

  /**
   * One machine with a fixed address.
   *
   * @param machine A machine of the same program that no other shares its `canonicalService` and `version` with.
   */
  public static machine(machine: MeshVm): MutualTlsTarget {
    return MutualTlsTarget.machines(machine.labels, machine.namespace, machine.machineName, machine.node.path, true);
  }

  /**
   * All workloads of a namespace, machines and pods, that have no policy of their own.
   *
   * @param name Name of the namespace; by default the chart's.
   */
  public static namespace(name?: string): MutualTlsTarget {
    return new MutualTlsTarget('default', name, undefined, undefined, false, false);
  }

  /** All workloads of the mesh that have no policy of their own and none of their namespace. */
  public static mesh(): MutualTlsTarget {
    return new MutualTlsTarget('default', undefined, undefined, undefined, false, true);
  }

  private static machines(
    { app, version }: Readonly<Record<string, string>>,
    namespace: string,
    name: string,
    source: string,
    alone: boolean,
  ): MutualTlsTarget {
    return new MutualTlsTarget(name, namespace, { app, version }, source, alone, false);
  }

  private constructor(
    /** Name of the policy unless it is given another. */
    public readonly defaultName: string,
    /** Namespace of the workloads, or undefined for the chart's. */
    public readonly namespaceName: string | undefined,
    /** Labels of the workloads, or undefined for all of them. */
    public readonly labels: Readonly<Record<string, string>> | undefined,
    /** Path of the construct that declares the workloads, or undefined. */
    public readonly source: string | undefined,
    /** Whether the labels must select nothing but that construct. */
    public readonly alone: boolean,
    /** Whether the policy is the mesh's. */
    public readonly meshWide: boolean,
  ) {}
}

/** Properties of MeshVmGroup.requireMutualTls. */
export interface GroupMutualTlsProps {
  /**
   * Name of the PeerAuthentication.
   * @default - the group's name
   */
  readonly name?: string;

  /**
   * Ports that take something else than mutual TLS alone.
   * @default []
   */
  readonly ports?: readonly PortMutualTls[];
}

/** Properties of MutualTls. */
export interface MutualTlsProps extends GroupMutualTlsProps {
  /** The mesh whose proxies enforce the policy. */
  readonly mesh: Mesh;

  /** Whose callers the policy is about. */
  readonly target: MutualTlsTarget;

  /**
   * Name of the PeerAuthentication.
   * @default - name of the group or machine; "default" for a namespace and the mesh, as is Istio's custom
   */
  readonly name?: string;

  /**
   * What workloads take from callers.
   * @default MutualTlsMode.STRICT
   */
  readonly mode?: MutualTlsMode;

  /**
   * Ports of a group or machine with a mode of their own.
   * @default []
   */
  readonly ports?: readonly PortMutualTls[];
}

/**
 * Whether workloads take plain text, or mutual TLS alone: a PeerAuthentication. A group or machine has one policy at most; it goes
 * before that of the namespace, which goes before that of the mesh.
 *
 * The sidecar keeps the promise, and only while it runs: a machine whose sidecar is stopped, or not yet started, has no capture and
 * takes plain text on every port that its application opens. On machines STRICT needs a firewall beside it. A machine added with
 * `sidecar: false` takes plain text whatever the policy of its group says.
 *
 * A group's policy selects the label `version`. Machines that still run with the labels of before a change of `version` fall under
 * the policy of the namespace: make that one STRICT too.
 *
 * @example
 * new MutualTls(chart, 'mtls', { mesh, target: MutualTlsTarget.namespace('payments') });
 */
export class MutualTls extends Construct {
  /** Name of the PeerAuthentication. */
  public readonly policyName: string;
  /** Namespace of the PeerAuthentication: for the whole mesh that of the control plane. */
  public readonly namespace: string;

  /** @throws ValidationError with every problem of the properties. */
  public constructor(scope: Construct, id: string, props: MutualTlsProps) {
    super(scope, id);
    const policy = resolveMutualTls(props, Chart.of(this).namespace ?? '');
    const problems = new Problems();
    checkMutualTls(problems, policy);
    checkTarget(problems, this, Environment.of(this), props, policy);
    problems.throwIfAny(this.node.path);
    claim(this, targetClaim(policy));

    this.policyName = policy.name;
    this.namespace = policy.namespace;

    emit(this, 'Resource', peerAuthentication(policy));
  }
}
