import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { claim } from '../core/claims';
import { emit } from '../core/emit';
import { Problems } from '../core/problems';
import { Environment } from '../machines/private/environment';
import type { Mesh } from '../mesh/mesh';
import { peerAuthentication } from './manifests/peer-authentication';
import type { MutualTlsMode } from './mutual-tls-mode';
import { checkMutualTls, checkMutualTlsTarget, resolveMutualTls, targetClaim } from './private/mutual-tls';
import type { WorkloadTarget } from './workload-target';

/** The mode of one port. */
export interface PortMutualTls {
  /** A port on which the application on the machines listens: not the port of a Service. */
  readonly port: number;

  /** What the port takes. */
  readonly mode: MutualTlsMode;
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
  readonly target: WorkloadTarget;

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
 * new MutualTls(chart, 'mtls', { mesh, target: WorkloadTarget.namespace('payments') });
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
    checkMutualTlsTarget(problems, this, Environment.of(this), props, policy);
    problems.throwIfAny(this.node.path);
    claim(this, targetClaim(policy));

    this.policyName = policy.name;
    this.namespace = policy.namespace;

    emit(this, 'Resource', peerAuthentication(policy));
  }
}
